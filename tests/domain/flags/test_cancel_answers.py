from __future__ import annotations

from itertools import permutations

import pytest

from domain.events import CancelNotSent, CancelPending, DuplicateReported, Initiator
from domain.flags.cancel_answers import (
    conflicting_cancel_outcome,
    duplicate_cancel_ack,
    unsolicited_cancel,
)
from domain.flags.history import History
from domain.lifecycle import Status
from tests.building import accepted, at, history, placed
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    again,
    asked,
    cancelled,
    claims,
    found,
    reduced,
    refused,
    reported,
)

ONCE = (str(Q),)
OPEN = (placed(), accepted(), asked())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, cancelled(), again()),
            [(ONCE, 4, 4, (4, 5))],
            id="confirmed twice: noted and cleared as it opens",
        ),
        pytest.param(
            history(*OPEN, cancelled(), again(), again()),
            [(ONCE, 4, 4, (4, 5))],
            id="confirmed three times: noted once",
        ),
        pytest.param(
            history(*OPEN, cancelled(), again(), again(differs=True)),
            [(ONCE, 4, 4, (4, 5)), ((str(Q), "differs"), 5, None, (4, 6))],
            id="confirmed with other content: open",
        ),
        pytest.param(
            history(*OPEN, cancelled(), again(cancel_id=None)),
            [(("None",), 4, 4, (4, 5))],
            id="the repeat quotes no request: it repeats the cancel there is",
        ),
        pytest.param(
            history(*OPEN, again()),
            [(ONCE, 3, 3, (4,))],
            id="what it repeats is not in this log",
        ),
        pytest.param(
            history(*OPEN, DuplicateReported(what="fill", ref="F1")), [], id="another repeat"
        ),
    ],
)
def test_duplicate_cancel_ack(given: History, then: list[Found]) -> None:
    assert found(duplicate_cancel_ack(given, LIMITS)) == then


def test_the_note_of_a_repeat_tells_when_it_differs() -> None:
    same, other = duplicate_cancel_ack(
        history(*OPEN, cancelled(), again(), again(differs=True)), LIMITS
    )
    assert same.note == "The cancel was confirmed again; it counts once."
    assert other.note == (
        "The cancel was confirmed again, with other content than the first time; it counts once."
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, refused()), [], id="only refused"),
        pytest.param(history(*OPEN, cancelled(), refused(cancel_id=Q2)), [], id="two requests"),
        pytest.param(history(*OPEN, cancelled(), refused(cancel_id=None)), [], id="none is quoted"),
        pytest.param(
            history(*OPEN, CancelPending(cancel_id=Q), refused()),
            [],
            id="pending and then refused is no conflict",
        ),
        pytest.param(
            history(*OPEN, cancelled(), refused()),
            [(ONCE, 4, None, (3, 4, 5))],
            id="cancelled and refused for one request",
        ),
        pytest.param(
            history(*OPEN, refused(), cancelled(), refused()),
            [(ONCE, 4, None, (3, 4, 5))],
            id="refused, cancelled and refused again: one flag",
        ),
        pytest.param(
            history(*OPEN, refused(), reduced("10")),
            [(ONCE, 4, None, (3, 4, 5))],
            id="refused and yet cancelled in part",
        ),
        pytest.param(
            history(*OPEN, refused(), cancelled(cancel_id=None), again()),
            [(ONCE, 5, None, (3, 4, 6))],
            id="refused and yet confirmed, after the order was off the book",
        ),
        pytest.param(
            history(*OPEN, refused(), cancelled(), reported(Status.CANCELLED)),
            [(ONCE, 4, 5, (3, 4, 5))],
            id="decided by a report that shows it over",
        ),
        pytest.param(
            history(*OPEN, refused(), cancelled(), reported(Status.NEW, remaining="100")),
            [(ONCE, 4, 5, (3, 4, 5))],
            id="decided by a report that shows it live",
        ),
        pytest.param(
            history(
                *OPEN,
                refused(),
                cancelled(),
                again(what="message", claims=claims(Status.CANCELLED)),
            ),
            [(ONCE, 4, 5, (3, 4, 5))],
            id="decided by the state told again",
        ),
        pytest.param(
            history(*OPEN, refused(), reported(Status.NEW), cancelled()),
            [(ONCE, 5, None, (3, 4, 6))],
            id="a report between the two decides nothing",
        ),
        pytest.param(
            history(
                *OPEN,
                refused(),
                at(cancelled(), seen=5, venue=5),
                at(reported(Status.NEW), seen=6, venue=4),
            ),
            [(ONCE, 5, None, (3, 4, 5))],
            id="a report from before it by the venue's clock decides nothing",
        ),
        pytest.param(
            history(
                *OPEN,
                refused(),
                asked(cancel_id=Q2),
                refused(cancel_id=Q2),
                cancelled(cancel_id=Q2),
            ),
            [((str(Q2),), 6, None, (5, 6, 7))],
            id="one request was refused, another got both answers",
        ),
    ],
)
def test_conflicting_cancel_outcome(given: History, then: list[Found]) -> None:
    assert found(conflicting_cancel_outcome(given, LIMITS)) == then


