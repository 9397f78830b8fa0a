"""The kit can fail: each venue with one fault is caught by the scenario that is about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.venuekit.bench import bench, quietly
from adapters.venuekit.scenarios import SCENARIOS
from adapters.venuekit.venue import VenueUnderTest
from tests.venuekit import mutants
from tests.venuekit.mutants import ABP, STREET, misread, reply


@pytest.mark.parametrize(
    ("venue", "caught", "fails"),
    [
        pytest.param(
            misread(ABP, reply(mutants.failed)),
            ["a timeout leaves the outcome unknown",
             "a timeout after the venue acted is unknown, then cancelled"],
            AssertionError, id="a timeout is called a failure",
        ),
        pytest.param(
            misread(ABP, reply(mutants.refused)),
            ["503 leaves the outcome unknown", "maintenance is unknown, then live"],
            AssertionError, id="a fault of the venue's is called a refusal",
        ),
        pytest.param(
            misread(ABP, reply(mutants.done)),
            ["garbage in place of the answer is unknown, then cancelled"],
            AssertionError, id="a success that cannot be read is called one",
        ),
        pytest.param(
            misread(ABP, reply(mutants.doubted)),
            ["what was not sent never left", "a venue that cannot be reached was sent nothing"],
            AssertionError, id="what was not sent is called unknown",
        ),
        pytest.param(
            misread(STREET, reply(mutants.guessed)),
            ["a reason that nobody has heard of is OTHER, flagged, its words kept",
             "a reason that nobody has heard of raises CXL-34"],
            AssertionError, id="an unknown reason is guessed",
        ),
        pytest.param(
            misread(ABP, reply(mutants.forgotten)),
            ["several orders are cancelled in one go"],
            AssertionError, id="only the first row of an answer is read",
        ),
        pytest.param(
            misread(ABP, mutants.counted),
            ["a look-up that comes twice counts once"],
            AssertionError, id="a running total is a new match each time: no duplicate is noticed",
        ),
        pytest.param(
            misread(STREET, mutants.floated),
            ["amounts keep all of their digits"],
            AssertionError, id="amounts pass through a binary float",
        ),
        pytest.param(
            replace(ABP, dialect=mutants.Brittle()),
            ["a field of the wrong type breaks nothing"],
            TypeError, id="what is read is trusted",
        ),
        pytest.param(
            replace(STREET, codec=mutants.Wide),
            ["a cancel by market says that market",
             "a market's orders are cancelled and no other's"],
            AssertionError, id="a market is cancelled by cancelling everything",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Boasting),
            ["a cancel by market says that market"],
            AssertionError, id="a scope is claimed that the venue has no words for",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Filterless),
            ["an empty list of ids is nothing, not everything"],
            AssertionError, id="an empty list is sent as no filter",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Repeating),
            ["a long list is split where the venue's limit is",
             "an id that is asked for twice is said once", "an id cannot lead elsewhere"],
            AssertionError, id="ids are sent as they come",
        ),
        pytest.param(
            replace(STREET, codec=mutants.Following),
            ["an id cannot lead a look-up elsewhere"],
            AssertionError, id="ids are put into paths as they are",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Telling),
            ["no call holds the key"],
            AssertionError, id="the key stands in a query",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Acting), ["reading changes nothing"],
            AssertionError, id="orders are read by POST",
        ),
        pytest.param(
            replace(ABP, codec=mutants.Twice),
            ["one order is cancelled and no other"],
            AssertionError, id="a cancel is sent twice",
        ),
        pytest.param(
            replace(ABP, order_id=mutants.otherwise),
            ["one order is cancelled and no other"],
            AssertionError, id="the server's orders are called otherwise",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_caught(
    venue: VenueUnderTest, caught: list[str], fails: type[Exception]
) -> None:
    with quietly(), bench(venue) as at:
        for name in caught:
            with pytest.raises(fails):
                SCENARIOS[name](at)
