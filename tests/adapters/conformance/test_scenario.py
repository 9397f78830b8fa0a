"""The ways in which a scenario can be played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.conformance.lines import capture_lines, places
from adapters.conformance.scenario import Direction, Figures, Scenario, Step, variants


def step(name: str, **told: Any) -> Step:  # noqa: ANN401 - fields of a step
    """A step by a short name: `>3` we speak at 3, `<4` the venue does, with marks after it.

    `-` a branch not taken, `x` it crosses, `~` no message.
    """
    direction = {
        ">": Direction.SENT,
        "<": Direction.RECEIVED,
        "!": Direction.LOST,
        "~": Direction.ASIDE,
    }[name[0]]
    message: Mapping[str, Any] = {"msg": "ExecutionReport", "exec_type": name, "cum_qty": 1}
    return Step(
        t=name[1],
        direction=direction,
        message=message,
        printed=Figures(),
        taken="-" not in name,
        concurrent="x" in name,
        **told,
    )


def scenario(*names: str, **told: Any) -> Scenario:  # noqa: ANN401 - fields of a scenario
    return Scenario("file", "S", "title", [step(name) for name in names], **told)


def paths(played: Scenario) -> dict[str, str]:
    """What is played in each variant, and after which steps the figures are checked (`*`)."""
    return {
        variant.name: " ".join(
            str(one.message["exec_type"]) + ("*" if at in variant.checked else "")
            for at, one in enumerate(variant.steps)
        )
        for variant in variants(played)
    }


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([">1", "<2"], {"main": ">1 <2*"}, id="a path is checked where the venue says"),
        pytest.param(
            [">1", "<2-", "<2", "<3"],
            {"main": ">1 <2* <3*", "row 2 instead": ">1 <2-*"},
            id="a branch that was not taken is an ending of its own",
        ),
        pytest.param(
            [">1", "<2", "<2-", "<3"],
            {"main": ">1 <2* <3*", "row 2 instead": ">1 <2-*"},
            id="also when it stands after the one that was",
        ),
        pytest.param(
            [">1", "<2", "<3-", "<3-", "<3"],
            {
                "main": ">1 <2* <3*",
                "row 3 instead": ">1 <2* <3-*",
                "row 3 instead (2)": ">1 <2* <3-*",
            },
            id="two branches at one time",
        ),
        pytest.param(
            [">1", "<2", ">3x", "<3x", "<4"],
            {"main": ">1 <2* >3x <3x* <4*", "row 3 crossed": ">1 <2* <3x >3x* <4*"},
            id="messages that cross: what holds once both are there",
        ),
        pytest.param(
            ["<1", ">2x", "<2x", ">3x", "<3x"],
            {
                "main": "<1* >2x <2x* >3x <3x*",
                "row 2 crossed": "<1* <2x >2x* >3x <3x*",
                "row 3 crossed": "<1* >2x <2x* <3x >3x*",
            },
            id="pairs one after the other cross each for itself",
        ),
        pytest.param(
            ["<1x", "<2x", "<3x"],
            {
                "main": "<1x* <2x* <3x*",
                "row 1 crossed (1)": "<1x <3x <2x*",
                "row 1 crossed (2)": "<2x <1x <3x*",
                "row 1 crossed (3)": "<2x <3x <1x*",
                "row 1 crossed (4)": "<3x <1x <2x*",
                "row 1 crossed (5)": "<3x <2x <1x*",
            },
            id="three that cross, in every order",
        ),
        pytest.param(
            ["<1x", "<1x", "<1x", "<1x"],
            {"main": "<1x* <1x* <1x* <1x*", "row 1 crossed": "<1x <1x <1x <1x*"},
            id="four that cross, to and fro",
        ),
        pytest.param(
            [">1x", ">1x", "<2"],
            {"main": ">1x >1x <2*", "row 1 crossed": ">1x >1x <2*"},
            id="two of ours that cross say nothing by themselves",
        ),
        pytest.param(["<1x"], {"main": "<1x*"}, id="alone, nothing crosses"),
        pytest.param(
            [">1", "!2", "~3"], {"main": ">1 !2* ~3"}, id="silence is checked, a talk not"
        ),
    ],
)
def test_the_variants_of_a_scenario(steps: list[str], expected: dict[str, str]) -> None:
    assert paths(scenario(*steps)) == expected


def test_each_is_played_with_claims_and_without() -> None:
    told = [(variant.name, variant.claims) for variant in variants(scenario(">1", "<2"))]
    assert told == [("main", True), ("main", False)]
    needed = [variant.claims for variant in variants(scenario("<1", claims_needed=True))]
    assert needed == [True]


def test_a_step_that_is_no_message_leaves_no_line() -> None:
    variant = next(iter(variants(scenario(">1", "~2", "<3"))))
    assert places(variant) == {0: 1, 2: 2}
    lines = list(capture_lines(variant, "c"))
    assert [line.count('"seq": 2') for line in lines] == [0, 1]


def test_claims_are_left_out_and_what_happened_stays() -> None:
    with_claims, without = variants(scenario("<1"))
    told = [next(iter(capture_lines(one, "c"))) for one in (with_claims, without)]
    assert ["cum_qty" in line for line in told] == [True, False]
    assert all('"exec_id": "S-1"' in line for line in told)
