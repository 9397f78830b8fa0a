"""Each fact about a reconciliation in one plain sentence."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from domain import runs
from domain.ids import derived
from domain.runs import Aspect, Difference
from domain.saying import say
from domain.sentences_runs import run_sentence, told
from domain.values import Name, NameKind
from tests.building import NOON
from tests.domain.facts import full_request

RUN = derived("run", 1)
FILE = runs.InputRead(name="orders.json", sha256="ab", lists="orders", complete=True, rows=2)
REMAINS = Difference(aspect=Aspect.REMAINING, ours="60", theirs="45")


def ran(figures: runs.Figures, *, complete: bool = True) -> runs.ReconciliationRan:
    """A run with these figures."""
    return runs.ReconciliationRan(
        run_id=RUN,
        venue="abp",
        account="a",
        as_of=NOON,
        complete=complete,
        inputs=(FILE,),
        figures=figures,
        outcome="",
        books=1,
    )


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            ran(runs.Figures(matched=2)),
            "The books were held against a complete statement (orders.json): 2 orders agree, "
            "nothing differs.",
            id="clean",
        ),
        pytest.param(
            ran(runs.Figures(matched=2, differing=1, only_theirs=3), complete=False),
            "The books were held against a statement that is not complete (orders.json): "
            "2 orders agree, 1 differ, 0 are only ours, 3 only theirs.",
            id="not clean",
        ),
        pytest.param(
            runs.DifferenceFound(run_id=RUN, difference=REMAINS),
            "The statement says that 45 remains; by our events it is 60.",
            id="found",
        ),
        pytest.param(
            runs.DifferenceReturned(run_id=RUN, difference=REMAINS),
            "Again: The statement says that 45 remains; by our events it is 60.",
            id="back",
        ),
        pytest.param(
            runs.DifferenceGone(run_id=RUN, difference=REMAINS, why="The statement agrees."),
            "The statement agrees. (it was: The statement says that 45 remains; by our events it "
            "is 60.)",
            id="gone",
        ),
    ],
)
def test_a_fact_in_words(event: runs.RunEvent, said: str) -> None:
    assert run_sentence(event) == said
    assert say(event) == said


def test_a_difference_without_a_name_or_a_figure() -> None:
    unknown = Difference(aspect=Aspect.ONLY_THEIRS)
    assert told(unknown) == "The statement lists an order, which nobody here knows."
    named = Difference(aspect=Aspect.ONLY_THEIRS, name=Name(NameKind.VENUE, "Z9"))
    assert told(named) == "The statement lists order Z9, which nobody here knows."
    lacking = Difference(aspect=Aspect.FILL, ref="F1", theirs="5")
    assert told(lacking) == "The statement lists match F1 of 5; we hold nothing of it."


@pytest.mark.parametrize("aspect", Aspect)
def test_every_aspect_has_its_words(aspect: Aspect) -> None:
    assert told(Difference(aspect=aspect)).endswith(".")


@pytest.mark.parametrize("kind", get_args(runs.RunEvent), ids=lambda kind: kind.__name__)
def test_every_fact_of_a_run_can_be_said(kind: type[Any]) -> None:
    assert say(full_request(kind))
