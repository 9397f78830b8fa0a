"""Questions: `orders --open` of an account and `order show`, asked of a million orders.

The log holds every order with its events and names. Each question is asked in-process as the
command line asks it: the projections are found current, then come the rows, and for `order show`
the events.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from uuid import UUID

from adapters.bootstrap import App, opened
from adapters.cli.asking_orders import history_of, orders_named
from adapters.cli.listing import dumps
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import show
from bench.traffic import START
from domain.events import Cancelled, Filled, OrderAccepted, OrderEvent, OrderPlaced, Terms
from domain.ids import event_id, order_stream
from domain.recorded import Pending
from domain.values import Account, Name, NameKind, Price, Side
from projections import queries
from projections.queries import Only

GOAL_MS = 50.0
ACCOUNTS = 500
OPEN_EVERY = 20
"""One order of so many is open: a hundred in each account's book at a million orders."""
ORDERS_PER_BATCH = 5_000
MARKETS = 997
SIZE = Decimal(100)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench questions", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=1_000, help="how often each is asked")
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.orders, chosen.asked)


def _measure(place: Databases, orders: int, asked: int) -> None:
    url = place.fresh()
    durability = place.durability(url)
    chance = random.Random(11)  # noqa: S311 - which orders are asked for
    with opened(Settings(database_url=url)) as app:
        fill(app, orders, life, timedelta(milliseconds=1))

        def book() -> int:
            only = Only(venue="canonical", account=f"desk-{chance.randrange(ACCOUNTS)}")
            return _open(app, only)

        def one() -> None:
            _show(app, f"{chance.choice('CO')}{chance.randrange(orders)}")

        rows = [("", "median ms", "p99 ms", f"goal p99 < {GOAL_MS:g} ms")]
        for name, question in (("orders --open --account", book), ("order show", one)):
            spans = sorted(_spans(question, asked))
            median, last = spans[len(spans) // 2], spans[len(spans) * 99 // 100]
            met = "met" if last < GOAL_MS else "MISSED"
            rows.append((name, f"{median:.2f}", f"{last:.2f}", met))
        show(f"questions on {orders:,} orders, each asked {asked:,} times; {durability}", rows)
        begun = time.perf_counter()
        first = _open(app, Only(), most=1)
        until_first = time.perf_counter() - begun
        begun = time.perf_counter()
        count = _open(app, Only())
        whole = time.perf_counter() - begun
    print(
        f"  orders --open of all accounts: {first} row after {until_first * 1000:.1f} ms, "
        f"all {count:,} after {whole:.2f} s"
    )


def _spans(question: Callable[[], object], asked: int) -> Iterator[float]:
    for _ in range(asked):
        begun = time.perf_counter()
        question()
        yield (time.perf_counter() - begun) * 1000


def _open(app: App, only: Only, most: int | None = None) -> int:
    """List open orders; how many there are."""
    app.runner.catch_up()
    with app.reading() as connection:
        found = queries.order_list(connection, only, open_only=True)
        return sum(bool(dumps(record)) for record in islice(found, most))


def _show(app: App, name: str) -> str:
    app.runner.catch_up()
    (found,) = orders_named(app, name, Only())
    found["history"] = history_of(app, found["order_key"])
    return dumps(found)


Lives = Callable[[int, Name, Name], Iterable[tuple[timedelta, OrderEvent]]]
"""What happens to an order by its number and names, and how long after it was placed."""


def fill(app: App, orders: int, lives: Lives, apart: timedelta) -> None:
    """Put orders placed `apart` from each other into the log and make the projections from it."""
    for start in range(0, orders, ORDERS_PER_BATCH):
        events: list[Pending] = []
        names: list[tuple[Account, Name, UUID]] = []
        for number in range(start, min(start + ORDERS_PER_BATCH, orders)):
            owner = Account("canonical", f"desk-{number % ACCOUNTS}")
            client, venue = Name(NameKind.CLIENT, f"C{number}"), Name(NameKind.VENUE, f"O{number}")
            stream = order_stream(owner, client)
            names.extend([(owner, client, stream), (owner, venue, stream)])
            placed = START + number * apart
            events.extend(
                Pending(
                    stream,
                    version,
                    owner,
                    event_id("bench", str(number), version),
                    placed + later,
                    placed + later,
                    None,
                    None,
                    event,
                )
                for version, (later, event) in enumerate(lives(number, client, venue), 1)
            )
        app.store.append(events, names, (), (), ())
    app.rebuild(app.runner.projections)


def life(number: int, client: Name, venue: Name) -> Iterator[tuple[timedelta, OrderEvent]]:
    """What happens to one order, all at once: most are over, matched or cancelled."""
    at_once = timedelta()
    price = Price(Decimal("1.95"))
    terms = Terms(size=SIZE, price=price, side=Side.BUY, market=f"M{number % MARKETS}")
    yield at_once, OrderPlaced(terms=terms, names=(client,))
    yield at_once, OrderAccepted(names=(venue,))
    if number // ACCOUNTS % OPEN_EVERY == 0:
        return
    if number % 2:
        yield at_once, Filled(fill_id=f"F{number}", size=SIZE, price=price)
    else:
        yield at_once, Cancelled()


if __name__ == "__main__":
    main()
