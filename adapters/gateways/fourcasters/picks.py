"""What an order backs, which orders it meets, and how much of each.

Everybody backs a side here; there is no lay. Two orders meet when they back opposite sides of the
same market: over and under of one total, yes and no of one outcome, two participants of one game,
on a spread with the opposite number. `bet` is what the one who asks risks, so the two risk
different amounts on the same match: 100 at +120 is hit for 120 at -120.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from adapters.paper.book import Order
from domain.prices import odds
from domain.values import Price, PriceFormat, plain

CENT = Decimal("0.01")
MONEYLINE, SPREAD, TOTAL, THREE_WAY = "moneyline", "spread", "total", "moneyline1x2"
TYPES = frozenset({MONEYLINE, SPREAD, TOTAL, THREE_WAY})
OPPOSITE = {"over": "under", "under": "over", "yes": "no", "no": "yes"}


@dataclass(frozen=True, slots=True)
class Pick:
    """The side that an order backs. `market` is the outcome of a three-way money line."""

    game: str
    type: str
    side: str
    number: Decimal | None = None
    market: str | None = None

    @property
    def selection(self) -> str:
        """One spelling for one pick, the number's digits aside."""
        parts = [self.type, self.side]
        if self.market is not None:
            parts.append(self.market)
        elif self.number is not None:
            parts.append(plain(self.number))
        return ":".join(parts)

    def meets(self, other: Pick) -> bool:
        """Whether the two back opposite sides of one market."""
        if (self.game, self.type) != (other.game, other.type):
            return False
        match self.type:
            case "total":
                return other.side == OPPOSITE.get(self.side) and self.number == other.number
            case "moneyline1x2":
                return other.side == OPPOSITE.get(self.side) and self.market == other.market
            case "spread":
                return self.side != other.side and _opposite(self.number, other.number)
            case _:
                return self.side != other.side

    @property
    def description(self) -> str:
        """The bet for a human: `over 45.5`, `5c12bc1ce0daba000f47ba8b -3.5`, `draw no`."""
        if self.market is not None:
            return f"{self.market} {self.side}"
        if self.number is None:
            return self.side
        sign = "+" if self.type == SPREAD and self.number > 0 else ""
        return f"{self.side} {sign}{plain(self.number)}"


def _opposite(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one == -other


def pick_of(order: Order) -> Pick:
    """What an order of the books backs."""
    extra = order.terms.extra
    return Pick(order.terms.market, extra["type"], extra["side"], extra["number"], extra["market"])


def american(value: Decimal) -> Price:
    """American odds."""
    return Price(value, PriceFormat.AMERICAN)


def other_side(price: Price) -> Price:
    """The odds that whoever hits an order gets: +120 is hit at -120."""
    return american(-price.value)


def suits(wanted: Price, resting: Price) -> bool:
    """Whether who hits the resting order gets what it wants, or more."""
    return odds(other_side(resting)) >= odds(wanted)


def win(amount: Decimal, price: Price) -> Decimal:
    """What a stake wins, to the cent."""
    profit = Fraction(amount) * (odds(price) - 1)
    return _decimal(profit)


def shares(taking: Decimal, resting: Decimal, price: Price) -> tuple[Decimal, Decimal]:
    """What the taker and the resting order risk when they meet at the resting order's odds.

    One of the two is always matched whole, so whatever is left of the other can go on.
    """
    whole = Fraction(resting) * (odds(price) - 1)
    if taking >= whole:
        return _within(_decimal(whole), taking), resting
    return taking, _within(_decimal(Fraction(taking) / (odds(price) - 1)), resting)


def _within(amount: Decimal, most: Decimal) -> Decimal:
    """At least a cent, at most what there is."""
    return min(max(amount, CENT), most)


def _decimal(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(CENT, ROUND_HALF_EVEN)
