"""The engine and an oracle that works in another way agree on any history, after each message."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.oracle.amounts import Message
from tests.oracle.machine import Telling
from tests.oracle.oracle import opinion
from tests.oracle.playing import Player, playing

EXAMPLES = int(os.environ.get("BREAKWATER_TEST_EXAMPLES", "60"))
"""How many histories are tried; any number, for a night."""


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """An engine over a database of its own."""
    directory: Path = tmp_path_factory.mktemp("oracle")
    with playing(directory) as opened:
        yield opened


def agree(told: Sequence[Message], player: Player) -> None:
    """After each message, both say the same of the order."""
    for number, held in enumerate(player.play(told), 1):
        expected = opinion(told[:number])
        assert {name: held[name] for name in expected} == expected, told[:number]
        parts = ("matched", "remaining", "cancelled", "lapsed", "voided")
        assert sum(held[name] for name in parts) == held["size"]


def test_any_history(player: Player) -> None:
    class Judged(Telling):
        """A history that both have heard once it is told."""

        engine: ClassVar[Player] = player

        def teardown(self) -> None:
            """Hold the engine against the oracle."""
            if self.told:
                agree(self.told, self.engine)

    run_state_machine_as_test(
        Judged,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            derandomize="BREAKWATER_TEST_EXAMPLES" not in os.environ,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
