"""Programs that read a capture and are killed in the middle: one process forks them, imports once.

Run as `python -m tests.whole.crashing`. Each line on standard input starts one program:

    ingest URL FILE ACKS            read to the end
    statement N URL FILE ACKS       die by SIGKILL before the N-th SQL statement of SQLite
    stopped URL FILE ACKS           stop first, until somebody sends SIGCONT

and is answered by `pid P`, or for the first two by `ended STATUS` in one go when `wait` follows.
`wait P` answers `ended STATUS` (negative: the signal). A program writes to ACKS the place of each
line that it was told is stored, and in the end how many SQL statements it ran.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from adapters.bootstrap import opened
from adapters.engine import ingest
from adapters.settings import Settings
from tests.feeding import items

CHUNK = 10
"""Lines per acknowledgement."""


class Statements:
    """Counts the SQL statements of this process, and ends it before a certain one."""

    def __init__(self, fatal: int | None) -> None:
        self.count = 0
        self._fatal = fatal

    def listen(self) -> None:
        """From now on, on every connection of SQLite."""
        event.listen(Engine, "connect", self._connected)

    def _connected(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(self._statement)

    def _statement(self, _sql: str) -> None:
        self.count += 1
        if self.count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def read(url: str, file: str, acks: str, statements: Statements) -> None:
    """Ingest the file chunk by chunk, and write down what was acknowledged."""
    records = [json.loads(line) for line in Path(file).read_text().splitlines()]
    statements.listen()
    told = os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with opened(Settings(database_url=url)) as app:
        for start in range(0, len(records), CHUNK):
            chunk = records[start : start + CHUNK]
            app.ingest([(file, items(chunk, file))])
            os.write(told, f"{chunk[-1]['seq']}\n".encode())
    os.write(told, f"statements {statements.count}\n".encode())


def start(words: list[str]) -> int:
    """Fork a program; its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        ingest.BATCH_LINES = CHUNK // 2
        kind, *rest = words
        fatal = int(rest.pop(0)) if kind == "statement" else None
        if kind == "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        url, file, acks = rest
        read(url, file, acks, Statements(fatal))
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Serve commands until standard input ends."""
    for line in sys.stdin:
        words = line.split()
        if words[0] == "wait":
            _, status = os.waitpid(int(words[1]), 0)
            sys.stdout.write(f"ended {os.waitstatus_to_exitcode(status)}\n")
            sys.stdout.flush()
            continue
        pid = start(words)
        if words[0] == "stopped":
            os.waitpid(pid, os.WUNTRACED)
        sys.stdout.write(f"pid {pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
