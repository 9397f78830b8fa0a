"""What may be done about a break in which state: the table, written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from domain import desk as d
from domain.desk import DeskEvent, Evidence
from domain.desk_decisions import Asked, Refused, Verb, decide, same_person
from domain.desk_state import Desk, Work, desk_after, status_of
from tests.building import NOON, seconds
from tests.domain.desk_facts import BREAK, SEEN

CLOSED = replace(SEEN, closed_at=seconds(50))
CHANGED = replace(SEEN, theirs="60", difference="60")


def assigned(to: str | None = "ben", by: str = "ann") -> DeskEvent:
    return d.BreakAssigned(break_id=BREAK, by=by, to=to)


def acknowledged(by: str = "ann") -> DeskEvent:
    return d.BreakAcknowledged(break_id=BREAK, by=by, evidence=SEEN)


def accepted(by: str = "ann", *, needs_approval: bool = False, seen: Evidence = SEEN) -> DeskEvent:
    return d.BreakAccepted(
        break_id=BREAK, by=by, reason="agreed", evidence=seen, needs_approval=needs_approval
    )


def resolved(by: str = "ann") -> DeskEvent:
    return d.BreakResolved(break_id=BREAK, by=by, evidence=SEEN)


def reopened(by: str = "ann", seen: Evidence = SEEN) -> DeskEvent:
    return d.BreakReopened(break_id=BREAK, by=by, reason="not so", evidence=seen)


def force_closed(
    by: str = "ann", *, needs_approval: bool = False, seen: Evidence = SEEN
) -> DeskEvent:
    return d.BreakForceClosed(
        break_id=BREAK, by=by, reason="agreed", evidence=seen, needs_approval=needs_approval
    )


def approved(by: str = "ben", seen: Evidence = SEEN) -> DeskEvent:
    return d.BreakApproved(break_id=BREAK, by=by, evidence=seen)


def declined(by: str = "ben") -> DeskEvent:
    return d.BreakDeclined(break_id=BREAK, by=by, reason="too much")


def after(events: Sequence[DeskEvent]) -> Desk:
    return desk_after([(event, NOON) for event in events])


def asked(verb: Verb, by: str = "cat", **more: Any) -> Asked:  # noqa: ANN401 - its fields
    return Asked(verb=verb, by=by, **more)


GIVEN: dict[Work, tuple[Evidence, list[DeskEvent]]] = {
    Work.OPEN: (SEEN, []),
    Work.ACKNOWLEDGED: (SEEN, [acknowledged()]),
    Work.AWAITING_APPROVAL: (SEEN, [acknowledged(), accepted(needs_approval=True)]),
    Work.ACCEPTED: (SEEN, [accepted()]),
    Work.RESOLVED: (SEEN, [resolved()]),
    Work.FORCE_CLOSED: (SEEN, [force_closed()]),
    Work.CLOSED: (CLOSED, [acknowledged()]),
}
"""A break in each state, worked by ann."""

TABLE = """
                   assign comment acknowledge accept resolve reopen force-close approve decline
