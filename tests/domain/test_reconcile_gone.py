"""Which differences of the runs before a run disproves, each with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain import events as e
from domain.runs import Aspect, Difference
from domain.statement import Lists, StatementRow
from domain.values import Name, NameKind
from tests.building import STREAM
from tests.domain.finding import PART, findings, hear
from tests.stating import fill, row


def stood(aspect: Aspect, ref: str | None = None) -> Difference:
    """A difference of the order that an earlier run found."""
    return Difference(aspect=aspect, order=STREAM, ref=ref)


AGREES = "The statement agrees."
HAS = "The statement has the order."


@pytest.mark.parametrize(
    ("before", "told", "then"),
    [
        pytest.param(stood(Aspect.MATCHED), [row(matched="40")], AGREES, id="the figure agrees"),
        pytest.param(stood(Aspect.MATCHED), [row(remaining="60")], None, id="it is not told"),
        pytest.param(stood(Aspect.MATCHED), [row(matched="41")], None, id="it still differs"),
        pytest.param(
            stood(Aspect.MATCHED),
            [row(size="90", matched="40")],
            AGREES,
            id="it agrees, another one does not",
        ),
        pytest.param(
            stood(Aspect.MATCHED),
            [row(matched="40"), row(remaining="60")],
            AGREES,
            id="the row before agreed",
        ),
        pytest.param(stood(Aspect.MATCHED), [], None, id="the order is not told of"),
        pytest.param(
            stood(Aspect.CURRENCY),
            [replace(row(), terms=e.Terms(currency="EUR"))],
            AGREES,
            id="the currency is ours now",
        ),
        pytest.param(stood(Aspect.CURRENCY), [row(matched="40")], None, id="no currency is told"),
        pytest.param(stood(Aspect.OLD), [row()], AGREES, id="a row was old, and is not"),
        pytest.param(stood(Aspect.SOURCES), [row()], AGREES, id="rows agree with each other"),
        pytest.param(stood(Aspect.WORD), [row()], AGREES, id="a word is gone"),
        pytest.param(stood(Aspect.EARLIER), [row()], AGREES, id="a row has a time that we know"),
        pytest.param(
            stood(Aspect.FILL, "F1"), [row(fills=[fill("F1", "40")])], AGREES, id="a match agrees"
        ),
        pytest.param(
            stood(Aspect.FILL, "F7"), [row(fills=[fill("F1", "40")])], None, id="not that match"
        ),
        pytest.param(stood(Aspect.ONLY_OURS), [row()], HAS, id="it was missing, and is there"),
        pytest.param(stood(Aspect.ONLY_OURS), [], None, id="it is still missing"),
        pytest.param(stood(Aspect.NOT_OPEN), [row()], HAS, id="it is in the list of open orders"),
    ],
)
def test_what_a_row_disproves(
    before: Difference, told: list[StatementRow], then: str | None
) -> None:
    found = hear(findings(before), *told)
    assert found.gone((), (), ()) == ({} if then is None else {before.key: then})


PARTS = Difference(aspect=Aspect.PARTS, ref="orders")
UNKNOWN = Difference(aspect=Aspect.ONLY_THEIRS, name=Name(NameKind.VENUE, "Z9"), figure="orders")
KNOWN = "The order is known here now."
OVER = "By our events the order is over, or proved to be another one."


@pytest.mark.parametrize(
    ("before", "whole", "known", "over", "then"),
    [
        pytest.param(PARTS, [Lists.ORDERS], 0, 0, "The whole list was read.", id="it is whole now"),
        pytest.param(PARTS, [Lists.OPEN], 0, 0, None, id="another list is whole"),
        pytest.param(UNKNOWN, [], 0, 0, None, id="nothing was whole: it may be there still"),
        pytest.param(
            UNKNOWN, [Lists.ORDERS], 0, 0, "The list does not have it any more.", id="not listed"
        ),
        pytest.param(UNKNOWN, [], 1, 0, KNOWN, id="we know it by now"),
        pytest.param(UNKNOWN, [Lists.ORDERS], 1, 0, KNOWN, id="we know it, and it is not listed"),
        pytest.param(stood(Aspect.ONLY_OURS), [], 0, 1, OVER, id="no list need have it any more"),
        pytest.param(stood(Aspect.MATCHED), [], 0, 1, OVER, id="it is another order"),
        pytest.param(stood(Aspect.MATCHED), [Lists.ORDERS], 1, 0, None, id="nothing tells"),
    ],
)
def test_what_a_run_disproves(
    before: Difference, whole: list[Lists], known: int, over: int, then: str | None
) -> None:
    keys = [before.key]
    told = findings(before).gone(whole, keys * known, keys * over)
    assert told == ({} if then is None else {before.key: then})


def test_one_that_stands_does_not_keep_the_next_from_being_gone() -> None:
    one, two = stood(Aspect.MATCHED), stood(Aspect.SIZE)
    found = hear(findings(one, PARTS, two), row(matched="41", size="100"))
    assert found.gone((), (), ()) == {two.key: AGREES}


def test_a_match_can_be_told_of_an_order_that_no_row_is_held_against() -> None:
    before = stood(Aspect.FILL, "F1")
    found = findings(before)
    found.fills(str(STREAM), PART, row(fills=[fill("F1", "40")]))
    found.finish()
    assert found.gone((), (), ()) == {before.key: AGREES}
