"""The venues that are shipped keep every scenario of the kit that applies to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.venuekit.bench import Bench, bench, quietly
from adapters.venuekit.scenarios import SCENARIOS
from adapters.venuekit.scenarios.registry import DoesNotApply, Scenario
from adapters.venuekit.venue import NAMES, loaded

NOT_THEIRS = {
    ("fourcasters", "its cancels are answered on a socket: there is no status"),
    ("fourcasters", "its answers quote their requests"),
}
"""What a venue of ours has no words for; any other scenario has to be kept."""


def why_not(at: Bench, scenario: Scenario) -> str | None:
    """Play the scenario; why it does not apply to the venue, None when it was kept."""
    try:
        scenario(at)
    except DoesNotApply as why:
        return str(why)
    return None


@pytest.fixture(scope="module", params=NAMES)
def at(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with quietly(), bench(loaded(request.param)) as found:
        yield found


@pytest.mark.parametrize(
    "scenario", [pytest.param(scenario, id=name) for name, scenario in SCENARIOS.items()]
)
def test_a_venue_of_ours(at: Bench, scenario: Scenario) -> None:
    why = why_not(at, scenario)
    assert why is None or (at.venue.name, why) in NOT_THEIRS
