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


def bulk_cancel() -> Feed:
    """Two live orders, all cancelled, answered by a bare count that is too high; one report."""
    given = Feed("bulk", venue="predictstreet", account="0x1")
    given.add("sent", exchange="l", http={"method": "GET", "path": "/api/orders/open"})
    rows = [
        {
            "id": name,
            "marketId": "M1",
            "outcome": "YES",
            "side": "BUY",
            "quantity": "100",
            "price": "0.5",
            "filledQuantity": "0",
            "status": "OPEN",
        }
        for name in ("A", "B")
    ]
    given.reply("l", {"orders": rows})
    given.post("x", "/api/orders/cancel-all", {}).reply("x", {"cancelled": 3})
    given.add("sent", exchange="m", http={"method": "GET", "path": "/api/orders/open"}, at=3_000)
    return given.reply("m", {"orders": rows[:1]})
