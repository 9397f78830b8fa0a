"""A simulated venue: books, strangers and faults, and what it tells of itself afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.paper.book import Book, Order
from adapters.paper.chance import Faults
from adapters.paper.market import RacingBook, SkewedClock, Strangers
from adapters.paper.operations import TOLD, Told
from adapters.paper.script import Script
from domain.values import plain

FIRST_ID = 100_001


class SimulatedVenue:
    """What one `breakwater simulate` stands for."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a venue is: its words, its faults, its time
        self,
        name: str,
        script: Script,
        seed: int,
        true_clock: Callable[[], datetime],
        name_of: Callable[[Order], str] = lambda order: str(order.order_id),
        told: Callable[[str, str], Told] | None = None,
    ) -> None:
        """`name_of` is how the venue's messages call an order, `told` what a frame of it is."""
        self.name = name
        self.told = told or TOLD[name]
        self._name_of = name_of
        self.seed = seed
        self.clock = SkewedClock(true_clock)
        self.faults = Faults(script, seed, true_clock)
        self.book: Book = RacingBook(self.clock, self.faults, FIRST_ID)
        self._strangers = Strangers(self.book, script.market, seed)

    def step(self) -> None:
        """Something is asked: whoever was due came before it, and perhaps one more."""
        self.advance()
        self._strangers.step()

    def advance(self) -> None:
        """Let what was due by now happen."""
        self._strangers.advance(self.clock())

    def quieten(self) -> None:
        """From now on nothing goes wrong and no stranger comes."""
        self.faults.end()
        self._strangers.leave()

    def books(self) -> Mapping[str, Any]:
        """The venue's truth: every order with its five buckets, and how often each fault came."""
        return {
            "venue": self.name,
            "seed": self.seed,
            "orders": [self._row(order, forgotten) for order, forgotten in self.book.everything()],
            "faults": [
                {"fault": trigger.number, "do": trigger.fault.do, "fired": trigger.fired}
                for trigger in self.faults.triggers
            ],
        }

    def _row(self, order: Order, forgotten: bool) -> Mapping[str, Any]:  # noqa: FBT001 - half of a pair
        return {"order_id": self._name_of(order), "forgotten": forgotten, **_told(order)}


def _told(order: Order) -> Mapping[str, Any]:
    terms = order.terms
    return {
        "account": order.account,
        "client_order_id": terms.client_ref,
        "user_ref": terms.user_ref,
        "market": terms.market,
        "selection": terms.selection,
        "side": terms.side.value,
        "price": plain(order.price.value),
        "size": plain(order.size),
        "matched": plain(order.matched),
        "remaining": plain(order.remaining),
        "cancelled": plain(order.cancelled),
        "lapsed": plain(order.lapsed),
        "voided": plain(order.voided),
        "closed": None if order.closed is None else order.closed.value,
        "fills": [
            {
                "fill_id": fill.fill_id,
                "match_id": fill.match_id,
                "size": plain(fill.size),
                "price": plain(fill.price.value),
                "voided": fill.voided,
            }
            for fill in order.fills
        ],
    }
