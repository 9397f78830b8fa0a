"""What a directory was given so far: which lines, in which files, from which log.

A SQLite file beside the partitions. Its commit is the moment at which an export happened: files
that were written before it are moved into place after it, and a run that died is taken up or left
out by the next one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.ports import Conflict
from projections.report_lines import Span

NAME = "_issued.sqlite"
VERSION = 1
_LOCKED_S = 0.5

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (run INTEGER PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE covered (
    dataset TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, since INTEGER NOT NULL,
    position INTEGER NOT NULL, PRIMARY KEY (dataset, first, last, since)
) WITHOUT ROWID;
CREATE TABLE shapes (dataset TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, dataset TEXT NOT NULL, day TEXT, venue TEXT NOT NULL,
    run INTEGER NOT NULL, rows INTEGER NOT NULL, new INTEGER NOT NULL,
    corrections INTEGER NOT NULL, cancels INTEGER NOT NULL,
    first_position INTEGER, last_position INTEGER, sha256 TEXT NOT NULL,
    schema_version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE issued (
    dataset TEXT NOT NULL, day TEXT NOT NULL, venue TEXT NOT NULL, line_id TEXT NOT NULL,
    digest BLOB NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (dataset, day, venue, line_id)
) WITHOUT ROWID;
"""


class AnotherExport(Conflict):
    """The directory belongs to something else than what is asked for."""


class Issued(NamedTuple):
    """A line as it was issued last, and the position that it was computed at."""

    day: str
    venue: str
    line_id: str
    digest: bytes
    position: int


class Covered(NamedTuple):
    """Days whose lines were issued, of all that the log tells behind `since` up to `position`."""

    span: Span
    since: int
    position: int


class FileTold(NamedTuple):
    """A file of an export, as the manifest tells it."""

    path: str
    dataset: str
    day: str | None
    venue: str
    run: int
    rows: int
    new: int
    corrections: int
    cancels: int
    first_position: int | None
    last_position: int | None
    sha256: str
    schema_version: int


class Memory:
    """The memory of one directory; while it is open nobody else exports there."""

    def __init__(self, directory: Path) -> None:
        self._connection = sqlite3.connect(
            directory / NAME, isolation_level=None, timeout=_LOCKED_S
        )
        try:
            self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA temp_store = FILE")
            # Kept from one transaction to the next: nobody gets in behind a commit.
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # a full disk, say
                raise
            raise AnotherExport(
                f"another export is at work in {directory}; wait for it, then run this again"
            ) from error
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise AnotherExport(
                f"{directory / NAME} is not what an export left there ({error}); "
                "export into another directory"
            ) from error
        if not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    self._connection.execute(statement)
        self._connection.execute(
            "CREATE TEMP TABLE changed (dataset TEXT, day TEXT, venue TEXT, line_id TEXT,"
            " digest BLOB, position INTEGER)"
        )

    def commit(self) -> None:
        """Everything that was told since the last commit happened."""
        self._connection.execute(
            "INSERT OR REPLACE INTO issued SELECT * FROM changed WHERE digest IS NOT NULL"
        )
        self._connection.execute(
            "DELETE FROM issued WHERE (dataset, day, venue, line_id) IN"
            " (SELECT dataset, day, venue, line_id FROM changed WHERE digest IS NULL)"
        )
        self._connection.execute("DELETE FROM changed")
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN EXCLUSIVE")

    def close(self) -> None:
        """Let others export; what was not committed did not happen."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.close()

    def about(self, name: str) -> str | None:
        """What is kept of the directory as a whole."""
        query = "SELECT value FROM about WHERE name = ?"
        found = self._connection.execute(query, (name,)).fetchone()
        return None if found is None else str(found[0])

    def say(self, name: str, value: str) -> None:
        """Keep something of the directory as a whole."""
        self._connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def newest_run(self) -> tuple[int, int, str]:
        """The number of the newest run, its log position and the hash there; zeros for none."""
        query = "SELECT run, position, hash FROM runs ORDER BY run DESC LIMIT 1"
        found = self._connection.execute(query).fetchone()
        return (0, 0, "") if found is None else found

    def add_run(self, run: int, position: int, digest: str) -> None:
        """A run up to this position of the log, which this hash vouches for."""
        self._connection.execute("INSERT INTO runs VALUES (?, ?, ?)", (run, position, digest))

    def moved(self, run: int, position: int, digest: str) -> None:
        """The newest run had nothing new to tell up to here."""
        self._connection.execute(
            "UPDATE runs SET position = ?, hash = ? WHERE run = ?", (position, digest, run)
        )

    def version_of(self, dataset: str) -> int | None:
        """The version of the columns that its files have."""
        query = "SELECT version FROM shapes WHERE dataset = ?"
        found = self._connection.execute(query, (dataset,)).fetchone()
        return None if found is None else int(found[0])

    def shaped(self, dataset: str, version: int) -> None:
        """Its files have these columns."""
        self._connection.execute("INSERT OR IGNORE INTO shapes VALUES (?, ?)", (dataset, version))

    def versions(self) -> dict[str, int]:
        """The version of the columns of every dataset that has files."""
        return dict(self._connection.execute("SELECT * FROM shapes ORDER BY dataset"))

    def covered(self, dataset: str) -> Sequence[Covered]:
        """Which days were exported, from where in the log to where."""
        query = "SELECT first, last, since, position FROM covered WHERE dataset = ?"
        found = self._connection.execute(query, (dataset,))
        return [
            Covered(Span(first or None, last or None), since, position)
            for first, last, since, position in found
        ]

    def cover(self, dataset: str, covered: Covered) -> None:
        """These days were exported, from there to there."""
        span = covered.span
        self._connection.execute(
            "INSERT OR REPLACE INTO covered VALUES (?, ?, ?, ?, ?)",
            (dataset, span.first or "", span.last or "", covered.since, covered.position),
        )

    def issued(self, dataset: str, span: Span) -> Iterator[Issued]:
        """The lines that were issued of these days, by day, venue and name."""
        query = (
            "SELECT day, venue, line_id, digest, position FROM issued"
            " WHERE dataset = ? AND (day = '' OR day >= ?) AND (? = '' OR day <= ?)"
            " ORDER BY day, venue, line_id"
        )
        last = span.last or ""
        found = self._connection.execute(query, (dataset, span.first or "", last, last))
        return map(Issued._make, found)

    def issue(self, dataset: str, lines: Sequence[Issued]) -> None:
        """These lines were issued; they are found when the run is committed."""
        rows = [(dataset, *line) for line in lines]
        self._connection.executemany("INSERT INTO changed VALUES (?, ?, ?, ?, ?, ?)", rows)

    def withdraw(self, dataset: str, line: Issued) -> None:
        """This line was taken back."""
        row = (dataset, line.day, line.venue, line.line_id)
        self._connection.execute("INSERT INTO changed VALUES (?, ?, ?, ?, NULL, NULL)", row)

    def add_file(self, file: FileTold) -> None:
        """A file of this run."""
        marks = ", ".join("?" * len(file))
        self._connection.execute(f"INSERT INTO files VALUES ({marks})", file)  # noqa: S608 - it is question marks

    def files(self) -> Iterator[FileTold]:
        """Every file that was issued, in the order of runs."""
        columns = ", ".join(FileTold._fields)
        query = f"SELECT {columns} FROM files ORDER BY run, dataset, path"  # noqa: S608 - our own names
        return map(FileTold._make, self._connection.execute(query))
