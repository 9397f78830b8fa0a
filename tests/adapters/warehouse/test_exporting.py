"""What a warehouse is given: exact, each line once, and nothing that has to be de-duplicated."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App
from adapters.bootstrap_export import DATASETS, KINDS, Span
from adapters.captures.ndjson import item
from projections.reporting_v1 import VIEWS
from tests.adapters.warehouse_runs import (
    READ,
    bytes_of,
    issued,
    loaded,
    manifest,
    ran,
    rows_held,
    story,
)
from tests.feeding import Feed, desk, feed
from tests.golden.histories import side_by_side
from tests.projections.rebuilding import rebuilt
from tests.projections.reporting import rows_of, told_golden

BOOKS = [name for name in DATASETS if name != "events"]


def golden(app: App, share: float) -> None:
    """The first so many lines of every golden history."""
    app.ingest(
        [
            (name, [item(name, n, text.encode()) for n, text in enumerate(lines, 1)])
            for name, every in side_by_side().items()
            for lines in [every[: round(len(every) * share)]]
        ]
    )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Every golden history, in one database of SQLite."""
    with desk(f"sqlite:///{tmp_path_factory.mktemp('full') / 'full.db'}") as app:
        told_golden(app)
        yield app


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_tells_every_row(tmp_path: Path, full: App, kind: str) -> None:
    run = ran(full, tmp_path / "out", kind)
    for name, view in VIEWS.items():
        rows = rows_of(full, view.name)
        lines = [line for _, _, line in issued(tmp_path / "out", name)]
        assert run[name].new == len(lines) == len(rows) > 0
        columns = [column.name for column in view.columns]
        spell = _in_csv if kind == "csv" else _plain
        wanted = sorted(str([spell(row[each]) for each in columns]) for row in rows)
        found = sorted(str([spell(line[each]) for each in columns]) for line in lines)
        assert found == wanted
    assert run["events"].new == full.store.head()


def _in_csv(value: Any) -> str:  # noqa: ANN401 - any value of a line
    """A value as far as CSV tells it: nothing and no text are one, and a quote may stand before."""
    text = _plain(value) or ""
    return {"true": "1", "false": "0"}.get(text, text.removeprefix("'"))


