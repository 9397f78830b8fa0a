"""The books of the paper venue: orders, matches and what became of each, in memory.

Plain and synchronous: one call is one instant. Orders on one selection match by price, then by
time, at the price of the one that rested; `match` is a stranger's hand for selections where nobody
else trades. An account sees its own orders alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from heapq import heappop, heappush

from adapters.paper.order import Change, Fill, Kind, Order, Terms, Why
from domain.prices import odds
from domain.values import ZERO, Price, Side

__all__ = ["Book", "Change", "Fill", "Kind", "Order", "Refused", "Terms", "Why"]


class Refused(Exception):
    """The venue does not do it; `why` is one of a closed set."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Book:
    """Every order of the venue."""

    def __init__(self, clock: Callable[[], datetime], first_id: int = 1) -> None:
        self._clock = clock
        self._orders: dict[int, Order] = {}
        self._resting: dict[tuple[str, str], list[Order]] = {}
        self._owned: dict[str, dict[int, Order]] = {}
        self._named: dict[tuple[str, str], list[int]] = {}
        self._due: list[tuple[datetime, int]] = []
        self._listeners: list[Callable[[Change], None]] = []
        self._forgotten: list[Order] = []
        self._next = first_id
        self._changes = 0

    def listen(self, hear: Callable[[Change], None]) -> Callable[[], None]:
        """Tell `hear` every change from now on; the returned call ends it."""
        self._listeners.append(hear)
        return lambda: self._listeners.remove(hear)

    def place(self, account: str, terms: Terms) -> Order:
        """Take an order; it matches what rests on the other side, the rest stays on the book."""
        order = self._taken(account, terms)
        self._match(order)
        if order.is_live:
            self._resting.setdefault((terms.market, terms.selection), []).append(order)
        return order

    def place_now(self, account: str, terms: Terms, *, whole: bool = False) -> Order:
        """Take an order that never rests: what does not match at once is cancelled.

        With `whole` it matches in full or not at all.
        """
        fits = not whole or self.on_offer(account, terms) >= terms.size
        order = self._taken(account, terms)
        if fits:
            self._match(order)
        if order.is_live:
            self._take_off(order, order.remaining, whole=True)
        return order

    def on_offer(self, account: str, terms: Terms) -> Decimal:
        """How much rests at prices that suit an order of these terms."""
        now = self._clock()
        asked = Order(0, account, terms, terms.size, terms.price, now, now)
        return sum((other.remaining for other in self._crossing(asked)), ZERO)

    def cancel(self, account: str, order_id: int, size: Decimal | None = None) -> Decimal:
        """Take what remains, or a part of it, off the book; how much that was."""
        order = self._of(account, order_id)
        left = order.remaining
        if left <= ZERO:
            raise Refused(Why.OVER)
        taken = left if size is None else size
        if not ZERO < taken <= left:
            raise Refused(Why.TOO_MUCH)
        self._take_off(order, taken, whole=taken == left)
        return taken

    def amend(
        self,
        account: str,
        order_id: int,
        *,
        size: Decimal | None = None,
        price: Price | None = None,
    ) -> Order:
        """Change size or price of a live order; it cannot become smaller than what is gone."""
        order = self._of(account, order_id)
        if not order.is_live:
            raise Refused(Why.OVER)
        if size is not None and size <= order.size - order.remaining:
            raise Refused(Why.TOO_MUCH)
        order.size = order.size if size is None else size
        order.price = order.price if price is None else price
        self._tell(Kind.AMENDED, order)
        return order

    def match(self, order_id: int, size: Decimal, price: Price | None = None) -> Fill:
        """A stranger takes part of a live order."""
        order = self._orders[order_id]
        if not ZERO < size <= order.remaining:
            raise Refused(Why.OVER if not order.is_live else Why.TOO_MUCH)
        return self._fill(order, self._number(), size, price or order.price)

    def void_fill(self, fill_id: int) -> None:
        """Take a match back; its size does not return to the book."""
        for order in self._orders.values():
            for fill in order.fills:
                if fill.fill_id == fill_id and not fill.voided:
                    fill.voided = True
                    order.voided += fill.size
                    self._tell(Kind.FILL_VOIDED, order, fill, fill.size)
                    return
        raise Refused(Why.NOT_FOUND)

    def end(self, order_id: int, how: Kind) -> Decimal:
        """The venue takes an order off by itself: it lapses, expires, is voided or cancelled."""
        order = self._orders[order_id]
        if not order.is_live:
            raise Refused(Why.OVER)
        rest = order.remaining
        match how:
            case Kind.LAPSED | Kind.EXPIRED:
                order.lapsed += rest
            case Kind.VOIDED:
                order.voided += rest
            case _:
                order.cancelled += rest
        order.closed = how
        self._tell(how, order, size=rest)
        return rest

    def expire(self) -> int:
        """End every order whose time is over; how many there were."""
        now = self._clock()
        count = 0
        while self._due and self._due[0][0] <= now:
            order = self._orders.get(heappop(self._due)[1])
            if order is not None and order.is_live:
                self.end(order.order_id, Kind.EXPIRED)
                count += 1
        return count

    def settle(self, order_id: int, result: str) -> None:
        """The market is decided; `result` is the venue's word."""
        order = self._orders[order_id]
        order.result = result
        self._tell(Kind.SETTLED, order)

    def forget(self, order_id: int) -> None:
        """Know the order no longer, without a word to anyone: venues do that."""
        order = self._orders.pop(order_id)
        del self._owned[order.account][order_id]
        order.cancelled += order.remaining
        order.closed = order.closed or Kind.CANCELLED
        self._forgotten.append(order)

    def find(self, account: str, order_id: int) -> Order | None:
        """The account's own order; another's answers like one that is not there."""
        order = self._orders.get(order_id)
        return order if order is not None and order.account == account else None

    def orders(self, account: str) -> Iterator[Order]:
        """The account's orders, oldest first."""
        return iter(list(self._owned.get(account, {}).values()))

    def called(self, account: str, client_ref: str) -> Iterator[Order]:
        """The account's orders under this reference of its own, oldest first."""
        known = self._named.get((account, client_ref), ())
        return (self._orders[order_id] for order_id in known if order_id in self._orders)

    def live(self, account: str | None = None) -> Iterator[Order]:
        """The orders on the book, of one account or all, oldest first."""
        some = self._orders if account is None else self._owned.get(account, {})
        return (order for order in list(some.values()) if order.is_live)

    def everything(self) -> Iterator[tuple[Order, bool]]:
        """Every order that ever was, by number, and whether the venue forgot it."""
        both = [(order, False) for order in self._orders.values()]
        both += [(order, True) for order in self._forgotten]
        return iter(sorted(both, key=lambda known: known[0].order_id))

    def _taken(self, account: str, terms: Terms) -> Order:
        now = self._clock()
        order = Order(self._number(), account, terms, terms.size, terms.price, now, now)
        self._orders[order.order_id] = order
        self._owned.setdefault(account, {})[order.order_id] = order
        if terms.client_ref is not None:
            self._named.setdefault((account, terms.client_ref), []).append(order.order_id)
        if terms.expires_at is not None:
            heappush(self._due, (terms.expires_at, order.order_id))
        self._tell(Kind.PLACED, order)
        return order

    def _take_off(self, order: Order, size: Decimal, *, whole: bool) -> None:
        order.cancelled += size
        if whole:
            order.closed = Kind.CANCELLED
        self._tell(Kind.CANCELLED if whole else Kind.REDUCED, order, size=size)

    def _match(self, order: Order) -> None:
        for other in self._crossing(order):
            size = min(order.remaining, other.remaining)
            self._matched(order, other, size, other.price)
            if not order.is_live:
                break

    def _of(self, account: str, order_id: int) -> Order:
        order = self.find(account, order_id)
        if order is None:
            raise Refused(Why.NOT_FOUND)
        return order

    def _number(self) -> int:
        number = self._next
        self._next += 1
        return number

    def _crossing(self, order: Order) -> list[Order]:
        """What rests on the other side at a price that suits both, best first, then oldest."""
        place = order.terms.market, order.terms.selection
        resting = self._resting[place] = [
            other for other in self._resting.get(place, ()) if other.is_live
        ]
        wanted = odds(order.price)
        back = order.terms.side is Side.BUY

        def suits(other: Order) -> bool:
            if other.terms.side is order.terms.side or other.account == order.account:
                return False
            return odds(other.price) >= wanted if back else odds(other.price) <= wanted

        def best(other: Order) -> tuple[Fraction, int]:
            offered = odds(other.price)
            return (-offered if back else offered), other.order_id

        return sorted(filter(suits, resting), key=best)

    def _matched(self, order: Order, other: Order, size: Decimal, price: Price) -> None:
        match_id = self._number()
        self._fill(other, match_id, size, price)
        self._fill(order, match_id, size, price)

    def _fill(self, order: Order, match_id: int, size: Decimal, price: Price) -> Fill:
        fill = Fill(self._number(), match_id, size, price, self._clock())
        order.fills.append(fill)
        self._tell(Kind.MATCHED, order, fill, size)
        return fill

    def _tell(
        self, kind: Kind, order: Order, fill: Fill | None = None, size: Decimal = ZERO
    ) -> None:
        order.updated_at = self._clock()
        self._changes += 1
        change = Change(self._changes, kind, order.as_now(), fill, size)
        for hear in list(self._listeners):
            hear(change)
