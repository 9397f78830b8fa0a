"""End to end over real connections, everything going wrong: our books become the venue's."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.paper.script import Script
from adapters.simulating import read_script
from tests.whole.live import QUIET_S_MAX, SCRIPT, live, prove
from tests.whole.placing import PLACES

ORDERS = 40
SEED = 11


@pytest.mark.parametrize("venue", [pytest.param(name, id=name) for name in sorted(PLACES)])
def test_our_books_become_the_venues(venue: str, tmp_path: Path) -> None:
    with live(venue, read_script(SCRIPT), SEED, tmp_path) as there:
        proof = prove(there, ORDERS, SEED, lot=2)
    assert proof.differ == {}
    assert proof.wider == []
    assert proof.lost_intents == 0
    assert proof.open_requests == 0
    assert proof.quiet_s < QUIET_S_MAX
    explained = len(proof.uncertain) + len(proof.forgotten) + len(proof.otherwise)
    assert proof.agree + explained == ORDERS
    assert sum(proof.fired.values()) > 0


def test_what_the_venue_forgot_is_left_to_a_human(tmp_path: Path) -> None:
    forgets = {"do": "forgets", "on": "cancel", "every": 2}
    with live("abp", Script.model_validate({"fault": [forgets]}), 3, tmp_path) as there:
        proof = prove(there, 20, 3, lot=2)
    assert proof.differ == {}
    assert (len(proof.uncertain), len(proof.forgotten), proof.agree) == (3, 1, 16)