def _plain(value: Any) -> str | None:  # noqa: ANN401 - any value of a line
    match value:
        case None:
            return None
        case bool():
            return str(int(value))
        case Decimal():
            return format(value.normalize(), "f")
        case str() | int():
            return str(value)
        case _:
            return str(value.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_log_gives_the_same_bytes(tmp_path: Path, full: App, kind: str) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    ran(full, one, kind)
    before = bytes_of(one)
    assert {run.rows for run in ran(full, one, kind).values()} == {0}
    assert bytes_of(one) == before, "nothing is new, nothing is written"
    rebuilt(full, "fills")
    ran(full, two, kind)
    assert bytes_of(two) == before
    for file in manifest(one)["files"]:
        path = one / file["path"]
        assert sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert file["rows"] == len(list(READ[kind](path))) > 0
        assert file["path"].startswith(f"{file['dataset']}/day={file['day']}/venue={file['venue']}")
    assert len(before) == len(manifest(one)["files"]) + 1


def test_both_databases_give_the_same_bytes(tmp_path: Path, full: App, postgres_url: str) -> None:
    with desk(postgres_url) as app:
        told_golden(app)
        for kind, source in (("lite", full), ("post", app)):
            ran(source, tmp_path / kind, "parquet", datasets=BOOKS)
    one, two = bytes_of(tmp_path / "lite"), bytes_of(tmp_path / "post")
    assert one.keys() == two.keys()
    assert {name for name in one if one[name] != two[name]} == {"manifest.json"}, (
        "the chain's hash covers when each log was recorded"
    )


def test_lines_and_their_corrections_come_to_what_stands(tmp_path: Path, database_url: str) -> None:
    kinds: set[str] = set()
    with desk(database_url) as app:
        for share in (0.6, 1.0):
            golden(app, share)
            ran(app, tmp_path / "steps")
            fresh = tmp_path / f"fresh-{share}"
            ran(app, fresh)
            for dataset in DATASETS:
                assert rows_held(tmp_path / "steps", dataset) == rows_held(fresh, dataset), dataset
    for dataset in DATASETS:
        kinds |= {line["action"] for _, _, line in issued(tmp_path / "steps", dataset)}
    assert {"NEW", "CORRECTION"} <= kinds


_ISSUED = ("action", "corrects_position", "computed_at_position")


def told(directory: Path, dataset: str, *names: str) -> list[tuple[Any, ...]]:
    """The lines of a dataset in short: what each does, where from, where to, and some values."""
    return [
        tuple(line[name] for name in (*_ISSUED, *names))
        for _, _, line in issued(directory, dataset)
    ]


def test_a_late_match_and_a_void_correct_what_was_issued(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        given = story()
        feed(app, given)
        first = ran(app, out)["fills"].position
        feed(app, given.trade("O", "X", "t2", "10"))
        second = ran(app, out)["fills"].position
        given.report("TradeCancel", "O", "X", exec_id="b", exec_ref_id="t1")
        feed(app, given)
        third = ran(app, out)["fills"].position
    assert told(out, "fills", "fill_id", "state", "size") == [
        ("NEW", None, first, "t1", "standing", "40"),
        ("NEW", None, second, "t2", "standing", "10"),
        ("CORRECTION", first, third, "t1", "voided", "0"),
    ]
    assert told(out, "orders", "matched") == [
        ("NEW", None, first, "40"),
        ("CORRECTION", first, second, "50"),
        ("CORRECTION", second, third, "10"),
    ]
    assert [line["matched"] for _, _, line in issued(out, "daily")] == ["40", "50", "10"]


def test_an_order_that_proves_to_be_another_is_cancelled(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        given = Feed().place("X").trade("O", None, "t1", "40")
        feed(app, given)
        ran(app, out)
        assert len(loaded(out, "orders")) == 2
        feed(app, given.report("New", "O", "X", exec_id="n"))
        run = ran(app, out)
        assert (run["orders"].cancels, run["fills"].cancels) == (1, 1)
        assert len(loaded(out, "orders")) == len(loaded(out, "fills")) == 1
        (line,) = [line for _, _, line in issued(out, "orders") if line["action"] == "CANCEL"]
        assert line["size"] is None
        assert line["venue"] == "canonical"


def test_days_are_chosen_and_what_was_left_out_comes_with_a_wider_span(
    tmp_path: Path, sqlite_url: str
) -> None:
    out = tmp_path / "out"
    second = Feed("c2").place("Z")
    second.records[0]["at"] = "2026-02-09T08:00:00.000000Z"
    with desk(sqlite_url) as app:
        feed(app, story(), second)
        ran(app, out, span=Span("2026-02-09", "2026-02-09"))
        assert [day for day, _, _ in issued(out, "orders")] == ["2026-02-09"]
        assert {day for day, _, _ in issued(out, "events")} == {"2026-02-09"}
        ran(app, out, span=Span(None, "2026-02-08"))
        ran(app, out, span=Span("2026-02-07", "2026-02-07"))
        feed(app, second.trade("O9", "Z", "t9", "1"))
        ran(app, out, span=Span("2026-02-01"))
        ran(app, out)
        positions = [line["position"] for _, _, line in issued(out, "events")]
        assert sorted(positions) == list(range(1, app.store.head() + 1)), "each once"
        ran(app, tmp_path / "fresh")
    for dataset in BOOKS:
        assert rows_held(out, dataset) == rows_held(tmp_path / "fresh", dataset)


def test_only_what_events_behind_a_position_tell(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        given = story().place("Y")
        feed(app, given)
        before = app.store.head()
        feed(app, given.trade("O", "X", "t2", "10"))
        run = ran(app, out, after=before)
        assert [line["client_order_id"] for _, _, line in issued(out, "orders")] == ["X"]
        assert [line["fill_id"] for _, _, line in issued(out, "fills")] == ["t2"]
        assert run["events"].new == app.store.head() - before
        ran(app, out)
        assert sorted(line["client_order_id"] for _, _, line in issued(out, "orders")) == ["X", "Y"]
        assert len(list(issued(out, "events"))) == app.store.head(), "each once"


def test_amounts_that_decimals_of_parquet_cannot_hold_are_never_rounded(
    tmp_path: Path, sqlite_url: str
) -> None:
    large, fine = "123456789012345678901", "0.1234567890123456789"
    given = Feed().place("L", large).place("F", fine).place("N", "12345678901234567890")
    with desk(sqlite_url) as app:
        feed(app, given)
        ran(app, tmp_path / "out", "parquet")
    lines = {
        line["client_order_id"]: (line["size"], line["beyond_decimal"])
        for _, _, line in issued(tmp_path / "out", "orders")
    }
    assert lines["N"] == (Decimal(12345678901234567890), None)
    assert lines["L"][0] is None
    assert f'"size": "{large}"' in lines["L"][1]
    assert f'"remaining": "{fine}"' in lines["F"][1]


def test_a_query_over_the_directory_reads_partitions_and_decimals(
    tmp_path: Path, sqlite_url: str
) -> None:
    import polars as pl  # noqa: PLC0415 - heavy to import

    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, tmp_path / "out", "parquet")
    frame = pl.scan_parquet(tmp_path / "out" / "fills" / "**" / "*.parquet").collect()
    assert frame["size"].sum() == 40
    assert frame["turnover"].dtype == pl.Decimal(38, 18)


def test_text_that_a_spreadsheet_would_run_is_shown(tmp_path: Path, sqlite_url: str) -> None:
    with desk(sqlite_url) as app:
        feed(app, Feed().place("=1+1", price="-5"))
        ran(app, tmp_path / "out", "csv")
    ((_, _, line),) = issued(tmp_path / "out", "orders")
    assert (line["client_order_id"], line["certain"]) == ("'=1+1", "true")
    assert not line["price"].startswith("'"), "a number is no formula"
