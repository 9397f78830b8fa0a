"""The lists that a statement is made of: one list in one file each, and how whole each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.statements.answers import Answer
from adapters.statements.chains import Finding, Page, missing
from adapters.statements.times import moment
from domain.listing import Listing
from domain.statement import PartMissing, Place, StatementInput
from domain.values import Name, NameKind

PAGE_SIZES = frozenset({"limit", "pageSize"})
"""Parameters that leave nothing out."""


@dataclass(slots=True)
class Part:
    """One list in one file.

    `answers` are those of the file that have its pages; `loose`: its rows stand by themselves.
    `query` is what was asked, None when that is not known; `asked` the orders that it named.
    `ends_told`: its pages say whether others follow. `skipped` are rows that another one replaces.
    """

    file: int
    listing: Listing
    query: Mapping[str, str] | None = None
    loose: bool = False
    answers: dict[int, Answer] = field(default_factory=dict[int, Answer])
    pages: list[Page] = field(default_factory=list[Page])
    asked: dict[Name, None] = field(default_factory=dict[Name, None])
    skipped: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    ends_told: bool = True
    at: datetime | None = None
    missing: list[Finding] = field(default_factory=list[Finding])

    @property
    def question(self) -> tuple[object, ...]:
        """What makes it one list with the parts of other files."""
        return self.listing.name, self.loose, bool(self.asked), asked_but_for(self)

    @property
    def complete(self) -> bool | None:
        """Whether it is all that the venue lists; None when only whoever asked can know."""
        if self.missing:
            return False
        if self.asked:
            return True
        if not self.ends_told or self.loose:
            return None
        whole, narrows = self.listing.whole, self.listing.narrows
        if whole is None and self.query is not None and narrows and not self.listing.asks_for:
            whole = True  # what could leave orders out is known
        return False if whole and narrows & frozenset(self.query or ()) else whole

    @property
    def ends(self) -> bool:
        """Some page of it says that nothing follows."""
        return self.ends_told and any(not page.goes_on for page in self.pages)

    def saw(self, answer: Answer) -> None:
        """An answer belongs to it: it was true when the newest of them was."""
        if answer.at is not None:
            self.at = answer.at if self.at is None else max(self.at, answer.at)

    def input(self, name: str, sha256: str) -> StatementInput:
        """What a run is told of it."""
        since = None if self.listing.since is None else (self.query or {}).get(self.listing.since)
        return StatementInput(
            name=name,
            sha256=sha256,
            lists=self.listing.lists,
            at=self.at,
            complete=self.complete,
            asked=tuple(self.asked) or None,
            since=moment(since),
        )


def asked_but_for(part: Part) -> tuple[tuple[str, str], ...] | None:
    """The question without what only says which page: pages of one question are one list."""
    if part.query is None or part.asked:
        return None
    cursor = part.listing.cursor
    paging = PAGE_SIZES | frozenset(cursor.asks if cursor is not None else ())
    return tuple(sorted(item for item in part.query.items() if item[0] not in paging))


def names_asked(listing: Listing, answer: Answer, order: str | None) -> list[Name]:
    """The orders that a request named."""
    named = [] if order is None else [Name(NameKind.VENUE, order)]
    for parameter, kind in listing.asks_for:
        told = (answer.query or {}).get(parameter, "").split(",")
        texts = (text.strip().lower() if kind is NameKind.CLIENT else text.strip() for text in told)
        named.extend(Name(kind, text) for text in texts if text)
    return named


def chained(parts: Iterable[Part]) -> None:
    """Hold the pages of each list together, over all files."""
    lists: dict[object, list[Part]] = {}
    for part in parts:
        if not part.loose and not part.asked:
            lists.setdefault(part.question, []).append(part)
    for group in lists.values():
        if group[0].listing.cursor is None:
            continue
        found = missing([page for part in group for page in part.pages])
        for part in group:
            part.missing.extend(found)


def told_missing(parts: Sequence[Part], place: int, index: int) -> Iterable[PartMissing]:
    """What is missing by the pages of this part, each reason once, as input `index` tells it."""
    own = parts[place]
    lines = own.answers.keys()
    for spot, reason in own.missing:
        if spot.input == own.file and spot.line in lines:
            yield PartMissing(place=Place(index, spot.line), reason=reason)
