"""What our books say of an account, in the form in which scenarios hold it against the venue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.bootstrap import App
from projections import queries
from projections.break_queries import Wanted as Which
from projections.break_queries import break_list
from projections.queries import Only, Record

BUCKETS = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")


class Orders(dict[str, Record]):
    """Orders by the venue's ids; one that is not there says what may have become of it."""

    aside: Sequence[Record] = ()

    def __missing__(self, name: str) -> Record:
        """The scenario fails with what the dialect could not read."""
        reasons = {row["reason"] for row in self.aside}
        raise AssertionError(f"our books do not have {name}, but {list(self)}; aside: {reasons}")


@dataclass(frozen=True, slots=True)
class Books:
    """What our books say after some lines: orders by the venue's ids, requests, what was set aside.

    `whole` is the hash over everything that they say.
    """

    orders: Mapping[str, Record]
    cancels: Sequence[Record]
    flags: Sequence[str]
    set_aside: Sequence[Record]
    whole: str


def books_of(app: App, only: Only) -> Books:
    """What the books of an app say."""
    app.runner.catch_up()
    with app.reading() as connection:
        orders = Orders(
            (str(row["venue_order_id"] or row["order_key"]), row)
            for row in queries.order_list(connection, only)
        )
        orders.aside = list(app.set_aside())
        cancels = list(queries.cancel_list(connection, only))
        which = Which(venue=only.venue, account=only.account, everything=True)
        found = break_list(connection, app.clock(), which)
        flags = sorted(str(row["code"]) for row in found)
    return Books(orders, cancels, flags, orders.aside, app.state_hash())


def buckets(row: Mapping[str, Any]) -> tuple[Decimal, ...]:
    """The order's size and the five parts of it."""
    return tuple(Decimal(row[name]) for name in BUCKETS)
