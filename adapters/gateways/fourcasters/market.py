"""Where orders come to the books: what they match at once, what of them rests, who may name them.

The books of the paper venue know sides of one selection; here an order backs a selection of its
own, so the meeting of opposite selections is done here and told to the books as two matches, the
resting order's first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from adapters.gateways.fourcasters.asked import FILL_AND_KILL, FILL_OR_KILL, POST, POST_ARB, Wanted
from adapters.gateways.fourcasters.ids import order_number, tx_id
from adapters.gateways.fourcasters.picks import other_side, pick_of, shares, suits
from adapters.gateways.frame import Frame
from adapters.paper.book import Change, Fill, Kind, Order, Terms
from domain.prices import odds
from domain.values import ZERO, Price, Side

DONE_WITHIN = Decimal(10)
"""A fillOrKill of which no more is left counts as complete."""
ARB_SHARE = Fraction(1, 100)
"""How far the odds of a postArb may be from those of the order that it hits."""
RULES = "rejected_order_type_rules"


@dataclass(frozen=True, slots=True)
class Take:
    """What an order takes of one that rests, and what each of the two risks on it."""

    resting: Order
    amount: Decimal
    resting_amount: Decimal

    @property
    def price(self) -> Price:
        """The odds that the taker gets."""
        return other_side(self.resting.price)


@dataclass(frozen=True, slots=True)
class Hit:
    """For a taker's fill: the match as both sides call it, and the order that was hit."""

    match: int
    order: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing was placed."""

    error: str
    error_type: str


class Market:
    """The orders of the venue by game, and who hit whom."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._resting: dict[str, list[Order]] = {}
        self._hits: dict[int, Hit] = {}
        self._hitting: Hit | None = None
        self._games: dict[tuple[str, str], datetime] = {}

    def hear(self, change: Change) -> None:
        """Note what the books tell of: the first order of a game, and matches of takers."""
        if change.kind is Kind.PLACED:
            order = change.order
            self._games.setdefault((order.account, order.terms.market), order.placed_at)
        elif change.kind is Kind.MATCHED and change.fill is not None and self._hitting is not None:
            self._hits[change.fill.match_id] = self._hitting

    def place(self, account: str, wanted: Wanted) -> Order | Rejected:
        """Take an order: it matches what suits it, and the rest stays or is killed by its type."""
        takes = self._takes(account, wanted)
        error = _against_its_type(wanted, takes)
        if error is not None:
            return Rejected(error, RULES)
        taken = sum((take.amount for take in takes), ZERO)
        book = self._frame.book
        order = book.place(account, self._terms(wanted, taken))
        for take in takes:
            fill = book.match(take.resting.order_id, take.resting_amount)
            self._hitting = Hit(fill.match_id, take.resting.order_id)
            book.match(order.order_id, take.amount, take.price)
            self._hitting = None
        if order.is_live and wanted.rests:
            self._resting.setdefault(wanted.pick.game, []).append(order)
        elif order.is_live:
            book.end(order.order_id, Kind.CANCELLED)
        return order

    def find(self, account: str, text: str) -> Order | None:
        """The account's order of this id, if it ever had one: what never rested has none."""
        number = order_number(text)
        order = None if number is None else self._frame.book.find(account, number)
        return order if order is not None and rested(order) else None

    def knows(self, account: str, game: str) -> bool:
        """The account ever had an order on the game: another's games are not there."""
        return (account, game) in self._games

    def start(self, account: str, game: str) -> datetime:
        """When the game starts, for what needs it: there are no fixtures on paper."""
        return self._games[account, game]

    def hit(self, fill: Fill) -> Hit | None:
        """Whom a fill hit; None for a match of an order that rested."""
        return self._hits.get(fill.match_id)

    def tx(self, fill: Fill) -> str:
        """The match's id."""
        found = self.hit(fill)
        return tx_id(fill.match_id if found is None else found.match)

    def filled(self, order: Order) -> Decimal:
        """What was matched of the order while it rested."""
        return sum(
            (fill.size for fill in order.fills if not fill.voided and self.hit(fill) is None), ZERO
        )

    def facing(self, order: Wanted, account: str) -> Iterator[Order]:
        """The others' live orders on the opposite side, at any odds."""
        game = order.pick.game
        live = self._resting[game] = [one for one in self._resting.get(game, ()) if one.is_live]
        for one in live:
            if one.account != account and one.result is None and pick_of(one).meets(order.pick):
                yield one

    def _takes(self, account: str, wanted: Wanted) -> Sequence[Take]:
        """What the order would match: the best odds first, then the oldest."""
        facing = [one for one in self.facing(wanted, account) if suits(wanted.odds, one.price)]
        facing.sort(key=lambda one: (odds(one.price), one.order_id))
        takes: list[Take] = []
        left = wanted.bet
        for one in facing:
            if left <= ZERO:
                break
            amount, resting_amount = shares(left, one.remaining, one.price)
            takes.append(Take(one, amount, resting_amount))
            left -= amount
        return takes

    def _terms(self, wanted: Wanted, taken: Decimal) -> Terms:
        pick = wanted.pick
        minutes = wanted.minutes
        extra: Mapping[str, Any] = {
            "type": pick.type,
            "side": pick.side,
            "number": pick.number,
            "market": pick.market,
            "orderType": wanted.order_type,
            "offered": wanted.bet - taken if wanted.rests else ZERO,
            "replaces": wanted.replaces,
        }
        return Terms(
            market=pick.game,
            selection=pick.selection,
            side=Side.BUY,
            price=wanted.odds,
            size=wanted.bet,
            user_ref=wanted.user_reference,
            expires_at=None
            if minutes is None
            else self._frame.clock() + timedelta(minutes=minutes),
            extra=extra,
        )


def offered(order: Order) -> Decimal:
    """What came to rest of the order: what it took when it came is not in it."""
    amount: Decimal = order.terms.extra["offered"]
    return amount


def came_here(order: Order) -> bool:
    """Whether it was placed through this gateway: what the books hold else nobody here asks for."""
    return "offered" in order.terms.extra


def rested(order: Order) -> bool:
    """Whether the order ever rested: only then it has an id."""
    return offered(order) > ZERO


def _against_its_type(wanted: Wanted, takes: Sequence[Take]) -> str | None:
    """The documented words for why an order of this type is not taken."""
    match wanted.order_type:
        case kind if kind == POST and takes:
            return "post order cannot have matches"
        case kind if kind == POST_ARB and not all(_near(wanted, take) for take in takes):
            return "post order cannot have matches"
        case kind if kind == FILL_AND_KILL and not takes:
            return "fill and kill has no matches"
        case kind if kind == FILL_OR_KILL and not takes:
            return "fill or kill has no matches"
        case kind if kind == FILL_OR_KILL and _left(wanted, takes) > DONE_WITHIN:
            return "fill or kill matched but not fully"
        case _:
            return None


def _left(wanted: Wanted, takes: Sequence[Take]) -> Decimal:
    return wanted.bet - sum((take.amount for take in takes), ZERO)


def _near(wanted: Wanted, take: Take) -> bool:
    theirs = Fraction(take.price.value)
    return abs(Fraction(wanted.odds.value) - theirs) <= abs(theirs) * ARB_SHARE
