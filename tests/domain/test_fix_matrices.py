"""Every row of the FIX order state matrices: status and quantities, step by step."""

from __future__ import annotations

import pytest

from tests.domain.fix_matrices import Row, Scenario, ours, play, printed, scenarios

TABLE = scenarios()


def reports(rows: list[Row]) -> list[int]:
    """Where the venue speaks."""
    return [index for index, row in enumerate(rows) if row["direction"] == "received"]


@pytest.mark.parametrize("claims", [True, False], ids=["with claims", "claims missing"])
@pytest.mark.parametrize("scenario", TABLE, ids=lambda scenario: scenario.name)
def test_each_report_of_the_path_taken(scenario: Scenario, claims: bool) -> None:  # noqa: FBT001 - a parameter of the table
    states = play(scenario, scenario.main, claims=claims)
    rows = reports(scenario.main)
    told = {scenario.main[at]["t"]: printed(scenario.main[at]) for at in rows}
    assert {scenario.main[at]["t"]: ours(states[at], scenario.main[at]) for at in rows} == told


@pytest.mark.parametrize("claims", [True, False], ids=["with claims", "claims missing"])
@pytest.mark.parametrize(
    ("scenario", "rows"),
    [
        pytest.param(scenario, rows, id=f"{scenario.name} row {rows[-1]['t']}")
        for scenario in TABLE
        for rows in scenario.endings()
    ],
)
def test_each_ending_that_was_not_taken(
    scenario: Scenario,
    rows: list[Row],
    claims: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    assert ours(play(scenario, rows, claims=claims)[-1], rows[-1]) == printed(rows[-1])


@pytest.mark.parametrize(
    ("scenario", "rows"),
    [
        pytest.param(scenario, rows, id=f"{scenario.name} {at}")
        for scenario in TABLE
        for at, rows in enumerate(scenario.crossed())
    ],
)
def test_messages_that_cross_may_arrive_in_either_order(
    scenario: Scenario, rows: list[Row]
) -> None:
    last = reports(rows)[-1]
    assert ours(play(scenario, rows)[last], rows[last]) == printed(rows[last])
    assert ours(play(scenario, rows)[-1], rows[last]) == ours(
        play(scenario, scenario.main)[-1], rows[last]
    )


def test_the_whole_table_is_played() -> None:
    said = [scenario.main[at] for scenario in TABLE for at in reports(scenario.main)]
    assert (len(TABLE), len(said)) == (16, 84)
    assert sum(len(scenario.endings()) for scenario in TABLE) == 18
    assert sum(len(scenario.crossed()) for scenario in TABLE) == 3
