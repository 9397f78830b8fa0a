"""Small trading days for the projections' tests."""

from __future__ import annotations

from adapters.bootstrap import App
from domain.ids import order_stream
from domain.recorded import Pending
from domain.requests import CancelAnswered
from domain.values import Account, Name, NameKind
from tests.feeding import NOON, Feed, feed


def day(orders_count: int = 6, capture: str = "c1", **account: str) -> Feed:
    """Some orders, each matched twice and every other one cancelled."""
    given = Feed(capture, **account)
    for number in range(orders_count):
        client, venue = f"X{number}", f"O{number}"
        given.place(client).report("New", venue, client, exec_id=f"{number}-n")
        given.trade(venue, client, f"{number}-1", "7").trade(venue, client, f"{number}-2", "5")
        if number % 2:
            given.cancel(f"Y{number}", client, venue)
            given.report(
                "Canceled", venue, f"Y{number}", orig_cl_ord_id=client, exec_id=f"{number}-c"
            )
    return given


def two_live(capture: str = "c1") -> Feed:
    """PredictStreet's list tells of two live orders, A to buy in M1 and B to sell in M2."""
    given = Feed(capture, venue="predictstreet", account="0x1")
    return listed(given, "l", "A", "B")


def listed(given: Feed, exchange: str, *names: str) -> Feed:
    """The venue's list of live orders tells of these."""
    given.add("sent", exchange=exchange, http={"method": "GET", "path": "/api/orders/open"})
    rows = [
        {
            "id": name,
            "marketId": "M1" if name == "A" else "M2",
            "outcome": "YES",
            "side": "BUY" if name == "A" else "SELL",
            "quantity": "100",
            "price": "0.5",
            "filledQty": "0",
            "status": "OPEN",
        }
        for name in names
    ]
    return given.reply(exchange, {"orders": rows})


def bulk_cancel() -> Feed:
    """Two live orders, all cancelled, answered by a bare count that is too high; one is left."""
    given = two_live("bulk")
    given.post("x", "/api/orders/cancel-all", {}).reply("x", {"cancelled": 3})
    return listed(given, "m", "A")


def special() -> Feed:
    """Texts that a database could take for something else."""
    given = Feed("special", account="tab\there, \\N and \\\\")
    for number, text in enumerate(
        ("\\N", "a\tb", "line\nfeed", "back\\slash", "\r", "ünïcødé €", "'")
    ):
        client = f"S{number}{text}"
        given.place(client, "0.000000000000000001", instrument=text)
        given.report("New", f"V{text}{number}", client, exec_id=f"{number}-{text}")
        given.cancel(f"K{text}{number}", client).refuse(
            f"K{text}{number}", client, f"V{text}{number}", "never heard", text=text
        )
    return given


def poisoned(app: App) -> str:
    """An order whose stream holds what no order can fold; its key."""
    feed(app, day(3))
    owner = Account("canonical", "desk")
    stream = order_stream(owner, Name(NameKind.CLIENT, "X1"))
    version = len(app.store.histories([stream])[stream]) + 1
    alien = Pending(
        stream, version, owner, stream, None, NOON, "c1", 1, CancelAnswered(outcomes=())
    )
    app.store.append([alien], [], [], [], [])
    return str(stream)
