"""A long CSV is read a line at a time."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from domain.statement import StatementRow
from tests.adapters.statements.saved import spelled
from tests.adapters.statements.test_csv import COLUMNS, mapped


def test_a_million_lines_are_not_held(tmp_path: Path) -> None:
    lines = 20_000
    body = "".join(f"B{number},{number}.5,NEW,M{number}\n" for number in range(lines))
    columns = COLUMNS + 'size = "Stake"\nstatus = "State"\nuser_ref = "Ref"\n'
    read = mapped(tmp_path, columns, f"Id,Stake,State,Ref\n{body}")
    tracemalloc.start()
    try:
        count = sum(isinstance(item, StatementRow) for item in spelled(read))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == lines
    assert peak < 40 << 20
