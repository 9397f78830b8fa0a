"""The cancels: what is taken off the books, and in which words the venue does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from adapters.gateways.fourcasters.ids import is_object_id, order_id
from adapters.gateways.fourcasters.market import Market, came_here, rested
from adapters.gateways.fourcasters.picks import pick_of
from adapters.gateways.frame import Frame
from adapters.paper.book import Kind, Order, Refused

INVALID_ID = "invalid order ID format"
NOT_FOUND = "order not found"
CANCELLED = "order already cancelled"
EXPIRED = "order is expired"
GRADED = "order already graded"
NOT_CANCELLABLE = "Order could not be cancelled"
"""All matched. The socket's page has no words for it: these are REST's."""
GAME_NOT_FOUND = "game not found"
MAIN = "main"
"""The one market line that a game has on paper."""


@dataclass(frozen=True, slots=True)
class Off:
    """An order that was taken off, and how much of it."""

    order: Order
    size: Decimal


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that was not, as it was asked for, and why."""

    order_id: str
    why: str

    @property
    def is_nameless(self) -> bool:
        """Over REST such a refusal says of no order that it is the one."""
        return self.why in {INVALID_ID, NOT_FOUND}


@dataclass(frozen=True, slots=True)
class OfGame:
    """Which orders of a game are meant. What is None does not narrow."""

    game: str
    type: str | None = None
    side: str | None = None
    market: str | None = None

    def has(self, order: Order) -> bool:
        """Whether the order is meant."""
        pick = pick_of(order)
        return (
            pick.game == self.game
            and self.type in {None, pick.type}
            and self.side in {None, pick.side}
            and self.market in {None, MAIN, pick.market}
        )


class Cancels:
    """Takes orders of one account off the books."""

    def __init__(self, frame: Frame, market: Market) -> None:
        self._frame = frame
        self._market = market

    def one(self, account: str, asked: str) -> Off | Refusal:
        """By its id; another account's order is not there, nor is one that never rested."""
        if not is_object_id(asked):
            return Refusal(asked, INVALID_ID)
        order = self._market.find(account, asked)
        if order is None:
            return Refusal(asked, NOT_FOUND)
        why = over(order)
        return Refusal(asked, why) if why is not None else self._off(order)

    def where(self, account: str, meant: Callable[[Order], bool]) -> Sequence[Off | Refusal]:
        """Every live order of the account that is meant."""
        return [
            self._off(order)
            for order in list(self._frame.book.live(account))
            if is_open(order) and meant(order)
        ]

    def of_game(self, account: str, meant: OfGame) -> Sequence[Off | Refusal] | None:
        """Every live order of a game, or those of one line; None for a game that is not there."""
        if not self._market.knows(account, meant.game):
            return None
        return self.where(account, meant.has)

    def everything(self, account: str) -> Sequence[Off | Refusal]:
        """Every live order of the account."""
        return self.where(account, lambda _: True)

    def _off(self, order: Order) -> Off | Refusal:
        try:
            return Off(order, self._frame.book.cancel(order.account, order.order_id))
        except Refused:  # somebody matched all of it at the last moment
            return Refusal(order_id(order.order_id), over(order) or NOT_CANCELLABLE)


def is_open(order: Order) -> bool:
    """Whether it rests, and was placed here: what is graded is not open, whatever is left of it."""
    return came_here(order) and over(order) is None


def over(order: Order) -> str | None:
    """Why nothing of an order can be taken off; None when something can."""
    if order.result is not None:
        return GRADED
    if order.closed in {Kind.EXPIRED, Kind.LAPSED}:
        return EXPIRED
    if order.closed is not None:
        return CANCELLED
    return None if order.is_live and rested(order) else NOT_CANCELLABLE
