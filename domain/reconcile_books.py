"""Our side of a reconciliation: an order as the read model shows it, and who is asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.flags.history import History
from domain.runs import Aspect, Difference
from domain.standing import standing
from domain.statement import Lists, StatementRow, Unread
from domain.values import Account, plain


class Shown(NamedTuple):
    """An order's row. `later`: something was seen of it after the statement's time.

    Then the row does not say how the order was, and its facts are asked.
    """

    key: str
    venue_order_id: str | None
    size: Decimal
    matched: Decimal
    remaining: Decimal
    remaining_min: Decimal
    cancelled: Decimal
    lapsed: Decimal
    voided: Decimal
    price: Decimal | None
    price_format: str | None
    status: str
    currency: str | None
    later: bool


class Books(Protocol):
    """The read model of orders, asked for many at a time."""

    def by_venue_ids(
        self, owner: Account, ids: Sequence[str], moment: datetime
    ) -> Mapping[str, Shown]:
        """The account's orders that go by these ids of the venue's."""
        ...

    def plainly(self, owner: Account, moment: datetime, lines: Unread) -> Sequence[str | None]:
        """The key of the order that each line agrees with to the letter; None where none is found.

        None does not say that there is no such order: whoever asks looks closer.
        """
        ...

    def by_keys(self, keys: Sequence[str], moment: datetime) -> Mapping[str, Shown]:
        """The orders with these keys; one that was merged into another is absent."""
        ...

    def keys(self, owner: Account, moment: datetime, *, open_only: bool) -> Iterator[str]:
        """The keys of the account's orders; with `open_only` of those that may have been open.

        One that was seen after `moment` may have been open then, whatever it is now.
        """
        ...

    def knows(self, owner: Account) -> bool:
        """There is any order of this account."""
        ...

    def doubtful(self, owner: Account) -> frozenset[str]:
        """Orders of which more matched than their size: their rows do not show all of it."""
        ...


def plainly_agrees(shown: Shown, row: StatementRow) -> bool:
    """Every figure that the row tells is ours to the digit, and it tells nothing else.

    Most rows do. What this does not settle is held against the order's facts.
    """
    if row.fills is not None or row.average is not None or row.profit is not None or shown.later:
        return False
    if row.unknown is not None:
        return False
    currency = row.terms.currency
    if currency is not None and shown.currency not in {None, currency}:
        return False
    if row.at is not None:
        return False  # told before the rest: what the order's row shows may have come since
    claims, terms = row.claims, row.terms
    size = terms.size if claims.size is None else claims.size
    price = terms.price if claims.price is None else claims.price
    return (
        (claims.status is None or claims.status == shown.status)
        and (claims.matched is None or claims.matched == shown.matched)
        and (claims.remaining is None or claims.remaining == shown.remaining)
        and (size is None or size == shown.size)
        and (price is None or (price.value == shown.price and price.format == shown.price_format))
        and (claims.cancelled is None or claims.cancelled == shown.cancelled)
        and (claims.lapsed is None or claims.lapsed == shown.lapsed)
        and (claims.voided is None or claims.voided == shown.voided)
    )


class Held(NamedTuple):
    """What an order that the statement does not have stands for."""

    remaining: Decimal
    remaining_min: Decimal
    matched: Decimal


def held_then(history: History) -> Held:
    """What the order stood for when its facts ended."""
    stands = standing(history.order)
    held = stands.buckets
    return Held(stands.remaining_max, stands.remaining_min, held.matched)


def held_now(shown: Shown) -> Held:
    """What the order's row shows."""
    return Held(shown.remaining, shown.remaining_min, shown.matched)


def everything(whole: frozenset[Lists]) -> bool:
    """Lists that are whole and together have every order."""
    return Lists.ORDERS in whole or {Lists.OPEN, Lists.CLOSED} <= whole


def absent(
    order: UUID, held: Held, whole: frozenset[Lists], *, position: tuple[int, ...] = ()
) -> Difference | None:
    """What it means that no list has the order; None where these lists need not have it.

    An order that is over and never matched is at stake for nobody. A list of open orders proves
    nothing about one that may be gone.
    """
    if everything(whole) and held.remaining:
        return _missing(Aspect.ONLY_OURS, order, "remains", held.remaining, position)
    if Lists.OPEN in whole and held.remaining_min:
        return _missing(Aspect.NOT_OPEN, order, "remains", held.remaining_min, position)
    over = Lists.CLOSED in whole and not held.remaining
    if held.matched and (everything(whole) or over or Lists.FILLS in whole):
        return _missing(Aspect.ONLY_OURS, order, "matched", held.matched, position)
    return None


def _missing(
    aspect: Aspect, order: UUID, figure: str, size: Decimal, position: tuple[int, ...]
) -> Difference:
    return Difference(
        aspect=aspect,
        order=order,
        figure=figure,
        ours=plain(size),
        difference=plain(-size),
        witness=position,
    )
