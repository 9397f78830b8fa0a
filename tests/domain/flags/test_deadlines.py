"""Statements that were due every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from domain.flags.deadlines import deadline_of, missed_deadline
from domain.flags.flag import Thresholds
from domain.flags.rules import examine_runs
from domain.flags.run_history import RunHistory
from domain.ids import derived
from domain.runs import DifferenceGone, ReconciliationRan
from tests.building import at, recorded, seconds
from tests.domain.facts import full_request

DAILY = replace(Thresholds(), statement_by=time(7))
RUNS = derived("runs", "under test")
HOUR = 3600.0
"""The day begins at noon: 7 o'clock of the next morning is 19 hours later."""


def runs(*hours: float) -> RunHistory:
    """Statements as of so many hours after noon."""
    told = [at(full_request(ReconciliationRan), seen=hour * HOUR) for hour in hours]
    return RunHistory(RUNS, recorded(told, stream=RUNS))


Told = tuple[float, float | None, tuple[int, ...]]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param((), [], id="no statement was ever had: none is expected"),
        pytest.param((0,), [(43, None, (1,))], id="due again the day after tomorrow's deadline"),
        pytest.param((0, 20), [(67, None, (2,))], id="the next came within a day"),
        pytest.param((0, 43), [(67, None, (2,))], id="at the deadline it is in time"),
        pytest.param(
            (0, 44), [(43, 44, (1, 2)), (91, None, (2,))], id="an hour late: closed by it"
        ),
        pytest.param((18.9, 42.9), [(67, None, (2,))], id="each shortly before its deadline"),
        pytest.param(
            (0, 1000), [(43, 1000, (1, 2)), (1027, None, (2,))], id="weeks without: one flag"
        ),
        pytest.param((44, 0), [(43, 44, (2, 1)), (91, None, (1,))], id="read in another order"),
    ],
)
def test_a_statement_is_missed(given: tuple[float, ...], then: list[Told]) -> None:
    found = list(missed_deadline(runs(*given), DAILY))
    assert [(flag.opened_at, flag.closed_at, flag.witness) for flag in found] == [
        (seconds(opened * HOUR), None if closed is None else seconds(closed * HOUR), witness)
        for opened, closed, witness in then
    ]
    assert len({flag.key for flag in found}) == len(found)


def test_without_a_deadline_nothing_is_missed() -> None:
    assert examine_runs(runs(0, 1000), Thresholds()) == []
    assert [flag.code for flag in examine_runs(runs(0), DAILY)] == ["STR-11"]


def test_what_is_no_run_is_no_statement() -> None:
    gone = recorded([at(full_request(DifferenceGone), seen=0)], stream=RUNS)
    assert list(missed_deadline(RunHistory(RUNS, gone), DAILY)) == []


@pytest.mark.parametrize(
    ("moment", "then"),
    [
        pytest.param(datetime(2026, 2, 7, 6, 59, tzinfo=UTC), 7, id="today's"),
        pytest.param(datetime(2026, 2, 7, 7, 0, tzinfo=UTC), 7, id="at it: in time"),
        pytest.param(datetime(2026, 2, 7, 23, 0, tzinfo=UTC), 8, id="tomorrow's"),
    ],
)
def test_the_deadline_that_a_moment_is_in_time_for(moment: datetime, then: int) -> None:
    assert deadline_of(moment, time(7)) == datetime(2026, 2, then, 7, tzinfo=UTC)
