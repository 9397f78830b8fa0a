"""The listing of uncertain orders, and the money at risk, on both databases."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import opened
from adapters.settings import Settings
from projections.queries import Only
from projections.uncertain import money_at_risk, uncertain_orders
from tests.whole.telling import Tape, ingested, orders_of

CHANGE = {"msg": "OrderCancelReplaceRequest", "cl_ord_id": "Z", "orig_cl_ord_id": "E"}


def lost(tape: Tape, frame: dict[str, Any]) -> Tape:
    """The answer to this was lost."""
    return tape.line("lost", frame=frame, error={"kind": "timeout"})


def day() -> Tape:
    """Orders of every sort of doubt, and one that is certain."""
    tape = Tape().live("A", "O1").live("B", "O2").fill("40", "B", "O2")
    tape.cancel("Y", "B").refused("TOO_LATE", "Y", "B", "O2")
    place = {"msg": "NewOrderSingle", "cl_ord_id": "C", "order_qty": "10", "side": "SELL"}
    lost(tape, {**place, "instrument": "M2", "price": "3", "price_format": "decimal"})
    lost(tape, {**place, "cl_ord_id": "D", "instrument": "M2"})
    tape.live("E", "O5")
    return lost(tape, {**CHANGE, "price": "2.1"})


EVERYTHING = Only()


def asked(database_url: str, only: Only = EVERYTHING) -> dict[str, dict[str, Any]]:
    """The uncertain orders by our reference."""
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        return {record["client_order_id"]: record for record in uncertain_orders(connection, only)}


def grouped(database_url: str, by: str) -> list[list[Any]]:
    """The money at risk, a row for each group."""
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        return [list(row.values()) for row in money_at_risk(uncertain_orders(connection), by)]


def test_each_uncertain_order_tells_what_may_be_and_why(database_url: str, tmp_path: Path) -> None:
    ingested(database_url, day().write(tmp_path / "day.ndjson"))
    found = asked(database_url)
    assert {ref: record["why"] for ref, record in found.items()} == {
        "B": ["said_complete"],
        "C": ["place_unknown"],
        "D": ["place_unknown"],
        "E": ["amend_unknown"],
    }
    late = found["B"]
    bounds = [late[name] for name in ("matched_min", "matched_max", "remaining_min", "uncertain")]
    assert bounds == [40, 100, 0, 60]
    assert late["at_risk"] == Decimal("117.00")
    assert late["clears_when"] == [
        "the matches that make it complete, its end, or a report of it as live"
    ]
    assert found["C"]["at_risk"] == 20
    assert found["D"]["at_risk"] is None
    assert found["E"]["uncertain"] == 100
    assert asked(database_url, Only(market="M2")).keys() == {"C", "D"}


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        pytest.param(
            "market",
            [
                ["canonical", "M1", None, 2, Decimal("327.00"), 0],
                ["canonical", "M2", None, 2, Decimal(20), 1],
            ],
            id="by market",
        ),
        pytest.param(
            "account", [["canonical", "desk-7", None, 4, Decimal("347.00"), 1]], id="by account"
        ),
    ],
)
def test_money_at_risk_is_summed(
    by: str, rows: list[list[Any]], database_url: str, tmp_path: Path
) -> None:
    ingested(database_url, day().write(tmp_path / "day.ndjson"))
    assert grouped(database_url, by) == rows


def test_a_group_of_orders_without_a_price_has_no_sum(sqlite_url: str, tmp_path: Path) -> None:
    place = {"msg": "NewOrderSingle", "cl_ord_id": "D", "order_qty": "10", "side": "SELL"}
    ingested(sqlite_url, lost(Tape(), place).write(tmp_path / "day.ndjson"))
    assert grouped(sqlite_url, "account") == [["canonical", "desk-7", None, 1, None, 1]]


def test_an_order_that_is_certain_again_leaves_the_list(sqlite_url: str, tmp_path: Path) -> None:
    tape = Tape().live().cancel().refused("TOO_LATE")
    ingested(sqlite_url, tape.write(tmp_path / "a.ndjson"))
    assert asked(sqlite_url).keys() == {"X"}
    tape.fill("100")
    ingested(sqlite_url, tape.write(tmp_path / "b.ndjson"))
    assert asked(sqlite_url) == {}


def test_the_listing_of_orders_tells_what_it_told(sqlite_url: str, tmp_path: Path) -> None:
    ingested(sqlite_url, day().write(tmp_path / "day.ndjson"))
    for order in orders_of(sqlite_url).values():
        assert not {"is_open", "why", "matched_min", "matched_max"} & order.keys()
