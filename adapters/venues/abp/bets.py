"""What a bet says of its order: a match, a match taken back, or nothing yet.

A bet is a match of its order when the bookmaker holds it (PLACED: provisionally, CONFIRMED). Its
stake counts only in the order's own currency; see docs/venues/abp.md for the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from adapters.venues.abp.states import BetState, bet_state, settlement
from adapters.venues.abp.wire import Bet
from domain.events import Filled, FillVoided, Result, Settled, Settlement, UnknownValueSeen
from domain.making import quickly_made
from domain.messages import Said
from domain.values import ZERO, Price, PriceFormat

_HELD = frozenset({BetState.PLACED, BetState.CONFIRMED})


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The bets of one order, read.

    `timed` are matches with the venue's time of each, `said` the facts without one. `held` and
    `voided` sum the stakes that count. `whole`: every match is in the order's currency and can
    be read, so that together they are all of them. `confirmed`: a bookmaker confirmed a bet.
    """

    timed: tuple[tuple[datetime, Filled], ...] = ()
    said: tuple[Said, ...] = ()
    held: Decimal = ZERO
    voided: Decimal = ZERO
    whole: bool = False
    confirmed: bool = False


_UNTOLD = Matches()
_NONE = Matches(whole=True)


def money(currency: str | None) -> str | None:
    """A currency's code as it is compared: upper case; None when it was not told."""
    return currency.strip().upper() or None if currency is not None else None


def filled(bet: Bet) -> Filled | None:
    """The bet as a match of its stake; None while it is none, or does not tell its stake."""
    state = bet_state(bet.bet_status or "")
    if state not in _HELD and not (state is BetState.VOID and bet.placed_at is not None):
        return None
    if not bet.placed_stake:
        return None
    return Filled(
        fill_id=bet.bet_id,
        size=bet.placed_stake,
        price=Price(bet.placed_price, PriceFormat.DECIMAL) if bet.placed_price else None,
        provisional=state is BetState.PLACED,
    )


def taken_back(bet: Bet) -> FillVoided | None:
    """The bet as a match that no longer is one.

    VOID follows a confirmed bet: the stake is out of the order for good. A bet that was rejected,
    cancelled or failed is no match, and one that never was says nothing; only a bet that had
    been placed (`placedAt`) takes a match back, and its stake can be placed again.
    """
    state = bet_state(bet.bet_status or "")
    if state is BetState.VOID:
        return FillVoided(fill_id=bet.bet_id, returns=False, reason=bet.decline_reason)
    if state is BetState.FELL_THROUGH and bet.placed_at is not None:
        return FillVoided(fill_id=bet.bet_id, returns=True, reason=bet.decline_reason)
    return None


def settled(bet: Bet) -> Settled | None:
    """The money that came of the bet; None while it is not settled.

    `settlementAmount` is what came back, the stake included, in the currency of the bet.
    """
    word = bet.settlement_status or ""
    known, result = settlement(word)
    if not word or (known and result is None):
        return None
    return Settled(
        fill_id=bet.bet_id,
        settlement=Settlement(
            result=result,
            raw_result=bet.settlement_status,
            payout=bet.settlement_amount,
            currency=money(bet.placed_currency),
            reason=bet.settlement_reason,
            settled_at=bet.settled_at,
        ),
    )


def money_told(bet: Bet) -> tuple[Said, ...]:
    """The settlement of a bet, and its word for it where that is in no document."""
    found = settled(bet)
    if found is None:
        return ()
    if found.settlement.result is not None:
        return (found,)
    word = bet.settlement_status or ""
    return (found, UnknownValueSeen(field="settlementStatus", value=word))


def unknown_word(bet: Bet) -> UnknownValueSeen | None:
    """The bet's status, when it is a word in no document."""
    if bet.bet_status is None or bet_state(bet.bet_status) is not None:
        return None
    return UnknownValueSeen(field="betStatus", value=bet.bet_status)


def matches(bets: Sequence[Bet] | None, *, order_id: str | None, currency: str | None) -> Matches:
    """Read the bets in an order's row. `currency` is the order's."""
    if not bets:
        return _UNTOLD if bets is None else _NONE
    timed: list[tuple[datetime, Filled]] = []
    said: list[Said] = []
    held = voided = ZERO
    whole = True
    confirmed = False
    for bet in {bet.bet_id: bet for bet in bets}.values():
        if order_id is not None and bet.order_id not in {None, order_id}:
            whole = False  # a bet of another order: its own row tells of it
            continue
        state = bet_state(bet.bet_status or "")
        confirmed = confirmed or state is BetState.CONFIRMED
        match = filled(bet) if _counts(bet, currency) else None
        if match is not None:
            if bet.placed_at is None:
                said.append(match)
            else:
                timed.append((bet.placed_at, match))
            void = state is BetState.VOID or _settled_void(bet)
            held += ZERO if void else match.size
            voided += match.size if void else ZERO
        elif state is None or state in _HELD or state is BetState.VOID:
            whole = False
        said.extend(fact for fact in (taken_back(bet), unknown_word(bet)) if fact is not None)
        said.extend(money_told(bet))
    return Matches(
        timed=tuple(timed),
        said=tuple(said),
        held=held,
        voided=voided,
        whole=whole,
        confirmed=confirmed,
    )


def _settled_void(bet: Bet) -> bool:
    found = settled(bet)
    return found is not None and found.settlement.result is Result.VOID


def _counts(bet: Bet, currency: str | None) -> bool:
    """The stake is in the order's currency: told so, or the venue names no other."""
    placed = money(bet.placed_currency)
    return placed is None or placed == currency
