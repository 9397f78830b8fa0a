"""A statement: a venue's own list of an account's orders, as rows in the desk's words.

Rows are read once, in one pass, so that a statement of any length fits in memory. What a row does
not tell is None and is not compared; `()` for the matches says that there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.events import Claims, Terms, UnknownValueSeen
from domain.making import quickly_made
from domain.values import Account, Choice, Name, Price


class Lists(Choice):
    """Which orders a list has, when it is complete."""

    ORDERS = "orders"
    """Every order, open or over."""
    OPEN = "open"
    """The orders that are on the book; it proves nothing about the others."""
    CLOSED = "closed"
    """The orders that are over."""
    FILLS = "fills"
    """Matches, a row each; an order that never matched is not in it."""
    SETTLED = "settled"
    """What was graded; an order whose event is still to come is not in it."""


NO_TERMS = Terms()
NO_CLAIMS = Claims()
"""What a row has that tells none; shared by all such rows."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: which input (its index), and the line or the element of the list."""

    input: int
    line: int


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFill:
    """A match as the statement tells it. `gone`: the venue lists it as void or fallen through.

    With `currency` the size is in that currency, and can be held only against an order in it.
    """

    fill_id: str
    size: Decimal | None = None
    price: Price | None = None
    at: datetime | None = None
    provisional: bool = False
    gone: bool = False
    fee: Decimal | None = None
    currency: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """What the statement tells of one order; several rows may speak of one order.

    `names` are all names that the row has, strongest first. `claims` is the venue's word on the
    order's state; a row of a list of matches has none, and its `fills` add to those of the
    order's other rows. With `claims.records` the fills are all that the order has. `average` is
    the venue's average price of what matched, `profit` what it was settled with. `updated_at` is
    when the venue says that the row last changed. `at` is when it was told, for a row that was told
    before the newest of its statement. `unknown` is a word in it that no document explains.
    """

    names: tuple[Name, ...]
    place: Place
    terms: Terms = NO_TERMS
    claims: Claims = NO_CLAIMS
    fills: tuple[StatementFill, ...] | None = None
    average: Price | None = None
    profit: Decimal | None = None
    updated_at: datetime | None = None
    at: datetime | None = None
    unknown: UnknownValueSeen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAside:
    """A row that cannot be read: kept with its reason. The statement is not complete then."""

    place: Place
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMissing:
    """The statement shows that a part of it is missing: a page, rows that its count counts."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Lines of one input that are not rows yet: a list of a million agrees with the books in most.

    For each line its id, as the venue writes it, and in `told` what it says of the `figures`: their
    texts in that order, each after a `|`, with one more at the end. An order with that id whose
    figures have the very texts agrees with the line; `told` begins otherwise where the line must
    be read in any case. `read` makes what a line is: a row, a line set aside, or None for a line
    that says nothing.
    """

    input: int
    figures: tuple[str, ...]
    ids: Sequence[str]
    told: Sequence[str]
    read: Callable[[int], StatementRow | RowAside | None]


Told = StatementRow | RowAside | PartMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementInput:
    """One file of a statement: what it is called, what it is, and the SHA-256 of its bytes (hex).

    `at` is the time that the file itself tells, None when it tells none. `complete` is None when
    only whoever fetched it knows whether it is all that the venue lists. `asked`: the list was
    asked for these orders alone, and is complete for them. `since`: it has only orders that
    changed since.
    """

    name: str
    sha256: str
    lists: Lists
    at: datetime | None = None
    complete: bool | None = None
    asked: tuple[Name, ...] | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A venue's own list of an account's orders at one moment, in one or more files.

    `read` gives what the inputs tell, in their order; it may be called again and then gives the
    same. `own_time` is when the statement was true: the newest time that its inputs tell.
    """

    owner: Account
    inputs: Sequence[StatementInput]
    read: Callable[[], Iterable[Told | Unread]]

    @property
    def own_time(self) -> datetime | None:
        """When the statement was true, as far as its inputs tell; None when none tells."""
        return max((item.at for item in self.inputs if item.at is not None), default=None)
