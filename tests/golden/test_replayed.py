"""Golden histories replayed: cut into any files, read twice, on either database, the same books."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.bootstrap import open_files, opened
from adapters.settings import Settings
from tests.golden.histories import blessed, histories

HISTORIES = histories()
TABLE = blessed()


def pieces(lines: Sequence[str], chance: random.Random) -> list[Sequence[str]]:
    """The lines in up to four files, none of them empty."""
    cuts = chance.sample(range(1, len(lines)), k=min(3, len(lines) - 1))
    return [lines[one:two] for one, two in pairwise([0, *sorted(cuts), len(lines)])]


@pytest.mark.parametrize("name", HISTORIES)
def test_any_cut_into_files_read_twice(name: str, database_url: str, tmp_path: Path) -> None:
    lines, chance = HISTORIES[name], random.Random(name)  # noqa: S311 - where files end
    settings = Settings(database_url=database_url, durability="normal")
    heads: list[int] = []
    for turn in range(2):
        files: list[str] = []
        for number, piece in enumerate(pieces(lines, chance)):
            files.append(str(tmp_path / f"{turn}-{number}.ndjson"))
            Path(files[-1]).write_text("".join(f"{line}\n" for line in piece), "utf-8")
        with opened(settings) as app:
            app.ingest(open_files(files))
            heads.append(app.store.head())
            assert app.state_hash() == TABLE[name]["hash"]
    assert heads[0] == heads[1], "the second time adds nothing"
