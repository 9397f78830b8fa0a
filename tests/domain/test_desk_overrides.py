"""INT-06: an override that later evidence contradicts, and what ends that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from domain.desk import DeskEvent, Evidence
from domain.desk_overrides import override_flags
from domain.flags.flag import Flag, break_id
from domain.ids import derived
from tests.building import NOON, STREAM, seconds
from tests.domain.desk_facts import BREAK, SEEN
from tests.domain.test_desk_decisions import accepted, approved, assigned, force_closed, reopened

CHANGED = replace(
    SEEN, theirs="60", difference="60", as_of=seconds(200), log_position=30, witness=(3, 21)
)
AGAIN = replace(CHANGED, theirs="70", difference="70", as_of=seconds(300))
ORDER = derived("order", "under test")


def flags(events: Sequence[DeskEvent], now: Evidence) -> list[Flag]:
    told = [(event, NOON, 10 + index) for index, event in enumerate(events)]
    return override_flags(BREAK, told, now, ORDER)


def spans(events: Sequence[DeskEvent], now: Evidence) -> list[tuple[float, float | None]]:
    """From when to when each flag stands, in seconds after noon."""
    return [
        (
            (flag.opened_at - NOON).total_seconds(),
            None if flag.closed_at is None else (flag.closed_at - NOON).total_seconds(),
        )
        for flag in flags(events, now)
    ]


@pytest.mark.parametrize(
    ("events", "now", "found"),
    [
        pytest.param([], CHANGED, [], id="nobody forced anything"),
        pytest.param([accepted()], CHANGED, [], id="an acceptance is no override"),
        pytest.param([force_closed()], SEEN, [], id="as it was"),
        pytest.param([force_closed()], CHANGED, [(60, None)], id="other figures"),
        pytest.param(
            [force_closed()],
            replace(CHANGED, opened_at=seconds(90)),
            [(90, None)],
            id="it came again with other figures",
        ),
        pytest.param(
            [force_closed()],
            replace(CHANGED, closed_at=seconds(150)),
            [(60, 150)],
            id="its evidence closed it since",
        ),
        pytest.param(
            [force_closed()],
            replace(CHANGED, closed_at=seconds(20)),
            [(60, 60)],
            id="its evidence had closed it before",
        ),
        pytest.param([force_closed(), reopened(seen=CHANGED)], CHANGED, [(60, 200)], id="revoked"),
        pytest.param(
            [force_closed(), reopened()], CHANGED, [], id="revoked before the figures changed"
        ),
        pytest.param(
            [force_closed(), approved(seen=CHANGED)], CHANGED, [(60, 200)], id="confirmed"
        ),
        pytest.param(
            [force_closed(), approved(seen=CHANGED)],
            AGAIN,
            [(60, 200), (200, None)],
            id="confirmed, and contradicted again",
        ),
        pytest.param(
            [force_closed(), force_closed("ben", seen=CHANGED)], CHANGED, [(60, 200)], id="anew"
        ),
        pytest.param(
            [force_closed(), force_closed(needs_approval=True, seen=CHANGED)],
            CHANGED,
            [(60, None)],
            id="anew, and waiting",
        ),
        pytest.param(
            [force_closed(), accepted()], CHANGED, [], id="another decision took its place before"
        ),
        pytest.param(
            [force_closed(), accepted(seen=CHANGED)], CHANGED, [(60, 200)], id="accepted instead"
        ),
        pytest.param([force_closed(), assigned()], CHANGED, [(60, None)], id="given to somebody"),
    ],
)
def test_from_when_to_when_an_override_is_contradicted(
    events: list[DeskEvent], now: Evidence, found: list[tuple[float, float | None]]
) -> None:
    assert spans(events, now) == found


@pytest.mark.parametrize(
    ("now", "span"),
    [
        pytest.param(CHANGED, (150, None), id="from the newest proof on"),
        pytest.param(
            replace(CHANGED, closed_at=seconds(400)), (150, 400), id="until its evidence closed it"
        ),
        pytest.param(
            replace(CHANGED, closed_at=seconds(150)), (60, 150), id="what closes it begins nothing"
        ),
        pytest.param(
            replace(CHANGED, witness=SEEN.witness), (60, None), id="the proof is what was seen then"
        ),
    ],
)
def test_it_is_contradicted_from_when_the_proof_was_seen(
    now: Evidence, span: tuple[float, float | None]
) -> None:
    told = [(force_closed(), NOON, 10)]
    seen_at = {position: seconds(-5) for position in SEEN.witness} | {21: seconds(150)}
    (flag,) = override_flags(BREAK, told, now, ORDER, seen_at)
    ends = None if flag.closed_at is None else (flag.closed_at - NOON).total_seconds()
    assert ((flag.opened_at - NOON).total_seconds(), ends) == span


def test_a_flag_tells_both_figures_and_its_proof() -> None:
    (flag,) = flags([assigned(), force_closed()], CHANGED)
    assert (flag.code, flag.order) == ("INT-06", ORDER)
    assert flag.ours == "ours CANCELLED, theirs 40, difference 40"
    assert flag.theirs == "ours CANCELLED, theirs 60, difference 60"
    assert flag.witness == (3, 11, 21)
    assert flag.note == (
        f"ann closed break {BREAK} (CXL-04) by force, and its figures have changed since."
    )


def test_each_time_is_told_apart_by_its_number_and_proved_by_what_ended_it() -> None:
    first, second = flags([force_closed(), approved(seen=CHANGED)], AGAIN)
    assert (first.key, second.key) == ((str(BREAK), "1"), (str(BREAK), "2"))
    assert (first.witness, second.witness) == ((3, 10, 11, 21), (3, 10, 21))


def test_a_break_without_figures_has_none() -> None:
    bare = replace(SEEN, ours=None, theirs=None, difference=None)
    (flag,) = flags([force_closed(seen=bare)], CHANGED)
    assert flag.ours == "none"


def test_each_time_is_a_break_of_its_own_and_the_same_in_every_derivation() -> None:
    events = [force_closed(), approved(seen=CHANGED)]
    first, second = (break_id(flag, STREAM) for flag in flags(events, AGAIN))
    assert first != second
    assert [first] == [break_id(flag, STREAM) for flag in flags([force_closed()], CHANGED)]
