"""Settlements from the wire to the order's history: graded, graded again, void."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.bootstrap import opened
from adapters.settings import Settings
from projections.life import life
from projections.queries import order_list
from tests.adapters.engine.test_places_without_names import (
    ANSWERED,
    GAME,
    ORDER,
    PICK,
    SENT,
    WAGER,
    recorded,
    said,
    seen,
)
from tests.whole.telling import ingested, orders_of

TX = "68f000000000000000000a01"
READ: dict[str, Any] = {
    "method": "GET",
    "path": "/user/v2/getGradedSince",
    "query": {},
    "headers": {},
}


def matched() -> dict[str, Any]:
    """The feed tells that 40 of it matched."""
    fill = {**PICK, "txID": TX, "orderID": ORDER, "wagerRequestID": WAGER, "amount": 40}
    before: dict[str, Any] = seen()
    news: dict[str, Any] = {**before, "matched": fill, "messageID": "1924999999999-1"}
    news["unmatched"] = {**before["unmatched"], "filled": 40, "remaining": 60}
    return said("received", news)


def graded(outcome: str, profit: str, hour: int, exchange: str) -> list[dict[str, Any]]:
    """A read of graded bets and its answer."""
    row = {
        "id": ORDER,
        "txID": TX,
        "origin": "offer",
        "wagerRequestID": WAGER,
        "outcome": outcome,
        "result": profit,
        "settledAt": f"2026-02-07T{hour}:00:00.000Z",
        "game": {"id": GAME},
    }
    body = {"data": {"graded": [row], "hasMore": False}}
    answer = {"status": 200, "headers": {}, "body": body}
    return [
        {"direction": "sent", "exchange": exchange, "http": READ},
        {"direction": "received", "exchange": exchange, "http": answer},
    ]


WON = graded("winner", "22.22", 14, "g1")
REFUNDED = graded("refunded", "0.00", 15, "g2")
WON_AGAIN = graded("winner", "20.00", 16, "g3")
OLD = graded("winner", "22.22", 14, "g4")


def quantities(database_url: str) -> str:
    """Where the size of the order is."""
    order = orders_of(database_url)[ORDER]
    return "/".join(str(order[name]) for name in ("matched", "remaining", "voided"))


def summaries(database_url: str) -> list[str]:
    """What the order's history says of money."""
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        (order,) = order_list(connection)
        key = next(iter(app.streams_called(ORDER)))
        told = life(key, app.store.histories([key])[key])
        assert str(key) == order["order_key"]
    return [entry["summary"] for entry in told if "settled" in entry["summary"]]


def test_a_bet_may_be_graded_again(sqlite_url: str, tmp_path: Path) -> None:
    lines = [SENT, ANSWERED, matched(), *WON]
    ingested(sqlite_url, recorded(lines, tmp_path / "a.ndjson"))
    assert quantities(sqlite_url) == "40/60/0"
    lines += REFUNDED
    ingested(sqlite_url, recorded(lines, tmp_path / "b.ndjson"))
    assert quantities(sqlite_url) == "0/60/40"
    lines += [*WON_AGAIN, *OLD]
    ingested(sqlite_url, recorded(lines, tmp_path / "c.ndjson"))
    assert quantities(sqlite_url) == "40/60/0"
    assert summaries(sqlite_url) == [
        f"The venue settled match {TX}: won, profit 22.22 USD.",
        f"The venue settled match {TX} anew: void, profit 0 USD.",
        f"The venue settled match {TX} anew: won, profit 20 USD.",
    ]
