"""What is kept of a decision about a break, and what is said when there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain import desk as d
from domain.desk import DeskEvent, Evidence
from domain.desk_decisions import Refused, Verb, decide
from domain.desk_state import Work
from tests.domain.desk_facts import BREAK, SEEN
from tests.domain.test_desk_decisions import CLOSED, GIVEN, accepted, after, asked


@pytest.mark.parametrize(
    ("verb", "work", "fact"),
    [
        pytest.param(
            Verb.ASSIGN, Work.OPEN, d.BreakAssigned(break_id=BREAK, by="cat", to="dan"), id="assign"
        ),
        pytest.param(
            Verb.COMMENT, Work.OPEN, d.BreakCommented(break_id=BREAK, by="cat", text="why"),
            id="comment",
        ),
        pytest.param(
            Verb.ACKNOWLEDGE, Work.OPEN,
            d.BreakAcknowledged(break_id=BREAK, by="cat", evidence=SEEN), id="acknowledge",
        ),
        pytest.param(
            Verb.ACCEPT, Work.OPEN,
            d.BreakAccepted(break_id=BREAK, by="cat", reason="why", evidence=SEEN), id="accept",
        ),
        pytest.param(
            Verb.RESOLVE, Work.OPEN,
            d.BreakResolved(break_id=BREAK, by="cat", reason="why", evidence=SEEN), id="resolve",
        ),
        pytest.param(
            Verb.REOPEN, Work.ACCEPTED,
            d.BreakReopened(break_id=BREAK, by="cat", reason="why", evidence=SEEN), id="reopen",
        ),
        pytest.param(
            Verb.FORCE_CLOSE, Work.OPEN,
            d.BreakForceClosed(break_id=BREAK, by="cat", reason="why", evidence=SEEN),
            id="force-close",
        ),
        pytest.param(
            Verb.APPROVE, Work.AWAITING_APPROVAL,
            d.BreakApproved(break_id=BREAK, by="cat", evidence=SEEN), id="approve",
        ),
        pytest.param(
            Verb.DECLINE, Work.AWAITING_APPROVAL,
            d.BreakDeclined(break_id=BREAK, by="cat", reason="why"), id="decline",
        ),
    ],
)  # fmt: skip
def test_a_decision_keeps_all_that_was_said(verb: Verb, work: Work, fact: DeskEvent) -> None:
    desk = after(GIVEN[work][1])
    assert decide(BREAK, desk, SEEN, asked(verb, to="dan", text="why")) == (fact,)


def test_a_decision_without_words_has_none() -> None:
    (fact,) = decide(BREAK, after([]), SEEN, asked(Verb.ACCEPT))
    assert fact == d.BreakAccepted(break_id=BREAK, by="cat", reason="", evidence=SEEN)


ANN = "ann at 2026-02-07 12:00:00 UTC"


@pytest.mark.parametrize(
    ("given", "seen", "verb", "words"),
    [
        pytest.param(
            [], SEEN, Verb.REOPEN,
            f"reopen: break {BREAK} is open; try `breakwater breaks acknowledge {BREAK}` "
            "(or accept, resolve, force-close)",
            id="open",
        ),
        pytest.param(
            [], CLOSED, Verb.ACCEPT,
            f"accept: break {BREAK} was closed by its evidence; "
            f"try `breakwater breaks comment {BREAK}`",
            id="closed",
        ),
        pytest.param(
            [accepted()], SEEN, Verb.RESOLVE,
            f"resolve: break {BREAK} was accepted by {ANN}; try `breakwater breaks reopen {BREAK}`",
            id="accepted",
        ),
        pytest.param(
            [accepted(needs_approval=True)], SEEN, Verb.RESOLVE,
            f"resolve: break {BREAK} waits for a second person: {ANN} asked for it to be accepted; "
            f"try `breakwater breaks approve {BREAK}` (or decline, reopen)",
            id="proposed",
        ),
        pytest.param(
            [accepted(needs_approval=True)], SEEN, Verb.APPROVE,
            "approve: ann asked for it, and a second person has to agree; "
            f"try `--by` with whoever that is, or `breakwater breaks reopen {BREAK}`",
            id="approved by whoever proposed it",
        ),
        pytest.param(
            [], replace(SEEN, code="INT-06"), Verb.ACCEPT,
            f"accept: break {BREAK} is about an override; on the break that it names, try "
            "`breakwater breaks reopen` to revoke it, or a second person's `approve` to confirm it",
            id="about an override",
        ),
    ],
)  # fmt: skip
def test_a_refusal_says_how_it_stands_and_what_to_try(
    given: list[DeskEvent], seen: Evidence, verb: Verb, words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        decide(BREAK, after(given), seen, asked(verb, "ann", text="why"))
    assert str(refusal.value) == words
