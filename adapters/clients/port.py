"""What every venue's client offers: what it can cancel by, and the calls that do it.

A codec is pure: it turns what is asked into calls and sends nothing. No codec may widen what is
asked: a scope that the venue cannot say is refused here and spelled out, order by order, above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from adapters.clients.hearing import Conversation, FeedPlace
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from adapters.transport.socket import SocketCall
from domain.requests import ScopeKind
from domain.values import Side

__all__ = ["Ask", "Call", "CannotSay", "Capabilities", "Codec", "SocketCall", "Wanted", "parts"]

T = TypeVar("T")


class CannotSay(ValueError):
    """The venue has no words for this scope, or the scope names nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One declared scope. `market` narrows; values are the venue's ids, references, or markets."""

    kind: ScopeKind
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """An empty list never means everything."""
        if self.kind is ScopeKind.ALL:
            if self.values:
                raise CannotSay("everything takes no values")
        elif not self.values or not all(value.strip() for value in self.values):
            raise CannotSay(f"a cancel by {self.kind.value} needs at least one value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An order to be placed. `price` is in the venue's own format, `selection` as in our books.

    `reference` is our name of it, where the venue takes one. `more` is what this venue alone asks
    for, in its own words (a signature, an order type): it stands beside the rest as it is.
    """

    market: str
    selection: str
    side: Side
    price: Decimal
    size: Decimal
    reference: str | None = None
    user_ref: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict[str, Any])


Call = HttpCall | SocketCall


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a venue can be asked.

    `scopes` are the kinds of cancels it has words for, `batch_max` how many orders one call names,
    `rates` how often each kind of call may leave, `looks_up` the kinds of names it finds orders by.
    A cancel that names no orders has to keep `wide_rates`, too. One call places `places_max`
    orders; 0: the venue cannot be asked to. `lists_open`: it has a list of all that is open.
    """

    scopes: frozenset[ScopeKind]
    batch_max: int
    cancel_rates: tuple[Rate, ...]
    read_rates: tuple[Rate, ...]
    looks_up: frozenset[ScopeKind]
    wide_rates: tuple[Rate, ...] = ()
    places_max: int = 0
    lists_open: bool = False


class Codec(Protocol):
    """One venue's words, pure."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can be asked."""
        ...

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The headers that open the account; never recorded."""
        ...

    def cancels(self, ask: Ask) -> Sequence[Call]:
        """The calls that cancel what is asked, no more; raise `CannotSay` if there are none."""
        ...

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """The calls that tell how the asked orders stand."""
        ...

    def open_orders(self) -> Sequence[HttpCall]:
        """The calls that list what is open; none when the venue has no such list."""
        ...

    def recent(self, since: datetime) -> Sequence[HttpCall]:
        """The calls that list what changed since, as far as the venue has a list of that."""
        ...

    def next_page(self, call: HttpCall, answer: bytes) -> HttpCall | None:
        """The call for the page after this one; None when it was the last."""
        ...

    def replay(self, after: str) -> HttpCall | None:
        """The call for what the feed told after this message; None where nothing is replayed."""
        ...

    def places(self, wanted: Sequence[Wanted]) -> Sequence[Call]:
        """The calls that place these orders, each once; raise `CannotSay` for one it cannot."""
        ...

    @property
    def feed(self) -> FeedPlace:
        """Where the venue tells what becomes of our orders."""
        ...

    def conversation(self, key: str) -> Conversation:
        """How one connection to it goes."""
        ...


def parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in their order, without repeats, at most `size` at a time."""
    once = list(dict.fromkeys(values))
    return (once[start : start + size] for start in range(0, len(once), size))
