"""A reconciliation run: what a venue's statement was held against, and what of it differs.

All runs of an account make one stream. A run changes no order: what differs stands beside the
books until a statement shows that it no longer does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.making import quickly_made
from domain.values import Choice, Name


class Aspect(Choice):
    """What of an order, or of the statement itself, a difference is about."""

    SIZE = "size"
    PRICE = "price"
    MATCHED = "matched"
    REMAINING = "remaining"
    BUCKETS = "buckets"
    """What came off the book, by how it did: cancelled, lapsed or voided."""
    STATUS = "status"
    AVERAGE = "average"
    FILL = "fill"
    """A match of the statement that we lack."""
    PROFIT = "profit"
    """What was won or lost, of the order or of one match."""
    ONLY_OURS = "only_ours"
    """The statement should list the order and does not."""
    NOT_OPEN = "not_open"
    """The order is on our book and not in a list of open orders: it may be anything by now."""
    ONLY_THEIRS = "only_theirs"
    """None of the row's names is known here."""
    OLD = "old"
    """The row contradicts us and is older than the newest that we know of the order."""
    SOURCES = "sources"
    """Two rows of one statement contradict each other."""
    PARTS = "parts"
    """The statement is not all that it should be."""
    CURRENCY = "currency"
    """The row is in another currency: its amounts are not compared."""
    WORD = "word"
    """The row has a word that no document explains: what it says is not compared."""
    EARLIER = "earlier"
    """The statement has the order at a time before anything that the log tells of it."""


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs between the books and the statement, at the statement's time.

    `aspect`, `order` or `name`, and `ref` tell it apart from every other of the account, in every
    run. `order` is None for what nobody here knows. `ref` is a match's id, for a difference about
    the statement what the list lists. `figure` names the figure within the aspect. `witness` are
    the positions of our events that it was held against, `file` and `line` where the statement
    tells it. `ours_by_ref`: the row's client reference begins as ours do.
    """

    aspect: Aspect
    order: UUID | None = None
    name: Name | None = None
    ref: str | None = None
    figure: str | None = None
    ours: str | None = None
    theirs: str | None = None
    difference: str | None = None
    file: str | None = None
    line: int | None = None
    ours_by_ref: bool = False
    witness: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """What makes it the same difference in another run."""
        return self.aspect, self.order, None if self.order else self.name, self.ref


Key = tuple[Aspect, UUID | None, Name | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRead:
    """A file of the statement: its name and SHA-256 (hex), what it lists, and what was read."""

    name: str
    sha256: str
    lists: str
    complete: bool
    rows: int
    aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a run counted. Every order that was compared either agrees or differs.

    `rows` are the rows that were read. `only_ours` and `only_theirs` are orders that one side
    alone has. `by_aspect` counts the differences.
    """

    rows: int = 0
    matched: int = 0
    differing: int = 0
    only_ours: int = 0
    only_theirs: int = 0
    by_aspect: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRan:
    """A statement was held against the books as they were at `as_of`; it may have been clean.

    `books` is the log position that the books were read at. `outcome` is a hash of everything
    that the run found: the same statement with the same outcome adds nothing.
    """

    run_id: UUID
    venue: str
    account: str
    as_of: datetime
    complete: bool
    inputs: tuple[InputRead, ...]
    figures: Figures
    outcome: str
    books: int
    parts: tuple[str, ...] = ()
    """What of the statement is missing or could not be read, in words."""


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceFound:
    """A run found a difference, or one that stands with other figures than before."""

    run_id: UUID
    difference: Difference


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceReturned:
    """A run found a difference that an earlier run had shown to be gone."""

    run_id: UUID
    difference: Difference


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceGone:
    """A run showed that a difference no longer stands; the run is the evidence."""

    run_id: UUID
    difference: Difference
    why: str


RunEvent = ReconciliationRan | DifferenceFound | DifferenceReturned | DifferenceGone
"""What the stream of an account's runs is made of."""
