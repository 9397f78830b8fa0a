"""Programs that compete for an account are killed at random: none acts out of its turn."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.adapters.at_venues import quiet
from tests.postgres import ScratchDatabases
from tests.whole.competing import killed_at_random
from tests.whole.programs import at_one_venue

__all__ = ["quiet"]
KILLS = int(os.environ.get("BREAKWATER_TEST_KILLS", "20"))
SEED = int(os.environ.get("BREAKWATER_TEST_SEED", "7"))
LEASE_S = 1


@pytest.mark.usefixtures("quiet")
def test_nobody_acts_twice_and_nothing_is_lost(
    postgres_databases: ScratchDatabases, tmp_path: Path
) -> None:
    """`BREAKWATER_TEST_SEED` names the moments; `BREAKWATER_TEST_KILLS` how many."""
    url = postgres_databases.fresh()
    with at_one_venue(url, tmp_path, LEASE_S) as there:
        found = killed_at_random(there, tmp_path, KILLS, SEED)
        key = there.line.key
    postgres_databases.drop(url)
    assert (found.twice, found.out_of_turn) == ([], 0)
    assert found.ours == found.theirs
    assert found.endings == [0, 0]
    assert found.kills >= KILLS
    assert found.holders >= KILLS * 2 // 5
    assert found.turns > KILLS / 5
    told = (tmp_path / "run.log").read_text()
    assert "Traceback" not in told
    assert key not in told
