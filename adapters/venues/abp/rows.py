"""What an order's row says: its terms, its matches, its running total and its state.

The same reading serves lists, the feed, cancel answers and placing answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from adapters.venues.abp.bets import Matches, matches, money
from adapters.venues.abp.states import order_status
from adapters.venues.abp.wire import Identity, OrderRow
from domain.events import (
    Cancelled,
    Claims,
    Expired,
    Initiator,
    OrderEvent,
    OrderRejected,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import TERMINAL, Status
from domain.making import quickly_made
from domain.messages import MatchedTotal, OrderMessage, Said
from domain.values import ZERO, Name, NameKind, Price, PriceFormat, Side
from domain.wire import Unreadable

_OFF_THE_BOOK = TERMINAL - {Status.FILLED}


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An order's row, read.

    `facts` come before the state: matches without a time of their own, matches taken back, the
    running total, unknown words. `took_off` is the unmatched rest.
    """

    names: tuple[Name, ...]
    terms: Terms
    matches: Matches
    facts: tuple[Said, ...]
    claims: Claims
    took_off: Decimal | None
    raw_reason: str | None

    @property
    def over(self) -> bool:
        """The venue says that nothing of the order can match any more."""
        return self.claims.status in TERMINAL


def row_of(order: OrderRow) -> Row:
    """Read a row; the sums are the venue's, held apart from what its bets add up to."""
    currency = money(order.order_currency)
    bets = matches(order.bets, order_id=order.order_id, currency=currency)
    matched = _matched(order.filled_stake, bets)
    status = None
    unknown: tuple[Said, ...] = ()
    if order.order_status is not None:
        status = order_status(order.order_status, matched=bool(matched))
        if status is None:
            unknown = (UnknownValueSeen(field="orderStatus", value=order.order_status),)
    total = () if matched is None else (MatchedTotal(total=matched),)
    terms = terms_of(order)
    return Row(
        names=names_of(order),
        terms=terms,
        matches=bets,
        facts=(*bets.said, *total, *unknown),
        claims=Claims(
            status=status,
            raw_status=order.order_status,
            size=order.order_stake,
            matched=matched,
            # of an order off the book, `remainingStake` is what was never placed
            remaining=None if status in _OFF_THE_BOOK else order.remaining_stake,
            price=terms.price,
            records=bets.whole,
        ),
        took_off=_rest(order.order_stake, matched, bets.voided),
        raw_reason=order.status_reason or order.decline_reason,
    )


def state_of(row: Row) -> OrderEvent:
    """The fact that the row's status is: over in one of three ways, or a state told."""
    match row.claims.status:
        case Status.CANCELLED:
            return Cancelled(
                initiator=Initiator.VENUE,
                size=row.took_off,
                matched=row.claims.matched,
                raw_reason=row.raw_reason,
                claims=row.claims,
            )
        case Status.EXPIRED:
            return Expired(raw_reason=row.raw_reason, claims=row.claims)
        case Status.REJECTED:
            return OrderRejected(raw_reason=row.raw_reason, claims=row.claims)
        case _:
            return OrderReported(terms=row.terms, claims=row.claims)


def told(
    row: Row,
    source: Source,
    *,
    state: OrderEvent | None = None,
    at: datetime | None = None,
) -> list[OrderMessage]:
    """The messages that a row is: each timed match at its own time, then the rest and `state`."""
    said = row.facts if state is None else (*row.facts, state)
    return [
        *matches_told(row, source),
        OrderMessage(names=row.names, terms=row.terms, source=source, said=said, occurred_at=at),
    ]


def matches_told(row: Row, source: Source) -> list[OrderMessage]:
    """The row's matches that the venue gives a time of their own."""
    return [
        OrderMessage(
            names=row.names, terms=row.terms, source=source, said=(match,), occurred_at=placed_at
        )
        for placed_at, match in row.matches.timed
    ]


def names_of(order: Identity) -> tuple[Name, ...]:
    """The venue's order id and our request UUID; `Unreadable` when the row has neither."""
    named: list[Name] = []
    if order.order_id is not None:
        named.append(Name(NameKind.VENUE, order.order_id))
    if order.request_uuid is not None:
        named.append(Name(NameKind.CLIENT, order.request_uuid))
    if not named:
        raise Unreadable("orderId: an order without a name")
    return tuple(named)


def terms_of(order: OrderRow) -> Terms:
    """The terms that a row tells. `userRef` groups orders; it names none."""
    side = None
    if order.back is not None:
        side = Side.BUY if order.back else Side.SELL
    return Terms(
        size=order.order_stake,
        price=_price(order.order_price),
        side=side,
        market=order.fixture_id or order.future_id,
        selection=_selection(order),
        currency=money(order.order_currency),
        user_ref=order.user_ref,
        placed_at=order.created_at,
        expires_at=order.expires_at,
    )


def _price(odds: Decimal | None) -> Price | None:
    return Price(odds, PriceFormat.DECIMAL) if odds else None


def _selection(order: OrderRow) -> str | None:
    """`outcomeId`, with player and (for futures) participant where there is one; 0 is none."""
    if order.outcome_id is None:
        return order.participant_id
    parts = [order.outcome_id]
    player = order.player_id or "0"
    participant = order.participant_id or "0"
    if player != "0" or participant != "0":
        parts.append(player)
    if participant != "0":
        parts.append(participant)
    return ":".join(parts)


def _matched(total: Decimal | None, bets: Matches) -> Decimal | None:
    """The venue's running total without what was voided.

    No document says whether `filledStake` goes on counting a voided bet. Where the bets at hand
    do not fill the total, and a voided one is among them, it does.
    """
    if total is None or not bets.voided or total <= bets.held:
        return total
    return max(total - bets.voided, bets.held)


def _rest(size: Decimal | None, matched: Decimal | None, voided: Decimal) -> Decimal | None:
    """What was neither matched nor voided; None when untold or when it does not add up."""
    if size is None or matched is None:
        return None
    rest = size - matched - voided
    return rest if rest >= ZERO else None
