"""ABP's status words, of orders and of bets, in all documented generations."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from domain.events import Result
from domain.lifecycle import Status

ORDER_STATUS: Mapping[str, Status] = {
    "PENDING": Status.NEW,
    "PROCESSING": Status.NEW,  # bets are in flight; the order can still match
    "PARTIALLY_FILLED": Status.PARTIALLY_FILLED,  # sounds final, yet can be cancelled: live
    "PARTIAL_PLACED": Status.PARTIALLY_FILLED,  # generation 1
    "FILLED": Status.FILLED,
    "CANCELLED": Status.CANCELLED,
    "EXPIRED": Status.EXPIRED,
    "REJECTED": Status.REJECTED,
    "FAILED": Status.REJECTED,  # an internal fault while placing: nothing more will be placed
}


class BetState(Enum):
    """What a bet's status says of the match that it is."""

    WAITING = auto()
    PLACED = auto()
    CONFIRMED = auto()
    FELL_THROUGH = auto()
    VOID = auto()


BET_STATUS: Mapping[str, BetState] = {
    "PENDING": BetState.WAITING,
    "PLACED": BetState.PLACED,
    "CONFIRMED": BetState.CONFIRMED,
    "REJECTED": BetState.FELL_THROUGH,
    "DECLINED": BetState.FELL_THROUGH,  # generation 1
    "CANCELLED": BetState.FELL_THROUGH,
    "FAILED": BetState.FELL_THROUGH,
    "VOID": BetState.VOID,
}


SETTLEMENT_STATUS: Mapping[str, Result | None] = {
    "UNSETTLED": None,
    "WON": Result.WON,
    "LOST": Result.LOST,
    "VOID": Result.VOID,
    "HALF_WON": Result.HALF_WON,
    "HALF_LOST": Result.HALF_LOST,
    "PUSH": Result.PUSH,
    "PUSHED": Result.PUSH,  # generation 1
    "CASHOUT": Result.CASHED_OUT,
}
"""How a bet was settled; None: it is not."""


def settlement(word: str) -> tuple[bool, Result | None]:
    """Whether the word is in a document, and the result that it says."""
    known = _normal(word)
    return known in SETTLEMENT_STATUS, SETTLEMENT_STATUS.get(known)


def order_status(word: str, *, matched: bool) -> Status | None:
    """Our word for an order's status; None for a word in no document."""
    status = ORDER_STATUS.get(word) or ORDER_STATUS.get(_normal(word))
    return Status.PARTIALLY_FILLED if status is Status.NEW and matched else status


def bet_state(word: str) -> BetState | None:
    """What the word says of the bet; None for a word in no document."""
    return BET_STATUS.get(_normal(word))


def _normal(word: str) -> str:
    return word.strip().upper().replace("-", "_").replace(" ", "_")
