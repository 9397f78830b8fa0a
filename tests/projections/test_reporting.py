"""The views for SQL users: a contract, and the same answers as the program gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from adapters.bootstrap import App
from domain.values import ZERO, plain
from projections import queries
from projections.break_queries import Wanted, break_list
from projections.columns import stamp
from projections.reporting import Kind
from projections.reporting_v1 import VIEWS
from tests.feeding import NOON, Feed, desk, feed, sound
from tests.projections.rebuilding import rebuilt
from tests.projections.reporting import rows_of, told_golden

POSTGRESQL = {
    Kind.TEXT: "text",
    Kind.EXACT: "numeric",
    Kind.TRUTH: "boolean",
    Kind.MOMENT: "timestamp with time zone",
    Kind.DAY: "date",
}
CONTRACT = {
    "rpt_orders_v1": "order_key text, venue text, account text, venue_order_id text, "
    "client_order_id text, user_ref text, market text, selection text, side text, price exact, "
    "price_format text, currency text, size exact, matched exact, remaining exact, "
    "cancelled exact, lapsed exact, voided exact, status text, cancel_pending truth, "
    "replace_pending truth, closed_by text, certain truth, remaining_min exact, "
    "remaining_max exact, uncertain_because text, placed_at moment, first_seen_at moment, "
    "updated_at moment, last_position whole, day day",
    "rpt_fills_v1": "order_key text, fill_id text, venue text, account text, venue_order_id text, "
    "client_order_id text, user_ref text, market text, selection text, side text, currency text, "
    "source text, state text, size exact, price exact, price_format text, turnover exact, "
    "told_size exact, told_price exact, voided exact, returned truth, corrected_by text, "
    "fee exact, against_order_key text, settled truth, result text, raw_result text, "
    "profit exact, payout exact, settlement_fee exact, settlement_currency text, "
    "settled_at moment, occurred_at moment, observed_at moment, position whole, "
    "last_position whole, day day",
    "rpt_cancels_v1": "cancel_id text, venue text, account text, requested_by text, why text, "
    "scope text, requested_at moment, answered_at moment, latency_ms whole, status text, "
    "request_reason text, request_raw_reason text, entry whole, asked text, order_key text, "
    "venue_order_id text, outcome text, reason text, raw_reason text, cancelled exact, "
    "matched_before exact, matched_in_flight exact, matched_after exact, took_off_at moment, "
    "last_position whole, day day",
    "rpt_breaks_v1": "break_id text, code text, name text, severity text, kind text, "
    "order_key text, venue text, account text, opened_at moment, closed_at moment, status text, "
    "owner text, decided_by text, decided_at moment, reason text, approved_by text, "
    "comments whole, worked_at moment, ours text, theirs text, difference text, exposed exact, "
    "witness text, clears_when text, note text, rule_version whole, last_position whole, day day",
    "rpt_daily_v1": "day day, venue text, account text, orders_placed whole, fills whole, "
    "matched exact, turnover exact, unpriced exact, currency text, by_currency text, "
    "cancel_requests whole, cancels_asked whole, cancels_done whole, cancels_rejected whole, "
    "cancels_unknown whole, cancels_open whole, cancels_unrequested whole, breaks_opened whole, "
    "breaks_closed whole",
}
"""Names, order and kinds of the columns, once and for all: another is a view of version 2."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def golden(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_databases: Any,  # noqa: ANN401 - the session's databases
) -> Iterator[App]:
    """Every golden history, worked by the desk halfway."""
    made = None
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('golden') / 'golden.db'}"
    else:
        url = made = postgres_databases.fresh()
    with desk(url) as app:
        told_golden(app, halves=True)
        yield app
    if made is not None:
        postgres_databases.drop(made)


@pytest.mark.parametrize("name", list(CONTRACT))
def test_the_contract_stands_in_the_dictionary(name: str) -> None:
    (view,) = [view for view in VIEWS.values() if view.name == name]
    told = ", ".join(f"{column.name} {column.kind}" for column in view.columns)
    assert told == CONTRACT[name]
    assert all(column.meaning.endswith((".", "…")) for column in view.columns)


def test_the_views_are_as_the_contract_says_on_postgresql(postgres_url: str) -> None:
    query = text(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = :name ORDER BY ordinal_position"
    )
    comments = text(
        "SELECT attname, col_description(attrelid, attnum), obj_description(attrelid)"
        " FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 ORDER BY attnum"
    )
    with desk(postgres_url) as app, app.reading() as connection:
        for view in VIEWS.values():
            found = connection.execute(query, {"name": view.name}).all()
            assert [name for name, _ in found] == [column.name for column in view.columns]
            for column, (_, kind) in zip(view.columns, found, strict=True):
                whole = {"bigint", "integer"}
                wanted = whole if column.kind is Kind.WHOLE else {POSTGRESQL[column.kind]}
                assert kind in wanted, f"{view.name}.{column.name} is {kind}"
            said = connection.execute(comments, {"name": view.name}).all()
            assert said == [(each.name, each.meaning, view.meaning) for each in view.columns]


def test_the_views_are_as_the_contract_says_on_sqlite(golden: App) -> None:
    if golden.engine.dialect.name != "sqlite":
        pytest.skip("its own test looks at PostgreSQL's types")
    kinds = {Kind.WHOLE: int, Kind.TRUTH: int}
    for view in VIEWS.values():
        rows = rows_of(golden, view.name)
        assert rows
        assert list(rows[0]) == [column.name for column in view.columns]
        for column in view.columns:
            wanted = kinds.get(column.kind, str)
            values: set[object] = {
                type(row[column.name]) for row in rows if row[column.name] is not None
            }
            assert values <= {wanted}, f"{view.name}.{column.name} has {values}"


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
    names = {each.split()[0] for each in CONTRACT["rpt_daily_v1"].split(", ")[3:]}
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
            assert (Decimal(row["size"]), row["status"]) == (100, "FILLED")
        assert len(rows_of(app, "rpt_fills_v1")) == 2
        assert len(rows_of(app, "of_the_table")) == 1
