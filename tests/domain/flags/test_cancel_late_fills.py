from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.events import FillCorrected, FillVoided
from domain.flags.cancel_late_fills import fill_after_cancel, late_fill_report
from domain.flags.history import History
from tests.building import at, filled, history, placed
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    asked,
    cancelled,
    found,
    implied,
    in_one_message,
    reduced,
)

CANCELLED = (placed(), asked(), at(cancelled(), seen=2, venue=2))


@pytest.mark.parametrize(
    ("given", "late", "after"),
    [
        pytest.param(history(placed(), asked(), cancelled()), [], [], id="nothing matched"),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=1.5)),
            [(("F1",), 9, 9, (3, 4))],
            [],
            id="matched before the cancel and told after it: late, cleared at once",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=2)),
            [(("F1",), 9, 9, (3, 4))],
            [],
            id="matched in the very instant of the cancel: late, not after",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9)),
            [(("F1",), 9, 9, (3, 4))],
            [],
            id="told after it without a venue time: late, nothing proves more",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=2.001)),
            [],
            [(("F1",), 9, None, (3, 4))],
            id="matched after the cancel by the venue's clock: critical, open",
        ),
        pytest.param(
            history(
                placed(),
                filled("5", "F0"),
                asked(),
                at(cancelled(), seen=3, venue=2),
                at(filled("5"), seen=9, venue=2.001),
            ),
            [],
            [(("F1",), 9, None, (4, 5))],
            id="one matched before the cancel, the next after it",
        ),
        pytest.param(
            history(
                placed(),
                asked(),
                at(filled("5"), seen=2, venue=4),
                at(cancelled(), seen=3, venue=3),
            ),
            [],
            [(("F1",), 3, None, (3, 4))],
            id="matched after the cancel and told before it: the same, open from the cancel",
        ),
        pytest.param(
            history(placed(), asked(), at(cancelled(), seen=2), at(filled("5"), seen=9, venue=1)),
            [(("F1",), 9, 9, (3, 4))],
            [],
            id="the cancel has no venue time: the moment we saw it is the latest it can have been",
        ),
        pytest.param(
            history(placed(), asked(), at(cancelled(), seen=2), at(filled("5"), seen=9, venue=3)),
            [],
            [(("F1",), 9, None, (3, 4))],
            id="the cancel has no venue time and the match is later than our seeing it: after",
        ),
        pytest.param(
            history(placed(), asked(), at(filled("5"), seen=2, venue=9), at(cancelled(), seen=3)),
            [],
            [],
            id="a venue clock ahead of ours proves nothing of a match that we saw first",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=1, venue=1)),
            [],
            [],
            id="seen before the cancel though it reached the log later: not late",
        ),
        pytest.param(
            history(placed(), asked("10"), reduced("10"), at(filled("5"), seen=9, venue=8)),
            [],
            [],
            id="only a part was cancelled: matches go on",
        ),
        pytest.param(
            history(*CANCELLED, at(implied("5"), seen=9, venue=8)),
            [],
            [],
            id="a total is no match record",
        ),
        pytest.param(
            in_one_message(*CANCELLED, at(filled("5"), seen=2, venue=1), together=(2, 3)),
            [],
            [],
            id="told by the cancel's own message: not late",
        ),
        pytest.param(
            history(
                *CANCELLED, at(filled("5"), seen=9, venue=8), at(FillVoided(fill_id="F1"), seen=20)
            ),
            [],
            [(("F1",), 9, 20, (3, 4))],
            id="after the cancel and voided by the venue: cleared",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(filled("5"), seen=9, venue=8),
                at(FillVoided(fill_id="F1", size=Decimal(2)), seen=20),
            ),
            [],
            [(("F1",), 9, None, (3, 4))],
            id="voided in part: stays open",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(filled("5"), seen=9, venue=8),
                at(FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(0)), seen=20),
            ),
            [],
            [(("F1",), 9, 20, (3, 4))],
            id="corrected to nothing: cleared",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(FillVoided(fill_id="F1"), seen=8),
                at(filled("5"), seen=9, venue=8),
            ),
            [],
            [],
            id="voided before it was told: nothing to work",
        ),
        pytest.param(
            history(
                placed(),
                at(cancelled(cancel_id=None), seen=1, venue=3),
                asked(cancel_id=Q2),
                at(cancelled(cancel_id=Q2), seen=4, venue=4),
                at(filled("5"), seen=9, venue=3.5),
            ),
            [],
            [(("F1",), 9, None, (2, 5))],
            id="after any of two cancels of the whole: after",
        ),
    ],
)
def test_fills_around_a_cancel(given: History, late: list[Found], after: list[Found]) -> None:
    assert found(late_fill_report(given, LIMITS)) == late
    assert found(fill_after_cancel(given, LIMITS)) == after


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_whatever_was_told_first_a_match_after_the_cancel_stays_open(
    order: tuple[int, ...],
) -> None:
    told = (
        (asked(), None),
        (cancelled(), 3.0),
        (filled("5"), 4.0),
    )
    events = [at(told[i][0], seen=place + 1, venue=told[i][1]) for place, i in enumerate(order)]
    flags = list(fill_after_cancel(history(placed(), *events), LIMITS))
    assert [(flag.key, flag.closed_at) for flag in flags] == [(("F1",), None)]


@examples(
    seen=st.floats(2, 100), venue=st.none() | st.floats(0, 100), cancel=st.none() | st.floats(0, 2)
)
def test_a_match_told_after_the_cancel_is_late_or_after_and_never_both(
    seen: float, venue: float | None, cancel: float | None
) -> None:
    given = history(
        placed(),
        at(cancelled(), seen=2, venue=cancel),
        at(filled("5"), seen=seen + 1, venue=venue),
    )
    late = list(late_fill_report(given, LIMITS))
    after = list(fill_after_cancel(given, LIMITS))
    assert len(late) + len(after) == 1


def test_the_notes_tell_what_happened() -> None:
    untimed = history(*CANCELLED, at(filled("5"), seen=9))
    timed = history(*CANCELLED, at(filled("5"), seen=9, venue=1))
    after = history(*CANCELLED, at(filled("5"), seen=9, venue=8))
    (late,) = late_fill_report(timed, LIMITS)
    assert late.note == (
        "A match of 5 was told after the cancel and happened before it: "
        "that much was matched, not cancelled."
    )
    assert "has no venue time" in next(iter(late_fill_report(untimed, LIMITS))).note
    (critical,) = fill_after_cancel(after, LIMITS)
    assert critical.note == (
        "The venue matched 5 at 12:00:08.000000, after it had cancelled the order at "
        "12:00:02.000000."
    )
