"""As-of: a page of the books as they stood, asked of a million orders in-process.

Orders are placed every 10 ms. One of twenty rests for ever, the others are matched or cancelled
within ten minutes; what matched is settled three hours later. One of fifty is acknowledged so late
that it is a break. The books are asked about moments during all of that, as the command line asks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from adapters.bootstrap import App, opened
from adapters.bootstrap_past import PastBooks, past_books
from adapters.cli.listing import dumps
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import show
from bench.questions import ACCOUNTS, MARKETS, OPEN_EVERY, SIZE, fill
from bench.traffic import START
from domain.events import (
    Cancelled,
    Filled,
    OrderAccepted,
    OrderEvent,
    OrderPlaced,
    Settled,
    Settlement,
    Terms,
)
from domain.past import Axis
from domain.values import Name, Price, Side
from projections.break_groups import grouped_list
from projections.break_queries import Wanted
from projections.queries import Only, Record

GOAL_S = 2.0
PAGE = 50
APART = timedelta(milliseconds=10)
LATE_EVERY = 50
_PRICE = Price(Decimal("1.95"))
_AT_ONCE = timedelta()
_SOON, _LATE = timedelta(milliseconds=50), timedelta(seconds=30)
_LIFE_S = 600
_SETTLED = timedelta(hours=3)
EVERYTHING = Only()
Ask = Callable[[PastBooks], Iterable[Record]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench as_of", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.orders)


def _measure(place: Databases, orders: int) -> None:
    url = place.fresh()
    durability = place.durability(url)
    with opened(Settings(database_url=url)) as app:
        begun = time.perf_counter()
        fill(app, orders, life, APART)
        filled = time.perf_counter() - begun
        moments = [(share, START + orders * APART * share / 100) for share in (10, 50, 90, 100)]
        rows = [("", *(f"{share} %" for share, _ in moments), f"goal < {GOAL_S:g} s")]
        for name, axis, ask, most in _questions(app):
            spans = [_seconds(app, moment, axis, ask, most) for _, moment in moments]
            met = "met" if max(span for span, _ in spans) < GOAL_S else "MISSED"
            told = [f"{span:.2f} s, {count:,}" for span, count in spans]
            rows.append((name, *told, met if most else ""))
        title = f"as-of on {orders:,} orders (made in {filled:.0f} s), when so much was placed"
        show(f"{title}: time and rows; {durability}", rows)


def _questions(app: App) -> Iterator[tuple[str, Axis, Ask, int | None]]:
    """What is asked, by which clock, and how many rows are wanted (None: all)."""
    market, one = Only(market=f"M{MARKETS // 2}"), Only("canonical", f"desk-{ACCOUNTS // 2}")
    for axis in (Axis.KNOWN, Axis.TRUE):
        told = f"--{axis.value}"
        yield f"orders {told}", axis, lambda then: then.orders.listed(), PAGE
        yield f"orders --open {told}", axis, _open(EVERYTHING), PAGE
        yield f"orders --open --market {told}", axis, _open(market), PAGE
        yield f"orders --open --account {told}", axis, _open(one), PAGE
        yield f"the same, all of it {told}", axis, _open(one), None
        yield f"breaks --account {told}", axis, _breaks(app, one), PAGE
    yield "breaks --known", Axis.KNOWN, _breaks(app, EVERYTHING), PAGE
    yield "orders --open --known, all of it", Axis.KNOWN, _open(EVERYTHING), None


def _open(only: Only) -> Ask:
    return lambda then: then.orders.listed(only, open_only=True)


def _breaks(app: App, only: Only) -> Ask:
    wanted = Wanted(venue=only.venue, account=only.account)

    def ask(then: PastBooks) -> Iterator[Record]:
        with then.breaks(only) as connection:
            grouping = app.settings.grouping
            yield from grouped_list(connection, then.past.at, wanted, None, grouping)

    return ask


def _seconds(
    app: App, moment: datetime, axis: Axis, ask: Ask, most: int | None
) -> tuple[float, int]:
    begun = time.perf_counter()
    app.runner.catch_up()
    with past_books(app, moment, axis) as then:
        count = sum(bool(dumps(record)) for record in islice(ask(then), most))
    return time.perf_counter() - begun, count


def life(number: int, client: Name, venue: Name) -> Iterator[tuple[timedelta, OrderEvent]]:
    """What happens to one order, and when."""
    terms = Terms(size=SIZE, price=_PRICE, side=Side.BUY, market=f"M{number % MARKETS}")
    yield _AT_ONCE, OrderPlaced(terms=terms, names=(client,))
    yield _LATE if number % LATE_EVERY == 0 else _SOON, OrderAccepted(names=(venue,))
    if number // ACCOUNTS % OPEN_EVERY == 0:
        return
    over = _LATE + timedelta(seconds=number * 7919 % _LIFE_S)
    if number % 2:
        yield over, Filled(fill_id=f"F{number}", size=SIZE, price=_PRICE)
        yield _SETTLED, Settled(settlement=Settlement(profit=SIZE), fill_id=f"F{number}")
    else:
        yield over, Cancelled()


if __name__ == "__main__":
    main()
