"""The kit's scenarios as tests, for `pytest --venue MODULE`."""

from __future__ import annotations

import pytest

from adapters.venuekit.bench import Bench
from adapters.venuekit.scenarios import SCENARIOS
from adapters.venuekit.scenarios.registry import DoesNotApply, Scenario


@pytest.mark.parametrize(
    "scenario", [pytest.param(scenario, id=name) for name, scenario in SCENARIOS.items()]
)
def test_venue(venue_bench: Bench, scenario: Scenario) -> None:
    """What the scenario's name says holds at the venue."""
    try:
        scenario(venue_bench)
    except DoesNotApply as why:
        pytest.skip(str(why))
