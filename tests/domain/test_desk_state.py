"""How a break stands with the desk, and when a decision stops holding."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import desk as d
from domain.desk import DeskEvent, Evidence
from domain.desk_state import UNTOUCHED, Work, contradicted, desk_after, evolve, status_of
from tests.building import NOON, seconds
from tests.domain.desk_facts import BREAK, SEEN, full_desk

AGAIN = replace(SEEN, opened_at=seconds(90), as_of=seconds(100))
CHANGED = replace(SEEN, theirs="60", difference="60")
NEWER_PROOF = replace(SEEN, witness=(3, 7, 12))
LATER = replace(SEEN, as_of=seconds(500), log_position=40, rule_version=2, note="In other words.")
OVER = replace(SEEN, closed_at=seconds(80))

ACKNOWLEDGED = d.BreakAcknowledged(break_id=BREAK, by="ann", evidence=SEEN)
ACCEPTED = d.BreakAccepted(break_id=BREAK, by="ann", reason="so be it", evidence=SEEN)
RESOLVED = d.BreakResolved(break_id=BREAK, by="ann", evidence=SEEN)
FORCED = d.BreakForceClosed(break_id=BREAK, by="ann", reason="so be it", evidence=SEEN)


@pytest.mark.parametrize(
    ("event", "seen", "work"),
    [
        pytest.param(ACKNOWLEDGED, LATER, Work.ACKNOWLEDGED, id="seen: while it lasts"),
        pytest.param(ACKNOWLEDGED, CHANGED, Work.ACKNOWLEDGED, id="seen: with other figures too"),
        pytest.param(ACKNOWLEDGED, AGAIN, Work.OPEN, id="seen: not when it comes again"),
        pytest.param(ACCEPTED, LATER, Work.ACCEPTED, id="accepted: while it lasts"),
        pytest.param(ACCEPTED, NEWER_PROOF, Work.ACCEPTED, id="accepted: with newer proof too"),
        pytest.param(ACCEPTED, CHANGED, Work.OPEN, id="accepted: not with other figures"),
        pytest.param(ACCEPTED, AGAIN, Work.OPEN, id="accepted: not when it comes again"),
        pytest.param(RESOLVED, LATER, Work.RESOLVED, id="resolved: while it lasts"),
        pytest.param(RESOLVED, NEWER_PROOF, Work.OPEN, id="resolved: not with newer proof"),
        pytest.param(RESOLVED, CHANGED, Work.OPEN, id="resolved: not with other figures"),
        pytest.param(RESOLVED, AGAIN, Work.OPEN, id="resolved: not when it comes again"),
        pytest.param(
            RESOLVED, replace(SEEN, witness=()), Work.RESOLVED, id="resolved: proof withdrawn"
        ),
        pytest.param(FORCED, LATER, Work.FORCE_CLOSED, id="forced: while it lasts"),
        pytest.param(FORCED, AGAIN, Work.FORCE_CLOSED, id="forced: when it comes again, too"),
        pytest.param(FORCED, NEWER_PROOF, Work.FORCE_CLOSED, id="forced: with newer proof, too"),
        pytest.param(FORCED, CHANGED, Work.OPEN, id="forced: not with other figures"),
        *(
            pytest.param(event, OVER, Work.CLOSED, id=f"{type(event).__name__}: evidence closes it")
            for event in (ACKNOWLEDGED, ACCEPTED, RESOLVED, FORCED)
        ),
    ],
)
def test_a_decision_holds_as_long_as_it_is_about_the_break(
    event: DeskEvent, seen: Evidence, work: Work
) -> None:
    assert status_of(desk_after([(event, NOON)]), seen) is work


@pytest.mark.parametrize(
    ("events", "seen", "found"),
    [
        pytest.param([], CHANGED, False, id="nothing was decided"),
        pytest.param([ACCEPTED], CHANGED, False, id="an acceptance binds nothing later"),
        pytest.param([FORCED], SEEN, False, id="an override on the same figures"),
        pytest.param([FORCED], CHANGED, True, id="an override on other figures"),
        pytest.param(
            [FORCED], replace(CHANGED, closed_at=seconds(80)), False, id="closed by its evidence"
        ),
    ],
)
def test_an_override_is_contradicted_by_other_figures(
    events: list[DeskEvent], seen: Evidence, *, found: bool
) -> None:
    assert contradicted(desk_after([(event, NOON) for event in events]), seen) is found


def test_a_decision_takes_the_place_of_what_was_said_before() -> None:
    desk = desk_after([(ACKNOWLEDGED, NOON), (ACCEPTED, seconds(5))])
    assert desk.acknowledged is None
    assert desk.standing is not None
    assert (desk.standing.by, desk.standing.at, desk.standing.version) == ("ann", seconds(5), 2)
    assert status_of(desk, CHANGED) is Work.OPEN


def test_an_approval_of_nothing_changes_nothing() -> None:
    event = d.BreakApproved(break_id=BREAK, by="ben", evidence=SEEN)
    assert evolve(UNTOUCHED, event, NOON) == replace(UNTOUCHED, version=1)


def test_what_is_said_beside_the_decision_is_kept() -> None:
    told: list[DeskEvent] = [
        d.BreakAssigned(break_id=BREAK, by="ann", to="ben"),
        d.BreakCommented(break_id=BREAK, by="ben", text="asked"),
        d.BreakCommented(break_id=BREAK, by="ben", text="asked again"),
        ACCEPTED,
        d.BreakReopened(break_id=BREAK, by="cat", reason="no", evidence=SEEN),
    ]
    desk = desk_after([(event, NOON) for event in told])
    assert (desk.owner, desk.comments, desk.version) == ("ben", 2, 5)
    assert status_of(desk, SEEN) is Work.OPEN


ANY = st.lists(st.sampled_from([full_desk(kind) for kind in get_args(DeskEvent)]), max_size=8)


@given(ANY)
def test_any_history_folds_and_evidence_closes_before_any_decision(
    events: list[DeskEvent],
) -> None:
    desk = desk_after([(event, NOON) for event in events])
    assert desk.version == len(events)
    assert status_of(desk, OVER) is Work.CLOSED
    assert status_of(desk, SEEN) in Work
