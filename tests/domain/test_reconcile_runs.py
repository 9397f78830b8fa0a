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
from domain.reconcile_runs import Outcome, SoFar, Standing, counted, decide, runs_so_far
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
        pytest.param(
            [outcome(at=9, sha="bb", lists=Lists.OPEN)],
            outcome(MATCHED, at=1, lists=Lists.OPEN),
            ["found matched", "gone matched"],
            id="a later list of the same had been clean",
        ),
        pytest.param(
            [outcome(at=9, sha="bb")],
            outcome(MATCHED, at=1, lists=Lists.OPEN),
            ["found matched", "gone matched"],
            id="a later list of all orders had been clean",
        ),
        pytest.param(
            [outcome(at=1, sha="bb")],
            outcome(MATCHED, at=1),
            ["found matched"],
            id="another statement of the same time is not a later one",
        ),
        pytest.param(
            [outcome(MATCHED)],
            outcome(sha="bb", gone=GONE),
            ["gone matched"],
            id="a statement of the same time settles it",
        ),
        pytest.param(
            [outcome(MATCHED), outcome(at=9, sha="bb", gone=GONE)],
            outcome(MATCHED, STATUS, at=1, sha="cc"),
            ["found status", "gone status"],
            id="what a later statement has spoken of does not hide the rest",
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
    so_far = runs_so_far([*recorded([OrderAccepted()]), *log(outcome(MATCHED))])
    assert (so_far.version, len(so_far.runs), [*so_far.open]) == (3, 1, [MATCHED])


def test_what_a_run_tells_is_all_in_its_event() -> None:
    one = replace(outcome(MATCHED, at=3), parts=("a page is missing",))
    ((ran, _), (found, _)) = decide(NEITHER, one)
    assert ran == ReconciliationRan(
        run_id=ran.run_id,
        venue=DESK.venue,
        account=DESK.account,
        as_of=seconds(3),
        complete=True,
        inputs=one.inputs,
        figures=Figures(rows=2, matched=1, by_aspect=(("matched", 1),)),
        outcome=one.digest,
        books=7,
        parts=("a page is missing",),
    )
    assert found == DifferenceFound(run_id=ran.run_id, difference=MATCHED)


def test_each_event_of_a_run_names_it() -> None:
    before = after(outcome(MATCHED, STATUS), outcome(at=1, sha="bb", gone=GONE))
    said = decide(before, outcome(MATCHED, at=2, sha="cc", gone={STATUS.key: AGREES}))
    (ran, _), (returned, _), (gone, _) = said
    assert returned == DifferenceReturned(run_id=ran.run_id, difference=MATCHED)
    assert gone == DifferenceGone(run_id=ran.run_id, difference=STATUS, why=AGREES)
    (ran, _), (worse, _) = decide(after(outcome(MATCHED)), outcome(WORSE, at=1, sha="bb"))
    assert worse == DifferenceFound(run_id=ran.run_id, difference=WORSE)


def test_what_a_later_statement_does_not_show_says_so() -> None:
    *_, (gone, _) = decide(after(outcome(at=9, sha="bb")), outcome(MATCHED, at=1))
    assert isinstance(gone, DifferenceGone)
    assert gone.why == "A later statement, already read, does not show it."


def test_what_is_gone_keeps_its_last_figures() -> None:
    so_far = after(outcome(MATCHED), outcome(at=1, sha="bb", gone=GONE))
    assert so_far.differences == {MATCHED.key: Standing(MATCHED, is_open=False, since=seconds(1))}


def test_ids_of_runs_are_the_same_on_every_machine_and_in_every_version() -> None:
    """They are stored: another way of deriving them would count every run again."""
    first, again = outcome(MATCHED), outcome(MATCHED, at=1)
    told = [decide(NEITHER, first)[0][0].run_id, decide(after(first), again)[0][0].run_id]
    back = decide(after(first, outcome(gone=GONE)), first)[0][0].run_id
    assert [str(run_id) for run_id in (*told, back)] == [
        "688daf2c-2a1a-5d12-b052-803ad478c366",
        "5de3cb4b-f4e6-5023-9fe8-5372e06aaa67",
        "a151c8e3-7aba-54bc-b814-faf619c84f81",
    ]
