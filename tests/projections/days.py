"""Small trading days for the projections' tests."""

from __future__ import annotations

from tests.feeding import Feed


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
