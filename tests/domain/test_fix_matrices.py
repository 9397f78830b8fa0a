"""Every scenario of the published suite: status and quantities, step by step, in every variant."""

from __future__ import annotations

from collections import Counter

import pytest

from adapters.cli.conformance import played
from adapters.conformance.reading import PUBLISHED, published
from adapters.conformance.scenario import Scenario, variants
from adapters.conformance.verdict import Verdict

SUITE = published()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, list[Verdict]]:
    """What became of each scenario, all of them read by one engine into one database."""
    found: dict[str, list[Verdict]] = {}
    for verdict in played(SUITE):
        found.setdefault(verdict.variant.scenario.name, []).append(verdict)
    return found


@pytest.mark.parametrize("scenario", SUITE, ids=lambda scenario: scenario.name)
def test_every_step_of_every_variant_agrees(
    scenario: Scenario, verdicts: dict[str, list[Verdict]]
) -> None:
    told = verdicts[scenario.name]
    assert [verdict.difference for verdict in told if not verdict.ok] == []
    assert all(verdict.passed == verdict.steps for verdict in told)


def test_the_whole_suite_is_played() -> None:
    matrices, further, ours = (
        [scenario for scenario in SUITE if scenario.source == name] for name in PUBLISHED
    )
    assert (len(matrices), len(further), len(ours)) == (16, 50, 13)
    kinds = Counter(variant.name.split()[-1] for one in matrices for variant in variants(one))
    assert kinds == {"main": 2 * 16, "instead": 2 * 18, "crossed": 2 * 3}
    said = [step for one in matrices for step in next(iter(variants(one))).checked]
    assert len(said) == 84


def test_what_fix_leaves_open_has_an_answer_each() -> None:
    answered = {one.name for one in SUITE if one.source == PUBLISHED[2]}
    assert {f"X.{number}" for number in range(1, 9)} <= answered
