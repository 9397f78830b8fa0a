"""The first reading of the files: which lists they hold, when those were true, what is missing.

Rows are looked at and let go; what stays is a small record for each page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from adapters.statements.answers import GET, Answer, Trouble, Way, answers
from adapters.statements.bodies import Body, NoList, bodies, loose
from adapters.statements.errors import NotAStatement
from adapters.statements.files import File
from adapters.statements.objects import fields_of
from adapters.statements.pages import page_of, rows_read, tells_its_end
from adapters.statements.parts import Part, chained, names_asked
from adapters.statements.ports import Tools
from adapters.statements.repeats import Repeats
from domain.listing import Listing
from domain.statement import Place
from domain.values import Account

SUCCESS = range(200, 300)
WORDS_TOLD = 3


class Plan:
    """What the files of a statement turn out to hold."""

    def __init__(self, tools: Tools, owner: Account) -> None:
        self.parts: list[Part] = []
        self._tools = tools
        self._owner = owner
        self._paths = [(re.compile(one.path, re.IGNORECASE), one) for one in tools.listings]
        self._found: dict[object, Part] = {}
        self._values: dict[tuple[int, int, tuple[str, ...]], list[Any]] = {}
        self._repeats: dict[object, Repeats] = {}

    def read(self, index: int, file: File, way: Way) -> None:
        """Look through a file; `NotAStatement` when no list is in it."""
        self._found = {}
        words: list[str] = []
        for one in answers(file, way, self._tools, self._owner):
            told = one.reason if isinstance(one, Trouble) else self._sort(index, file, way, one)
            if isinstance(told, str):
                words.append(f"{'' if way is Way.DOCUMENT else f'line {one.line}: '}{told}")
            elif told is not None and told.at is None and way is Way.LINES:
                break  # rows by themselves to the end, and nothing else that they could tell
        if not self._found:
            raise NotAStatement(self._none_in(file, words))
        self.parts.extend(self._found.values())

    def finish(self) -> None:
        """All files have been looked through: which rows count, and what is missing."""
        among = [self._among(part) for part in self.parts]
        for part, listing in zip(self.parts, among, strict=True):
            part.listing = listing
        for part in self.parts:
            repeats = self._repeats.setdefault(
                part.question, Repeats(part.listing, by_id=bool(part.asked))
            )
            for page in part.pages:
                line = page.place.line
                values = self._values.pop((part.file, line, part.listing.rows), [])
                again = repeats.page(part.file, line, values)
                if again and part.listing.again == "overlap" and not part.asked:
                    reason = f"{page.where} repeats {again} rows of other pages: pages overlap"
                    part.missing.append((page.place, reason))
        for part in self.parts:
            skipped = self._repeats[part.question].skipped
            part.skipped = {(line, row) for file, line, row in skipped if file == part.file}
        chained(self.parts)

    def _among(self, part: Part) -> Listing:
        """The part's list; a page that alone could be of either is of the one the others are of.

        A list ends once: where two pages say that nothing follows, they end two lists.
        """
        if part.query is not None or part.listing.states is None:
            return part.listing
        alike = [
            one
            for one in self.parts
            if one.query is None and not one.loose and one.listing.rows == part.listing.rows
        ]
        sure = [one for one in alike if one.listing.states is None]
        ends = [one for one in alike if one.ends]
        if part.ends and len(ends) == 2 and any(one in sure for one in ends):  # noqa: PLR2004 - this list's end and the other's
            return part.listing
        return sure[0].listing if sure else part.listing

    def _sort(self, index: int, file: File, way: Way, answer: Answer) -> Part | str | None:
        """Take an answer in; the part when its rows stand by themselves, or why it is no list."""
        asked, order = self._asked(answer)
        if answer.path is not None and not asked:
            return None  # an answer about something else
        raw = answer.raw
        if answer.status not in SUCCESS:
            if not any(answer.status in one.empty_on for one in asked):
                return f"the venue refused (HTTP {answer.status})"
            raw = b"[]"
        if answer.frame:
            return self._loose(index, answer)
        try:
            found = bodies(raw, asked or self._tools.listings, self._tools.parse, asked=bool(asked))
        except NoList as reason:
            return self._loose(index, answer) or str(reason)
        except ValueError as error:
            return f"no JSON: {error}"
        where = file.name if way is Way.DOCUMENT else f"{file.name}, line {answer.line}"
        for body in found:
            self._page(index, answer, body, order, where)
        return None

    def _asked(self, answer: Answer) -> tuple[Sequence[Listing], str | None]:
        """The lists that a request asks for, and the order that its path names."""
        path = answer.path
        if path is None:
            return (), None
        taken = [item for item in self._paths if answer.method == GET or item[1].posts]
        matched = [(one, pattern.fullmatch(path)) for pattern, one in taken]
        fitting = [(one, match) for one, match in matched if match is not None]
        plain = [one for one, match in fitting if "order" not in match.groupdict()]
        if plain or not fitting:
            return plain, None
        one, match = fitting[0]
        return [one], match["order"]

    def _loose(self, index: int, answer: Answer) -> Part | None:
        """A row that stands by itself, as a line or as a message."""
        try:
            value = self._tools.parse(answer.raw)
        except ValueError:
            return None
        listing = loose(fields_of(value), self._tools.listings)
        if listing is None:
            return None
        part = self._found.setdefault(
            (listing.name, "loose"), Part(index, listing, loose=True, ends_told=False)
        )
        part.saw(answer)
        return part

    def _page(self, index: int, answer: Answer, body: Body, order: str | None, where: str) -> None:
        listing, cursor = body.listing, body.listing.cursor
        fresh = Part(index, listing, answer.query)
        fresh.asked.update(dict.fromkeys(names_asked(listing, answer, order)))
        after = None if cursor is None else _after(cursor.asks, answer)
        part = self._leading_to(listing, after) or self._found.get(fresh.question)
        if part is None or (answer.query is not None and after is None and not fresh.asked):
            self._found[fresh.question] = part = fresh  # asked anew, the newer answer counts
        part.asked.update(fresh.asked)
        part.answers[answer.line] = answer
        part.ends_told = part.ends_told and tells_its_end(body)
        part.saw(answer)
        values = rows_read(body.rows, self._tools.parse)
        place = Place(index, answer.line)
        part.pages.append(page_of(body, values, answer, place, where))
        keys = {name for names in listing.key for name in names} | {"status"}
        self._values[index, answer.line, listing.rows] = [_only(value, keys) for value in values]

    def _leading_to(self, listing: Listing, after: str | None) -> Part | None:
        """The part whose newest page leads to the one that was asked for."""
        parts = (part for part in self._found.values() if part.listing is listing and part.pages)
        found = (part for part in parts if part.pages[-1].given == after)
        return None if after is None else next(found, None)

    def _none_in(self, file: File, words: Sequence[str]) -> str:
        known = ", ".join(f"{one.name} ({one.ask})" for one in self._tools.listings if one.whole)
        told = "; ".join(words[:WORDS_TOLD]) or "nothing in it"
        venue, account = self._owner.venue, self._owner.account
        lists = f"\nLists of {venue}: {known}." if known else ""
        return (
            f"{file.name}: no list of orders of {venue}: {told}.{lists}\n"
            f"If it is a recording of account {account}'s traffic without a list, try "
            f"`breakwater ingest {file.name}`; if it is a list of your own making, try a CSV with "
            "`--mapping` (docs/howto/write-a-statement-mapping.md)"
        )


def _after(asks: Sequence[str], answer: Answer) -> str | None:
    query = answer.query or {}
    return next((query[name] for name in asks if name in query), None)


def _only(value: object, keys: set[str]) -> object:
    """As much of a row as names it and says whether it is over."""
    fields = fields_of(value)
    return {name: fields[name] for name in keys & fields.keys()}
