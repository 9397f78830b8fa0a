"""Graded bets in the order of their settlement; a bet that is graded again stands there again."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from adapters.gateways.fourcasters.market import came_here
from adapters.gateways.fourcasters.picks import CENT, win
from adapters.gateways.frame import Frame
from adapters.paper.book import Change, Fill, Kind, Order
from domain.values import ZERO

PAGE = 100
REFUNDED = "refunded"
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Graded:
    """A bet as it was graded."""

    order: Order
    fill: Fill
    outcome: str
    at: datetime

    @property
    def result(self) -> Decimal | None:
        """What it brought; None while the outcome is no documented word."""
        gain, loss = win(self.fill.size, self.fill.price), -self.fill.size
        match self.outcome:
            case "winner":
                return gain
            case "loser":
                return loss
            case "half-win":
                return (gain * HALF).quantize(CENT, ROUND_HALF_EVEN)
            case "half-loss":
                return (loss * HALF).quantize(CENT, ROUND_HALF_EVEN)
            case "push" | "refund" | "refunded":
                return ZERO
            case _:
                return None


class Gradings:
    """Every account's gradings, as they happened."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._of: dict[str, list[Graded]] = {}
        self._secret = secrets.token_bytes(32)

    def hear(self, change: Change) -> None:
        """Note a settlement of an order, or that a match was taken back."""
        order = change.order
        if not came_here(order):
            return
        graded = self._of.setdefault(order.account, [])
        at = order.updated_at
        if change.kind is Kind.SETTLED and order.result is not None:
            graded += [
                Graded(order, fill, order.result, at) for fill in order.fills if not fill.voided
            ]
        elif change.kind is Kind.FILL_VOIDED and change.fill is not None:
            graded.append(Graded(order, change.fill, REFUNDED, at))

    def latest(self, account: str) -> Iterable[Graded]:
        """Each bet as it was graded last."""
        return {graded.fill.fill_id: graded for graded in self._of.get(account, ())}.values()

    def is_graded(self, order: Order, fill: Fill) -> bool:
        """Whether the bet is out of the matched ones."""
        return fill.voided or order.result is not None

    def page(self, account: str, start: int) -> tuple[Sequence[Graded], int, bool]:
        """A page of settlements from a place on, the place behind it, and whether more follow."""
        graded = self._of.get(account, [])
        end = min(start + PAGE, len(graded))
        return graded[start:end], end, end < len(graded)

    def since(self, account: str, moment: datetime) -> int:
        """The place of the first settlement that is not before the moment."""
        graded = self._of.get(account, [])
        return next((place for place, one in enumerate(graded) if one.at >= moment), len(graded))

    def cursor(self, account: str, place: int) -> str:
        """A place, sealed: nobody makes one up."""
        return f"{place}.{self._seal(account, place)}"

    def read(self, account: str, cursor: str) -> int | None:
        """The place of a cursor; None for one that was not given to this account."""
        digits, _, seal = cursor.partition(".")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):  # noqa: PLR2004 - far more than there are
            return None
        place = int(digits)
        told = self._seal(account, place).encode()
        return place if hmac.compare_digest(told, seal.encode()) else None

    def _seal(self, account: str, place: int) -> str:
        text = f"{account}\n{place}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:32]
