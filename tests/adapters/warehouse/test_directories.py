"""The directory of an export: crashes, strangers, and who else is at work there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from adapters.bootstrap_export import DATASETS, KINDS, Wanted, export
from adapters.eventlog.errors import Damaged
from adapters.warehouse.exporting import CannotWrite
from adapters.warehouse.memory import NAME as MEMORY
from adapters.warehouse.memory import AnotherExport, Memory
from adapters.warehouse.partitions import STAGING
from tests.adapters.eventlog.tampering import drop_triggers
from tests.adapters.warehouse_runs import bytes_of, manifest, ran, rows_held, story
from tests.feeding import Feed, desk, feed

BOOKS = [name for name in DATASETS if name != "events"]


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
        assert rows_held(out, dataset) == rows_held(tmp_path / "fresh", dataset)


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


def test_what_was_committed_and_cannot_be_moved_is_put_in_place_by_the_next(
    tmp_path: Path, sqlite_url: str
) -> None:
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    with desk(sqlite_url) as app:
        ran(app, out)
        feed(app, story())
        (out / "fills").write_text("somebody left this here")
        with pytest.raises(CannotWrite, match=r"fills.*run this again"):
            ran(app, out)
        (out / "fills").unlink()
        assert {told.rows for told in ran(app, out).values()} == {0}, "it was issued then"
        ran(app, fresh)
    assert bytes_of(out) == bytes_of(fresh)


def test_what_the_manifest_names_is_on_the_disk_with_every_folder_that_leads_to_it(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[tuple[Path, int]] = []
    settle = os.fsync

    def watched(handle: int) -> None:
        settle(handle)
        settled.append((Path(f"/proc/self/fd/{handle}").readlink(), os.fstat(handle).st_ino))

    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        monkeypatch.setattr(os, "fsync", watched)
        ran(app, out)
    told = out / "manifest.json"
    assert settled[-2:] == [
        (out / "_manifest.json.tmp", told.stat().st_ino),
        (out, out.stat().st_ino),
    ]
    before = settled[:-2]
    for file in manifest(out)["files"]:
        path = out / file["path"]
        assert (out / STAGING / file["path"], path.stat().st_ino) in before
        for folder in Path(file["path"]).parents:
            assert (out / folder, (out / folder).stat().st_ino) in before
            assert (out / STAGING / folder) in {place for place, _ in before}


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
        for place, said in (
            ("photos", "no export left there"),
            ("file", "is a file"),
            ("file/below", "cannot be made"),
        ):
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


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param("position = 3", id="an event in the middle"),
        pytest.param("position >= 3", id="the end"),
    ],
)
def test_a_log_with_a_hole_is_not_passed_off_as_whole(
    tmp_path: Path, sqlite_url: str, gone: str
) -> None:
    out = tmp_path / "out"
    with desk(sqlite_url) as app:
        feed(app, story())
        with app.engine.begin() as connection:
            drop_triggers(connection)
            connection.exec_driver_sql(f"DELETE FROM events WHERE {gone}")  # noqa: S608 - see above
        with pytest.raises(Damaged, match="position 3 is not in the log; run `breakwater verify`"):
            ran(app, out)
        assert bytes_of(out) == {}


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
