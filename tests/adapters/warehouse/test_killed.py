"""An export that is killed again and again comes to the files of one that never was."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from adapters.warehouse.memory import NAME as MEMORY
from tests.adapters.warehouse_runs import manifest
from tests.feeding import Feed, desk, feed

KILLS = 25


def test_an_export_that_is_killed_again_and_again_leaves_what_one_leaves(
    tmp_path: Path, sqlite_url: str
) -> None:
    given = Feed()
    for number in range(150):
        given.place(f"X{number}").trade(f"O{number}", f"X{number}", f"t{number}", "40")
    with desk(sqlite_url) as app:
        feed(app, given)
        app.runner.catch_up()
    out = tmp_path / "out"
    command = ("tests.adapters.killed_exports", sqlite_url, str(out), "ndjson", str(KILLS))
    ran = subprocess.run([sys.executable, "-m", *command], capture_output=True, check=False)  # noqa: S603 - our own program
    assert ran.returncode == 0, ran.stderr.decode()
    assert json.loads(ran.stdout)["killed"] == KILLS
    assert json.loads(ran.stdout)["writing"] > 0
    whole = _everything(tmp_path / "undisturbed")
    others = [out, *tmp_path.glob("whole-*")]
    assert [path.name for path in others if _everything(path) != whole] == []
    for file in manifest(out)["files"]:
        assert sha256((out / file["path"]).read_bytes()).hexdigest() == file["sha256"]


def _everything(directory: Path) -> dict[str, bytes]:
    """Every file, what nobody is to read among them, but for the memory itself."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name != MEMORY
    }