open               yes    yes     yes         yes    yes     -      yes         -       -
acknowledged       yes    yes     -           yes    yes     yes    yes         -       -
awaiting_approval  yes    yes     -           -      -       yes    -           yes     yes
accepted           -      yes     -           -      -       yes    -           -       -
resolved           -      yes     -           -      -       yes    -           -       -
force_closed       -      yes     -           -      -       yes    -           -       -
closed             -      yes     -           -      -       -      -           -       -
"""


def cells() -> list[tuple[Work, Verb, bool]]:
    """The table, cell by cell."""
    verbs, *rows = (line.split() for line in TABLE.strip().splitlines())
    return [
        (Work(row[0]), Verb(verb), cell == "yes")
        for row in rows
        for verb, cell in zip(verbs, row[1:], strict=True)
    ]


def test_the_table_names_every_state_and_every_verb() -> None:
    assert {(work, verb) for work, verb, _ in cells()} == {(w, v) for w in Work for v in Verb}


@pytest.mark.parametrize("work", Work)
def test_the_given_states_are_what_they_say(work: Work) -> None:
    seen, events = GIVEN[work]
    assert status_of(after(events), seen) is work


@pytest.mark.parametrize(
    ("work", "verb", "may"), [pytest.param(*cell, id=f"{cell[0]}: {cell[1]}") for cell in cells()]
)
def test_what_somebody_else_may_do_with_a_break_that_ann_works(
    work: Work, verb: Verb, *, may: bool
) -> None:
    seen, events = GIVEN[work]
    if may:
        (fact,) = decide(BREAK, after(events), seen, asked(verb, to="dan", text="why"))
        assert (fact.break_id, fact.by) == (BREAK, "cat")
        assert status_of(after([*events, fact]), seen) is MAKES.get((work, verb), work)
        return
    with pytest.raises(Refused, match=f"^{verb}: .*; try `breakwater breaks "):
        decide(BREAK, after(events), seen, asked(verb, to="dan", text="why"))


MAKES: dict[tuple[Work, Verb], Work] = {
    (Work.OPEN, Verb.ACKNOWLEDGE): Work.ACKNOWLEDGED,
    **{
        (work, verb): made
        for work in (Work.OPEN, Work.ACKNOWLEDGED)
        for verb, made in (
            (Verb.ACCEPT, Work.ACCEPTED),
            (Verb.RESOLVE, Work.RESOLVED),
            (Verb.FORCE_CLOSE, Work.FORCE_CLOSED),
        )
    },
    **{(work, Verb.REOPEN): Work.OPEN for work in Work if work not in {Work.OPEN, Work.CLOSED}},
    (Work.AWAITING_APPROVAL, Verb.APPROVE): Work.ACCEPTED,
    (Work.AWAITING_APPROVAL, Verb.DECLINE): Work.ACKNOWLEDGED,
}
"""What becomes of a break, where it does not stay as it is."""


@pytest.mark.parametrize(
    ("given", "verb", "by", "text", "then"),
    [
        pytest.param([acknowledged()], Verb.ACKNOWLEDGE, "ann", None, 0, id="seen twice"),
        pytest.param([acknowledged()], Verb.ACKNOWLEDGE, " ANN ", None, 0, id="the same person"),
        pytest.param([accepted()], Verb.ACCEPT, "ann", "agreed", 0, id="accepted twice"),
        pytest.param([resolved()], Verb.RESOLVE, "ann", None, 0, id="resolved twice"),
        pytest.param([force_closed()], Verb.FORCE_CLOSE, "ann", "agreed", 0, id="forced twice"),
        pytest.param(
            [accepted(needs_approval=True)], Verb.ACCEPT, "ann", "agreed", 0, id="proposed twice"
        ),
        pytest.param([assigned("ben")], Verb.ASSIGN, "cat", None, 1, id="given to another"),
        pytest.param([assigned(None)], Verb.ASSIGN, "cat", None, 1, id="nobody's, then somebody's"),
    ],
)
def test_asked_twice_a_decision_adds_nothing(
    given: list[DeskEvent], verb: Verb, by: str, text: str | None, then: int
) -> None:
    assert len(decide(BREAK, after(given), SEEN, asked(verb, by, text=text, to="dan"))) == then


def test_given_to_whoever_has_it_adds_nothing() -> None:
    assert decide(BREAK, after([assigned("ben")]), SEEN, asked(Verb.ASSIGN, to="ben")) == ()


@pytest.mark.parametrize(
    ("given", "verb", "by", "text"),
    [
        pytest.param([acknowledged()], Verb.ACKNOWLEDGE, "cat", None, id="seen by another"),
        pytest.param([accepted()], Verb.ACCEPT, "ann", "another reason", id="another reason"),
        pytest.param([accepted()], Verb.RESOLVE, "ann", None, id="another decision"),
    ],
)
def test_what_another_decided_is_not_decided_over(
    given: list[DeskEvent], verb: Verb, by: str, text: str | None
) -> None:
    with pytest.raises(Refused, match="by ann at 2026-02-07 12:00:00 UTC"):
        decide(BREAK, after(given), SEEN, asked(verb, by, text=text))


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.FORCE_CLOSE])
@pytest.mark.parametrize("second", [Verb.APPROVE, Verb.DECLINE])
def test_above_the_amount_a_second_person_has_to_agree(verb: Verb, second: Verb) -> None:
    (proposal,) = decide(BREAK, after([]), SEEN, asked(verb, "ann", text="why", at_stake=True))
    desk = after([proposal])
    assert status_of(desk, SEEN) is Work.AWAITING_APPROVAL
    with pytest.raises(Refused, match=f"^{second}: ann asked for it, and a second person"):
        decide(BREAK, desk, SEEN, asked(second, " Ann", text="no"))
    (word,) = decide(BREAK, desk, SEEN, asked(second, "ben", text="no"))
    done = after([proposal, word])
    made = {Verb.ACCEPT: Work.ACCEPTED, Verb.FORCE_CLOSE: Work.FORCE_CLOSED}[verb]
    assert status_of(done, SEEN) is (made if second is Verb.APPROVE else Work.OPEN)
    if second is Verb.APPROVE:
        with pytest.raises(Refused, match=r"by ann at .*, approved by ben; try"):
            decide(BREAK, done, SEEN, asked(Verb.ACCEPT, "cat", text="why"))


def test_a_proposal_is_about_the_figures_that_it_was_made_on() -> None:
    desk = after([accepted(needs_approval=True)])
    assert status_of(desk, CHANGED) is Work.OPEN
    with pytest.raises(Refused, match="is open"):
        decide(BREAK, desk, CHANGED, asked(Verb.APPROVE, "ben"))


def test_an_override_that_is_contradicted_is_confirmed_by_a_second_person() -> None:
    desk = after([force_closed()])
    assert status_of(desk, CHANGED) is Work.OPEN
    with pytest.raises(Refused, match="a second person has to agree"):
        decide(BREAK, desk, CHANGED, asked(Verb.APPROVE, "ann"))
    (word,) = decide(BREAK, desk, CHANGED, asked(Verb.APPROVE, "ben"))
    confirmed = after([force_closed(), word])
    assert status_of(confirmed, CHANGED) is Work.FORCE_CLOSED
    assert status_of(confirmed, SEEN) is Work.OPEN
    with pytest.raises(Refused, match="is open"):
        decide(BREAK, desk, CHANGED, asked(Verb.DECLINE, "ben", text="no"))


@pytest.mark.parametrize("seen", [CHANGED, CLOSED], ids=["contradicted", "closed by evidence"])
def test_an_override_can_be_revoked_where_the_status_does_not_show_it(seen: Evidence) -> None:
    (fact,) = decide(
        BREAK, after([force_closed()]), seen, asked(Verb.REOPEN, "ann", text="a mistake")
    )
    assert fact == d.BreakReopened(break_id=BREAK, by="ann", reason="a mistake", evidence=seen)
    assert after([force_closed(), fact]).standing is None


@pytest.mark.parametrize(
    ("by", "needs_approval"),
    [
        pytest.param("ann", True, id="the same person: a second one has to agree"),
        pytest.param("ben", False, id="another: is the second one"),
    ],
)
def test_what_contradicts_an_override_is_forced_again_by_two(
    by: str, *, needs_approval: bool
) -> None:
    (fact,) = decide(
        BREAK, after([force_closed()]), CHANGED, asked(Verb.FORCE_CLOSE, by, text="still")
    )
    assert isinstance(fact, d.BreakForceClosed)
    assert fact.needs_approval is needs_approval


def test_while_a_new_override_waits_the_old_one_is_not_confirmed() -> None:
    desk = after([force_closed(), force_closed(needs_approval=True, seen=CHANGED)])
    assert status_of(desk, CHANGED) is Work.AWAITING_APPROVAL
    (fact,) = decide(BREAK, desk, CHANGED, asked(Verb.APPROVE, "ben"))
    made = desk_after([(event, NOON) for event in (force_closed(), fact)])
    assert made.standing is not None
    assert made.standing.approved_by == "ben"


@pytest.mark.parametrize(
    ("verb", "may"),
    [
        *((verb, True) for verb in (Verb.ASSIGN, Verb.COMMENT, Verb.ACKNOWLEDGE)),
        *((verb, False) for verb in (Verb.ACCEPT, Verb.RESOLVE, Verb.FORCE_CLOSE)),
    ],
)
def test_a_contradicted_override_ends_on_its_own_break_alone(verb: Verb, *, may: bool) -> None:
    seen = replace(SEEN, code="INT-06")
    if may:
        assert decide(BREAK, after([]), seen, asked(verb, text="why", to="ben"))
    else:
        with pytest.raises(Refused, match="on the break that it names"):
            decide(BREAK, after([]), seen, asked(verb, text="why"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Ann", "ann", True, id="case"),
        pytest.param("ann  lee", " ann lee", True, id="spaces"),
        pytest.param("\N{FULLWIDTH LATIN CAPITAL LETTER A}nn", "ann", True, id="wide letters"),
        pytest.param("straße", "STRASSE", True, id="folded letters"),
        pytest.param("ann", "anna", False, id="another name"),
        pytest.param("ann lee", "annlee", False, id="one word is not two"),
    ],
)
def test_one_person_written_two_ways(one: str, other: str, *, same: bool) -> None:
    assert same_person(one, other) is same
