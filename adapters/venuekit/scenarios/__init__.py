"""Every scenario of the kit, by its name; each says in its own words what a venue has to keep."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.venuekit.scenarios import (
    answers,
    cancels,
    feeds,
    lookups,
    losses,
    races,
    reading,
    refusals,
    words,
)
from adapters.venuekit.scenarios.registry import Scenario

SCENARIOS: Mapping[str, Scenario] = {
    name: scenario
    for part in (words, cancels, races, losses, lookups, refusals, answers, reading, feeds)
    for name, scenario in part.SCENARIOS.items()
}
"""In the order in which a new venue is best made to keep them."""
