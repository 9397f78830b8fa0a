"""What a warehouse is given: exact, each line once, and nothing that has to be de-duplicated."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App
from adapters.bootstrap_export import DATASETS, KINDS, Span, Wanted, export
from adapters.captures.ndjson import item
from adapters.warehouse.exporting import AnotherExport
from adapters.warehouse.memory import NAME as MEMORY
from adapters.warehouse.memory import Memory
from adapters.warehouse.partitions import STAGING
from projections.reporting_v1 import VIEWS
from tests.adapters.warehouse_runs import READ, bytes_of, issued, loaded, manifest, ran
from tests.feeding import Feed, desk, feed
from tests.golden.histories import histories
from tests.projections.rebuilding import rebuilt
from tests.projections.reporting import rows_of, told_golden

BOOKS = [name for name in DATASETS if name != "events"]


def story() -> Feed:
    """One order, half matched."""
    return Feed().place("X").report("New", "O", "X", exec_id="n").trade("O", "X", "t1", "40")


def golden(app: App, share: float) -> None:
    """The first so many lines of every golden history."""
    app.ingest(
        [
            (name, [item(name, n, text.encode()) for n, text in enumerate(lines, 1)])
            for name, every in sorted(histories().items())
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
        for kind, one in (("lite", full), ("post", app)):
            ran(one, tmp_path / kind, "parquet", datasets=BOOKS)
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
                assert _rows(tmp_path / "steps", dataset) == _rows(fresh, dataset), dataset
    for dataset in DATASETS:
        kinds |= {line["action"] for _, _, line in issued(tmp_path / "steps", dataset)}
    assert {"NEW", "CORRECTION"} <= kinds


def _rows(directory: Path, dataset: str) -> dict[Any, Any]:
    issued_with = ("action", "computed_at_position", "corrects_position")
    return {
        key: {name: value for name, value in line.items() if name not in issued_with}
        for key, line in loaded(directory, dataset).items()
    }


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
        assert _rows(out, dataset) == _rows(tmp_path / "fresh", dataset)


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
    import polars as pl  # noqa: PLC0415 - heavy

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


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_log_gives_an_empty_manifest(tmp_path: Path, database_url: str, kind: str) -> None:
    with desk(database_url) as app:
        ran(app, tmp_path / "out", kind)
        assert manifest(tmp_path / "out")["files"] == []
        feed(app, story())
        assert ran(app, tmp_path / "out", kind)["orders"].new == 1


def test_a_run_that_was_interrupted_leaves_nothing_and_is_done_again(
    tmp_path: Path, sqlite_url: str
) -> None:
    class Interrupted(Exception):
        """Somebody pulled the plug."""

    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, out)
        before = bytes_of(out)
        many = Feed("many")
        for number in range(1_200):
            many.place(f"Y{number}")
        feed(app, many)

        def stop(_dataset: str, _count: int) -> None:
            raise Interrupted

        with pytest.raises(Interrupted):
            export(app, Wanted(directory=out, kind="ndjson"), stop)
        assert bytes_of(out) == before
        ran(app, out)
        ran(app, tmp_path / "fresh")
    for dataset in BOOKS:
        assert _rows(out, dataset) == _rows(tmp_path / "fresh", dataset)


def test_a_run_that_died_after_its_commit_is_put_in_place_by_the_next(
    tmp_path: Path, sqlite_url: str
) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, out)
        whole = bytes_of(out)
        for file in manifest(out)["files"][::2]:
            aside = out / STAGING / file["path"]
            aside.parent.mkdir(parents=True)
            (out / file["path"]).rename(aside)
        (out / "manifest.json").unlink()
        assert {told.rows for told in ran(app, out).values()} == {0}
        assert bytes_of(out) == whole
        assert not (out / STAGING).exists()


def test_a_directory_of_another_database_is_refused(
    tmp_path: Path, sqlite_url: str, postgres_url: str
) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, out)
    with desk(postgres_url) as app:
        with pytest.raises(AnotherExport, match=r"goes to 0 only.*export into another directory"):
            ran(app, out)
        feed(app, story(), Feed("c2").place("Z"))
        with pytest.raises(AnotherExport, match=r"another database.*export into another directory"):
            ran(app, out)


def test_an_older_copy_of_the_database_is_refused(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    given = story()
    with desk(sqlite_url) as app:
        feed(app, given)
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), tmp_path / "older.db")
    with desk(sqlite_url) as app:
        feed(app, given.trade("O", "X", "t2", "1"))
        ran(app, out)
    with (
        desk(f"sqlite:///{tmp_path / 'older.db'}") as app,
        pytest.raises(AnotherExport, match="an older copy"),
    ):
        ran(app, out)


def test_a_directory_that_is_something_else_is_refused(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"meow")
    (tmp_path / "file").write_text("words")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / MEMORY).write_bytes(b"no database at all, " * 100)
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        for place, said in (("photos", "no export left there"), ("file", "is a file")):
            with pytest.raises(AnotherExport, match=said):
                ran(app, tmp_path / place)
        with pytest.raises(AnotherExport, match="not what an export left there"):
            ran(app, broken)
        ran(app, out, "csv")
        with pytest.raises(AnotherExport, match="breakwater export csv"):
            ran(app, out, "parquet")


def test_columns_of_another_version_are_refused(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, out)
        with sqlite3.connect(out / MEMORY) as memory:
            memory.execute("UPDATE shapes SET version = 7 WHERE dataset = 'orders'")
        memory.close()
        with pytest.raises(AnotherExport, match="orders of schema version 7"):
            ran(app, out)
        assert ran(app, out, datasets=["fills"])["fills"].rows == 0


def test_two_exports_at_once_do_not_mix(tmp_path: Path, sqlite_url: str) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        ran(app, out)
        other = Memory(out)
        with pytest.raises(AnotherExport, match="another export is at work"):
            ran(app, out)
        other.close()
        assert ran(app, out)["orders"].rows == 0