@pytest.mark.parametrize("order", list(permutations(range(2))), ids=str)
def test_the_conflict_is_one_whichever_came_first(order: tuple[int, ...]) -> None:
    told = (refused(), cancelled())
    (flag,) = conflicting_cancel_outcome(history(*OPEN, *(told[i] for i in order)), LIMITS)
    assert flag.closed_at is None
    assert flag.note == (
        "The venue told both that it cancelled and that it refused (TOO_LATE) for the same request."
    )


VENUE = Initiator.VENUE


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, cancelled()), [], id="we asked for it"),
        pytest.param(
            history(placed(), cancelled(cancel_id=None)),
            [(("unsolicited", "1"), 1, None, (2,))],
            id="nobody here asked: a note",
        ),
        pytest.param(
            history(placed(), reduced("10", cancel_id=None), cancelled(cancel_id=None)),
            [(("unsolicited", "1"), 1, None, (2,)), (("unsolicited", "2"), 2, None, (3,))],
            id="twice: two notes",
        ),
        pytest.param(
            history(placed(), cancelled(cancel_id=None, report_id="E7")),
            [(("unsolicited", "E7"), 1, None, (2,))],
            id="named by the venue's report id when there is one",
        ),
        pytest.param(
            history(placed(), cancelled(cancel_id=None, requested=False)),
            [],
            id="it stood unasked in the answer to another cancel",
        ),
        pytest.param(
            history(*OPEN, cancelled(cancel_id=None)),
            [],
            id="no request is quoted and one of ours was out: it may be that",
        ),
        pytest.param(
            history(*OPEN, CancelNotSent(cancel_id=Q), cancelled(cancel_id=None)),
            [(("unsolicited", "1"), 4, None, (5,))],
            id="ours never left",
        ),
        pytest.param(
            history(placed(), at(cancelled(cancel_id=None), seen=1), at(asked(), seen=2)),
            [(("unsolicited", "1"), 1, None, (2,))],
            id="ours left after the cancel was seen",
        ),
        pytest.param(
            history(placed(), at(cancelled(cancel_id=None), seen=2), at(asked(), seen=1)),
            [],
            id="ours left before it and reached the log later",
        ),
        pytest.param(
            history(*OPEN, cancelled(initiator=VENUE)),
            [((str(Q), "1"), 3, None, (4,))],
            id="the venue says that it acted by itself",
        ),
    ],
)
def test_unsolicited_cancel(given: History, then: list[Found]) -> None:
    assert found(unsolicited_cancel(given, LIMITS)) == then


def test_the_note_of_an_unsolicited_cancel_quotes_the_reason() -> None:
    (flag,) = unsolicited_cancel(
        history(placed(), cancelled(cancel_id=None, raw_reason="market closed")), LIMITS
    )
    assert flag.note == (
        "The venue cancelled the order by itself (“market closed”): no cancel of ours asked for it."
    )


@pytest.mark.parametrize("reason", [None, "", " "], ids=["untold", "empty", "blank"])
def test_the_note_of_an_unsolicited_cancel_without_a_reason_quotes_none(reason: str | None) -> None:
    (flag,) = unsolicited_cancel(
        history(placed(), cancelled(cancel_id=None, raw_reason=reason)), LIMITS
    )
    assert flag.note == "The venue cancelled the order by itself: no cancel of ours asked for it."
