"""Commands run in an empty directory, as a user would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.cli.main import guarded
from tests.adapters.cli.using import Capture, Ran, Run


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty directory, as a user would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BREAKWATER_DATABASE_URL", raising=False)

    def running(*arguments: str) -> Ran:
        code = guarded(list(arguments))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return running


@pytest.fixture
def capture(tmp_path: Path) -> Capture:
    """Write a capture file."""

    def written(lines: Sequence[str]) -> str:
        path = tmp_path / "capture.ndjson"
        path.write_text("".join(f"{text}\n" for text in lines))
        return str(path)

    return written
