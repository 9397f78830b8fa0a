"""Cancels whose answer was lost, whichever of their lines the recording has, in whichever order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import opened
from adapters.settings import Settings
from projections import queries
from tests.whole.telling import Tape, flags_of, ingested, orders_of

REQUEST = {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X"}
HTTP: dict[str, object] = {
    "method": "POST",
    "path": "/cancel-orders",
    "query": {},
    "headers": {},
    "body": {"orderIds": [9101]},
}
ROW: dict[str, object] = {
    "orderId": 9101,
    "requestUuid": "ee9f4007-e5ab-4085-bffb-8d938e4cad5f",
    "fixtureId": "id1000004461512432",
    "outcomeId": 103,
    "playerId": 0,
    "orderPrice": 1.95,
    "orderStake": 100,
    "filledStake": 0,
    "userRef": "desk",
    "orderCurrency": "USD",
    "back": True,
    "orderStatus": "PENDING",
    "bets": [],
}


def lost(kind: str, **parts: object) -> dict[str, object]:
    """The parts of a lost line."""
    return {**parts, "error": {"kind": kind, "detail": "no answer within 5 s"}}


def abp() -> Tape:
    """An ABP order of 100, seen in a read."""
    tape = Tape("abp", "abp", "northwind")
    read: dict[str, object] = {
        "method": "GET",
        "path": "/orders",
        "query": {"orderIds": "9101"},
        "headers": {},
    }
    body = {"orders": [ROW], "count": 1, "hasMore": False, "nextCursor": None}
    tape.line("sent", exchange="read", http=read)
    return tape.line("received", exchange="read", http={"status": 200, "headers": {}, "body": body})


def cancel_statuses(database_url: str) -> list[tuple[str, list[Any]]]:
    """Each request's status, with the outcome of each order."""
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        return [
            (cancel["status"], [outcome["outcome"] for outcome in cancel["outcomes"]])
            for cancel in queries.cancel_list(connection)
        ]


@pytest.mark.parametrize(
    "tape",
    [
        pytest.param(
            Tape().live().cancel().line("lost", **lost("timeout", frame=REQUEST)),
            id="sent, then lost",
        ),
        pytest.param(
            Tape().live().line("lost", **lost("timeout", frame=REQUEST)),
            id="lost, and no line of its sending",
        ),
        pytest.param(
            Tape().live().line("lost", **lost("timeout", frame=REQUEST)).cancel(),
            id="lost, and its sending later",
        ),
        pytest.param(
            abp()
            .line("sent", exchange="c", http=HTTP)
            .line("lost", exchange="c", **lost("timeout")),
            id="http: sent, then lost without words",
        ),
        pytest.param(
            abp().line("lost", exchange="c", **lost("timeout", http=HTTP)),
            id="http: lost, and no line of its sending",
        ),
        pytest.param(
            abp()
            .line("lost", exchange="c", **lost("timeout", http=HTTP))
            .line("sent", exchange="c", http=HTTP),
            id="http: lost, and its sending later",
        ),
        pytest.param(
            abp()
            .line("lost", exchange="c", **lost("timeout"))
            .line("sent", exchange="c", http=HTTP),
            id="http: lost without words, and its sending later",
        ),
    ],
)
def test_an_order_whose_cancel_was_lost_is_uncertain(
    tape: Tape, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert cancel_statuses(sqlite_url) == [("unknown", ["unknown"])]
    (order,) = orders_of(sqlite_url).values()
    assert (order["certain"], order["remaining_min"], order["remaining_max"]) == (False, 0, 100)
    assert "CXL-11" in flags_of(sqlite_url)["open"]


def test_the_lines_of_a_loss_may_come_in_two_runs(sqlite_url: str, tmp_path: Path) -> None:
    tape = abp().line("sent", exchange="c", http=HTTP)
    sending = tape.lines.pop()
    tape.line("lost", exchange="c", **lost("timeout", http=HTTP))
    later = Tape("abp", "abp", "northwind")
    later.lines.append(sending)
    ingested(
        sqlite_url, tape.write(tmp_path / "first.ndjson"), later.write(tmp_path / "second.ndjson")
    )
    assert cancel_statuses(sqlite_url) == [("unknown", ["unknown"])]


def test_a_cancel_that_was_not_sent_leaves_only_its_record(sqlite_url: str, tmp_path: Path) -> None:
    tape = Tape().live().line("lost", **lost("not_sent", frame=REQUEST))
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert cancel_statuses(sqlite_url) == [("not_sent", [None])]
    (order,) = orders_of(sqlite_url).values()
    assert (order["certain"], order["cancel_pending"]) == (True, False)
    assert flags_of(sqlite_url) == {"open": set(), "closed": set()}


def test_an_answer_that_only_counts_leaves_the_orders_in_doubt_and_nothing_stuck(
    sqlite_url: str, tmp_path: Path
) -> None:
    tape = Tape("ps", "predictstreet", "0x742d35cc6634c0532925a3b844bc9e7595f0beb3")
    order = {
        "id": "7b0d3a52-0000-4000-8000-000000000001",
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.41",
        "quantity": "50",
        "filledQty": "0",
        "remainingQty": "50",
        "status": "OPEN",
    }
    read: dict[str, object] = {
        "method": "GET",
        "path": "/api/orders/open",
        "query": {},
        "headers": {},
    }
    page = {"walletAddress": "0x74", "orders": [order], "nextCursor": None}
    ask = {**HTTP, "path": "/api/orders/cancel-all", "body": {"marketId": "XYZ-BIN-1"}}
    tape.line("sent", exchange="r", http=read)
    tape.line("received", exchange="r", http={"status": 200, "headers": {}, "body": page})
    tape.line("sent", exchange="c", http=ask)
    count = {"cancelled": 1, "marketId": "XYZ-BIN-1"}
    tape.line("received", exchange="c", http={"status": 200, "headers": {}, "body": count})
    tape.wait(100).line("sent", exchange="r2", http=read)
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert cancel_statuses(sqlite_url) == [("answered", ["unknown"])]
    (held,) = orders_of(sqlite_url).values()
    assert (held["certain"], held["remaining_min"]) == (False, 0)
    assert flags_of(sqlite_url)["open"] == {"CXL-20", "EXI-02"}
