"""What a run adds to the log: news, what is gone, what is back; and nothing when asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import OrderAccepted
from domain.ids import derived
from domain.reconcile_runs import Outcome, SoFar, counted, decide, runs_so_far
from domain.recorded import Recorded
from domain.runs import (
    Aspect,
    Difference,
    DifferenceFound,
    DifferenceGone,
    DifferenceReturned,
    Figures,
    InputRead,
    Key,
    ReconciliationRan,
    RunEvent,
)
from domain.statement import Lists
from tests.building import STREAM, recorded, seconds
from tests.stating import DESK

A, B = derived("order", "a"), derived("order", "b")
MATCHED = Difference(aspect=Aspect.MATCHED, order=A, ours="40", theirs="41", difference="1")
STATUS = Difference(aspect=Aspect.STATUS, order=B, ours="NEW", theirs="FILLED")
NEITHER = runs_so_far(())


def outcome(
    *found: Difference,
    at: float = 0,
    sha: str = "aa",
    lists: Lists = Lists.ORDERS,
    complete: bool = True,
    gone: Mapping[Key, str] | None = None,
) -> Outcome:
    """What a run found."""
    return Outcome(
        owner=DESK,
        as_of=seconds(at),
        complete=complete,
        inputs=(InputRead(name="f", sha256=sha, lists=lists.value, complete=complete, rows=2),),
        parts=(),
        lists=frozenset({lists}),
        figures=Figures(rows=2, matched=2 - len(found), by_aspect=counted(found)),
        books=7,
        found={item.key: item for item in found},
        gone=gone or {},
    )


def after(*outcomes: Outcome) -> SoFar:
    """The account's runs after these, one after the other."""
    return runs_so_far(log(*outcomes))


def log(*outcomes: Outcome) -> list[Recorded]:
    """The account's stream after these runs."""
    stream: list[Recorded] = []
    for one in outcomes:
        said = decide(runs_so_far(stream), one)
        for event, moment in said:
            (entry,) = recorded([event], first=len(stream) + 1)
            stream.append(entry._replace(observed_at=moment))
    return stream


def words(said: Sequence[tuple[RunEvent, datetime]]) -> list[str]:
    """The news in short, without the run itself."""
    kinds = {DifferenceFound: "found", DifferenceReturned: "returned", DifferenceGone: "gone"}
    return [
        f"{kinds[type(event)]} {event.difference.aspect}"
        for event, _ in said
        if not isinstance(event, ReconciliationRan)
    ]


AGREES = "The statement agrees."
WORSE = replace(MATCHED, theirs="45", difference="5")
GONE = {MATCHED.key: AGREES}


@pytest.mark.parametrize(
    ("before", "now", "then"),
    [
        pytest.param([], outcome(), [], id="the first run is clean"),
        pytest.param([], outcome(MATCHED, STATUS), ["found matched", "found status"], id="news"),
        pytest.param([outcome(MATCHED)], outcome(MATCHED, at=1, sha="bb"), [], id="still so"),
        pytest.param(
            [outcome(MATCHED)], outcome(WORSE, at=1, sha="bb"), ["found matched"], id="worse"
        ),
        pytest.param(
            [outcome(MATCHED)], outcome(at=1, sha="bb", gone=GONE), ["gone matched"], id="gone"
        ),
        pytest.param(
            [outcome(MATCHED), outcome(at=1, sha="bb", gone=GONE)],
            outcome(MATCHED, at=2, sha="cc"),
            ["returned matched"],
            id="back",
        ),
        pytest.param(
            [outcome(MATCHED), outcome(at=1, sha="bb", gone=GONE)],
            outcome(at=2, sha="cc", gone=GONE),
            [],
            id="gone already",
        ),
        pytest.param(
            [outcome(MATCHED, at=9)],
            outcome(at=1, sha="bb", gone=GONE),
            [],
            id="an older statement settles nothing",
        ),
        pytest.param(
            [outcome(MATCHED), outcome(at=9, sha="bb", gone=GONE)],
            outcome(MATCHED, at=1, sha="cc"),
            [],
            id="an older statement does not bring it back",
        ),
        pytest.param(
            [outcome(at=9, sha="bb")],
            outcome(MATCHED, at=1),
            ["found matched", "gone matched"],
            id="a later complete statement had been clean",
        ),
        pytest.param(
            [outcome(at=9, sha="bb", complete=False)],
            outcome(MATCHED, at=1),
            ["found matched"],
            id="a later statement that was not complete proves nothing",
        ),
        pytest.param(
            [outcome(at=9, sha="bb", lists=Lists.OPEN)],
            outcome(MATCHED, at=1, lists=Lists.FILLS),
            ["found matched"],
            id="a later list of something else proves nothing",
        ),
    ],
)
def test_what_is_news(before: list[Outcome], now: Outcome, then: list[str]) -> None:
    assert words(decide(after(*before), now)) == then


def test_a_pass_is_recorded_too() -> None:
    ((event, moment),) = decide(NEITHER, outcome(at=3))
    assert isinstance(event, ReconciliationRan)
    assert (event.as_of, moment, event.complete, event.books) == (seconds(3), seconds(3), True, 7)


@given(st.lists(st.sampled_from([MATCHED, WORSE, STATUS]), max_size=3))
def test_a_reconciliation_applied_twice_adds_nothing(found: list[Difference]) -> None:
    once = outcome(*found)
    assert decide(after(once), once) == ()


def test_the_same_file_with_another_outcome_is_another_run() -> None:
    stream = log(outcome(MATCHED), outcome(gone=GONE), outcome(MATCHED))
    ran = [entry.event for entry in stream if isinstance(entry.event, ReconciliationRan)]
    assert len({event.run_id for event in ran}) == 3
    assert [item.aspect for item in runs_so_far(stream).open] == [Aspect.MATCHED]


def test_the_same_file_at_another_time_is_another_run() -> None:
    assert decide(after(outcome()), outcome(at=1))


def test_what_a_later_statement_had_shown_is_gone_by_that_one() -> None:
    later = outcome(at=9, sha="bb")
    said = decide(after(later), outcome(MATCHED, at=1))
    gone, moment = said[-1]
    (ran,) = after(later).runs
    assert (gone.run_id, moment) == (ran.run_id, seconds(9))


def test_the_same_facts_give_the_same_ids() -> None:
    one, two = decide(NEITHER, outcome(MATCHED)), decide(NEITHER, outcome(MATCHED))
    assert one == two


def test_our_witnesses_do_not_make_another_outcome() -> None:
    assert outcome(MATCHED).digest == outcome(replace(MATCHED, witness=(9,))).digest
    assert outcome(MATCHED).digest != outcome(WORSE).digest


def test_a_stream_of_something_else_holds_no_runs() -> None:
    so_far = runs_so_far(recorded([OrderAccepted()], stream=STREAM))
    assert (so_far.version, so_far.runs, [*so_far.open]) == (1, [], [])
