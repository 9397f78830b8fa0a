"""Each fact about the work on a break in one plain sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from domain import desk as d
from domain.desk import DeskEvent
from domain.saying import say
from domain.sentences_desk import desk_sentence
from tests.domain.desk_facts import BREAK, SEEN, full_desk

BARE = replace(SEEN, ours=None, theirs=None, difference=None)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            d.BreakAssigned(break_id=BREAK, by="ann"), "ann gave the break to nobody.", id="nobody"
        ),
        pytest.param(full_desk(d.BreakAssigned), "ann gave the break to ben.", id="given"),
        pytest.param(
            full_desk(d.BreakCommented), "ann noted: “asked the venue’s desk”.", id="noted"
        ),
        pytest.param(full_desk(d.BreakAcknowledged), "ann has seen it.", id="seen"),
        pytest.param(
            full_desk(d.BreakAccepted),
            "ann asked for the difference to be accepted (“agreed with the venue”): "
            "we held CANCELLED, they said 40, the difference was 40.",
            id="proposed",
        ),
        pytest.param(
            d.BreakAccepted(break_id=BREAK, by="ann", reason="so be it", evidence=BARE),
            "ann accepted it (“so be it”).",
            id="accepted",
        ),
        pytest.param(
            d.BreakResolved(break_id=BREAK, by="ann", evidence=SEEN), "ann resolved it.", id="done"
        ),
        pytest.param(
            full_desk(d.BreakResolved), "ann resolved it (“agreed with the venue”).", id="done so"
        ),
        pytest.param(
            full_desk(d.BreakForceClosed),
            "ann asked for it to be closed by force (“agreed with the venue”): "
            "we held CANCELLED, they said 40, the difference was 40.",
            id="override proposed",
        ),
        pytest.param(
            d.BreakForceClosed(break_id=BREAK, by="ann", reason="so be it", evidence=BARE),
            "ann closed it by force (“so be it”).",
            id="override",
        ),
    ],
)
def test_a_fact_about_the_work_on_a_break(event: DeskEvent, said: str) -> None:
    assert desk_sentence(event) == said


@pytest.mark.parametrize("kind", get_args(DeskEvent), ids=lambda kind: str(kind.__name__))
def test_every_fact_names_who_did_it(kind: type[Any]) -> None:
    said = say(full_desk(kind))
    assert said.startswith("ann ")
    assert said.endswith(".")
