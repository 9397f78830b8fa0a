"""The demo's last act: what became of six orders, and whether both books say so."""

from __future__ import annotations

from pathlib import Path

from adapters.bootstrap import opened
from adapters.rehearsing import rehearsed
from adapters.settings import Settings


def test_cancels_while_strangers_match(tmp_path: Path) -> None:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'act.db'}")) as app:
        told = rehearsed(app)
    assert (told.orders, told.agree, told.lost) == (6, 6, 1)
    assert [str(row["matched"]) for row in told.outcomes] == ["40", "0", "0", "100", "0", "40"]
    assert [row["outcome"] for row in told.outcomes].count("cancelled") == 5
