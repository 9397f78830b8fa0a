"""The views for SQL users: a contract, and the same answers as the program gives."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.bootstrap import App
from domain.values import ZERO, plain
from projections import queries
from projections.break_queries import Wanted, break_list
from projections.columns import stamp
from projections.reporting_v1 import VIEWS
from tests.feeding import NOON, Feed, desk, feed, sound
from tests.projections.rebuilding import rebuilt
from tests.projections.reporting import rows_of


def test_orders_are_those_that_the_program_lists(golden: App) -> None:
    with golden.reading() as connection:
        listed = list(queries.order_list(connection))
    rows = {row["order_key"]: row for row in rows_of(golden, "rpt_orders_v1")}
    assert len(rows) == len(listed) > 0
    for record in listed:
        row = rows[record["order_key"]]
        assert {name: _same(row[name], value) for name, value in record.items()} == record
        first = row["placed_at"] or row["first_seen_at"]
        assert _same(row["day"], date(1, 1, 1)) == _same(first, NOON).date()


def test_the_matches_of_an_order_sum_to_what_it_has_matched(golden: App) -> None:
    matched: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(golden, "rpt_fills_v1"):
        matched[row["order_key"]] += Decimal(row["size"])
        assert row["venue"], "its order is found"
    rows = rows_of(golden, "rpt_orders_v1")
    for row in rows:
        held = matched.pop(row["order_key"], ZERO)
        assert held >= Decimal(row["matched"])
        if Decimal(row["matched"]) < Decimal(row["size"]):
            assert held == Decimal(row["matched"])
    assert not matched
    states = {(row["source"], row["state"]) for row in rows_of(golden, "rpt_fills_v1")}
    assert {word for _, word in states} >= {"standing", "provisional", "voided", "replaced"}


def test_cancels_have_the_outcomes_that_the_program_lists(golden: App) -> None:
    with golden.reading() as connection:
        listed = list(queries.cancel_list(connection))
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(golden, "rpt_cancels_v1"):
        rows[row["cancel_id"]].append(row)
    fields = (*queries.OUTCOME_FIELDS, *queries.LINK_FIELDS[1:])
    assert len(rows) == len(listed) > 0
    for record in listed:
        found = rows[record["cancel_id"]]
        for name in ("venue", "account", "requested_by", "why", "latency_ms", "status"):
            assert {row[name] for row in found} == {record[name]}
        told = [[_text(row[name]) for name in fields] for row in found]
        wanted = [[_text(outcome[name]) for name in fields] for outcome in record["outcomes"]]
        assert sorted(told, key=str) == sorted(wanted or [[None] * len(fields)], key=str)


def test_breaks_stand_as_the_program_judges_them(golden: App) -> None:
    with golden.reading() as connection:
        at = golden.as_of(connection)
        assert at is not None
        listed = {
            record["break_id"]: record
            for record in break_list(connection, at, Wanted(everything=True))
        }
    rows = {row["break_id"]: row for row in rows_of(golden, "rpt_breaks_v1")}
    assert rows.keys() == listed.keys()
    names = (
        *("code", "kind", "order_key", "opened_at", "closed_at", "status", "ours", "theirs"),
        *("difference", "owner", "decided_by", "decided_at", "reason", "approved_by"),
        *("comments", "worked_at", "note", "rule_version"),
    )
    for break_id, record in listed.items():
        row = rows[break_id]
        assert {name: _same(row[name], record[name]) for name in names} == {
            name: record[name] for name in names
        }
        assert row["severity"] == record["severity_by_default"]
    assert {row["status"] for row in rows.values()} == {
        "open",
        "closed",
        "acknowledged",
        "awaiting_approval",
        "accepted",
        "resolved",
        "force_closed",
    }


Day = tuple[str, str, str]
Sums = dict[Day, dict[str, Decimal]]


def _count(sums: Sums, row: dict[str, Any], name: str, much: Decimal = Decimal(1)) -> None:
    sums[str(row["day"]), row["venue"], row["account"]][name] += much


def _matched(app: App, sums: Sums) -> None:
    for row in rows_of(app, "rpt_fills_v1"):
        size = Decimal(row["size"])
        _count(sums, row, "fills", Decimal(bool(size)))
        _count(sums, row, "matched", size)
        _count(sums, row, "turnover", Decimal(row["turnover"] or 0))
        _count(sums, row, "unpriced", size if row["turnover"] is None else ZERO)


def _cancelled(app: App, sums: Sums) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows_of(app, "rpt_cancels_v1"):
        request = (str(row["day"]), row["cancel_id"])
        if request not in seen:
            _count(sums, row, "cancel_requests")
        seen.add(request)
        if row["outcome"] == "unrequested":
            _count(sums, row, "cancels_unrequested")
        elif row["order_key"] or row["asked"]:
            _count(sums, row, "cancels_asked")
            _count(sums, row, f"cancels_{_FATES[row['outcome']]}")


def _broken(app: App, sums: Sums) -> None:
    for row in rows_of(app, "rpt_breaks_v1"):
        if row["kind"] == "break":
            _count(sums, row, "breaks_opened")
            if row["closed_at"] is not None:
                closed = _same(row["closed_at"], NOON)
                _count(sums, {**row, "day": closed.date()}, "breaks_closed")


def test_days_add_up_what_the_other_views_tell(golden: App) -> None:
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for row in rows_of(golden, "rpt_orders_v1"):
        _count(sums, row, "orders_placed")
    _matched(golden, sums)
    _cancelled(golden, sums)
    _broken(golden, sums)
    rows = rows_of(golden, "rpt_daily_v1")
    assert {(str(row["day"]), row["venue"], row["account"]) for row in rows} == sums.keys()
    names = {column.name for column in VIEWS["daily"].columns[3:]}
    for row in rows:
        wanted = sums[str(row["day"]), row["venue"], row["account"]]
        for name in names - {"currency", "by_currency"}:
            assert row[name] is None or Decimal(row[name]) == wanted[name], (name, row)
        fates = sum(row[f"cancels_{fate}"] for fate in ("done", "rejected", "unknown", "open"))
        assert row["cancels_asked"] == fates


_FATES = {
    "cancelled": "done",
    "rejected": "rejected",
    "unknown": "unknown",
    "not_mentioned": "unknown",
    None: "open",
}


def _same(value: Any, wanted: Any) -> Any:  # noqa: ANN401 - any value of a row
    """The value in the form in which the program has it."""
    match wanted:
        case None:
            return value
        case bool():
            return bool(value)
        case Decimal():
            return Decimal(value)
        case datetime():
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
        case date():
            return value if isinstance(value, date) else date.fromisoformat(value)
        case _:
            return value


def _text(value: Any) -> str | None:  # noqa: ANN401 - any value of a row
    match value:
        case None:
            return None
        case Decimal():
            return plain(value)
        case datetime():
            return stamp(value)
        case _:
            return str(value)


def test_the_rows_are_as_a_rebuild_makes_them(golden: App) -> None:
    assert sound(golden)


def test_amounts_of_several_currencies_are_not_added_up(database_url: str) -> None:
    given = Feed()
    for number, currency in enumerate(("EUR", "USD", None)):
        client, venue = f"X{number}", f"O{number}"
        given.place(client, currency=currency) if currency else given.place(client)
        given.report("New", venue, client, exec_id=f"n{number}", currency=currency)
        given.trade(venue, client, f"t{number}", "10")
    with desk(database_url) as app:
        feed(app, given)
        (row,) = rows_of(app, "rpt_daily_v1")
        currencies = {one["currency"] for one in rows_of(app, "rpt_fills_v1")}
        if len(currencies - {None}) > 1:
            assert (row["fills"], row["matched"], row["currency"]) == (3, None, None)
        else:
            assert (row["fills"], Decimal(row["matched"])) == (3, Decimal(30))


@pytest.mark.parametrize("names", [(), ("orders",), ("breaks", "fills")], ids=["all", "one", "two"])
def test_a_rebuild_takes_the_views_along(database_url: str, names: tuple[str, ...]) -> None:
    given = Feed().place("X").report("New", "O", "X", exec_id="n").trade("O", "X", "t", "40")
    with desk(database_url) as app:
        feed(app, given)
        with app.writing() as connection:
            connection.exec_driver_sql(
                "CREATE VIEW of_ours AS SELECT size, status FROM rpt_orders_v1"
            )
            connection.exec_driver_sql("CREATE VIEW of_the_table AS SELECT size FROM orders")
        before = {view.name: rows_of(app, view.name) for view in VIEWS.values()}
        for _ in range(2):
            rebuilt(app, *names)
            app.runner.catch_up()
            assert {view.name: rows_of(app, view.name) for view in VIEWS.values()} == before
        feed(app, given.trade("O", "X", "t2", "60"))
        for name in ("rpt_orders_v1", "of_ours"):
            (row,) = rows_of(app, name)
            assert (Decimal(row["size"]), row["status"]) == (Decimal(100), "FILLED")
        assert len(rows_of(app, "rpt_fills_v1")) == 2
        assert len(rows_of(app, "of_the_table")) == 1
