from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.events import CancelNotSent, CancelPending, Expired
from domain.flags.cancel_waiting import late_cancel_response, stuck_cancel, stuck_request
from domain.flags.history import History, RequestHistory
from domain.reasons import CancelRejectReason
from domain.requests import (
    AskedFor,
    CancelAnswerStray,
    CancelRefused,
    CancelUnanswered,
    CancelUnsent,
)
from tests.building import STREAM, accepted, at, filled, history, placed, request_history, seconds
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    again,
    answered,
    asked,
    cancelled,
    found,
    implied,
    in_one_message,
    lost,
    opened,
    reduced,
    refused,
)

ONCE = (str(Q),)
PENDING = (str(Q), "pending")
OPEN = (placed(), accepted(), asked())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN),
            [(ONCE, 12, None, (3,))],
            id="no answer: stuck when the time for one is up",
        ),
        pytest.param(
            history(*OPEN, at(cancelled(), seen=12)), [], id="answered in time: never shown"
        ),
        pytest.param(
            history(*OPEN, at(refused(), seen=4), at(asked(cancel_id=Q2), seen=5)),
            [((str(Q2),), 15, None, (5,))],
            id="one was answered in time, the next one not",
        ),
        pytest.param(
            history(*OPEN, at(refused(), seen=13)),
            [(ONCE, 12, 13, (3,))],
            id="answered later: cleared",
        ),
        pytest.param(
            history(*OPEN, at(cancelled(cancel_id=Q2), seen=13)),
            [(ONCE, 12, 13, (3,))],
            id="another request took the order off the book: cleared",
        ),
        pytest.param(
            history(*OPEN, reduced("10", cancel_id=Q2)),
            [(ONCE, 12, None, (3,))],
            id="an answer to another request answers nothing here",
        ),
        pytest.param(history(*OPEN, filled("100")), [], id="the order ended in time: never shown"),
        pytest.param(
            history(placed(), filled("100"), asked()), [], id="the order was over when we asked"
        ),
        pytest.param(
            history(*OPEN, CancelNotSent(cancel_id=Q)), [], id="it never left: nothing to wait for"
        ),
        pytest.param(history(*OPEN, lost()), [], id="its answer was lost: another rule's"),
        pytest.param(
            history(*OPEN, cancelled(cancel_id=None), again()),
            [],
            id="confirmed again counts as an answer",
        ),
        pytest.param(
            history(*OPEN, again(what="message")),
            [(ONCE, 12, None, (3,))],
            id="another message told again is none",
        ),
        pytest.param(
            history(placed(), accepted(), at(cancelled(), seen=3), at(asked(), seen=2)),
            [],
            id="the answer reached the log before the request",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=5)),
            [(PENDING, 15, None, (3, 4))],
            id="pending in time: the outcome is waited for from then on",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=5), at(cancelled(), seen=15)),
            [],
            id="pending, then decided in time",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=5), at(cancelled(), seen=16)),
            [(PENDING, 15, 16, (3, 4))],
            id="pending, then decided late",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=14)),
            [(ONCE, 12, 14, (3,)), (PENDING, 24, None, (3, 4))],
            id="pending came late: stuck until then, and again after it",
        ),
        pytest.param(
            history(
                *OPEN,
                at(CancelPending(cancel_id=Q), seen=5),
                at(CancelPending(cancel_id=Q), seen=14),
            ),
            [(PENDING, 15, None, (3, 4))],
            id="pending told again is no outcome",
        ),
        pytest.param(
            history(placed(), at(CancelPending(cancel_id=Q), seen=1), at(asked(), seen=2)),
            [(PENDING, 12, None, (3,))],
            id="pending reached the log first: waited for from the request",
        ),
        pytest.param(
            history(*OPEN, asked(cancel_id=Q2)),
            [(ONCE, 12, None, (3,)), ((str(Q2),), 13, None, (4,))],
            id="each request waits for itself",
        ),
    ],
)
def test_stuck_cancel(given: History, then: list[Found]) -> None:
    assert found(stuck_cancel(given, LIMITS)) == then


def test_the_notes_tell_how_much_may_still_be_live() -> None:
    (flag,) = stuck_cancel(history(placed(), filled("40"), asked()), LIMITS)
    assert flag.note == ("Nothing came within 10 s of the cancel: 60 may still be on the book.")
    (pending,) = stuck_cancel(history(*OPEN, CancelPending(cancel_id=Q)), LIMITS)
    assert "of the venue’s “pending cancel”" in pending.note


@examples(st.floats(0, 40), st.none() | st.floats(0, 40))
def test_a_cancel_is_never_stuck_before_its_time(outcome: float, pending: float | None) -> None:
    middle = [] if pending is None else [at(CancelPending(cancel_id=Q), seen=2 + pending)]
    given = history(*OPEN, *middle, at(cancelled(), seen=2 + outcome + (pending or 0)))
    for flag in stuck_cancel(given, LIMITS):
        assert flag.opened_at >= seconds(2) + LIMITS.ack
        assert flag.closed_at is not None
        assert flag.closed_at > flag.opened_at


TOUCHES = AskedFor("A1", STREAM)
STRAY = CancelAnswerStray(venue="canonical", account="desk-7", request_ref="X1")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            request_history(opened()),
            [(("request",), 10, None, (1,))],
            id="touches no order and has no answer: stuck",
        ),
        pytest.param(
            request_history(opened(asked=(TOUCHES,))), [], id="touches an order: followed there"
        ),
        pytest.param(request_history(opened(), at(answered(), seen=10)), [], id="answered in time"),
        pytest.param(
            request_history(
                opened(), at(CancelRefused(reason=CancelRejectReason.PERMISSION), seen=11)
            ),
            [(("request",), 10, 11, (1,))],
            id="answered late: cleared",
        ),
        pytest.param(
            request_history(opened(), at(CancelUnanswered(kind="timeout"), seen=11)),
            [(("request",), 10, 11, (1,))],
            id="its answer was lost: another rule's from then on",
        ),
        pytest.param(
            request_history(opened(), at(CancelUnsent(), seen=11)),
            [],
            id="it never left: nothing to wait for",
        ),
        pytest.param(request_history(answered()), [], id="no request, no wait"),
        pytest.param(
            request_history(at(STRAY, seen=2), at(opened(), seen=1)),
            [],
            id="its answer reached the log first",
        ),
    ],
)
def test_stuck_request(given: RequestHistory, then: list[Found]) -> None:
    assert found(stuck_request(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN), [], id="no answer is not a late one"),
        pytest.param(history(*OPEN, at(cancelled(), seen=12)), [], id="in time"),
        pytest.param(
            history(*OPEN, at(cancelled(), seen=13)),
            [(ONCE, 13, 13, (3, 4))],
            id="after its time: noted and cleared on arrival",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=9), at(cancelled(), seen=19)),
            [],
            id="pending starts the time again",
        ),
        pytest.param(
            history(*OPEN, at(CancelPending(cancel_id=Q), seen=13), at(cancelled(), seen=14)),
            [(ONCE, 13, 13, (3, 4))],
            id="pending came late: noted once",
        ),
        pytest.param(
            history(*OPEN, filled("100"), refused()),
            [(ONCE, 4, 4, (3, 4, 5))],
            id="after something else had ended the order",
        ),
        pytest.param(
            history(*OPEN, Expired(), cancelled()),
            [(ONCE, 4, 4, (3, 4, 5))],
            id="after the order had expired",
        ),
        pytest.param(
            history(*OPEN, cancelled(), at(again(), seen=30)),
            [],
            id="answered in time and told again later: the first answer counts",
        ),
        pytest.param(
            history(*OPEN, reduced("100"), cancelled()),
            [],
            id="ended by its own first answer",
        ),
        pytest.param(
            in_one_message(*OPEN, implied("100"), cancelled(), together=(3, 4)),
            [],
            id="ended by what the answer itself implies",
        ),
        pytest.param(
            history(*OPEN, lost(), at(cancelled(), seen=5)),
            [],
            id="given up by us, and answered in time after all",
        ),
        pytest.param(
            history(cancelled(), at(asked(), seen=0)), [], id="the answer is the order's first word"
        ),
    ],
)
def test_late_cancel_response(given: History, then: list[Found]) -> None:
    assert found(late_cancel_response(given, LIMITS)) == then


def test_the_notes_tell_how_late_the_answer_was() -> None:
    (slow,) = late_cancel_response(history(*OPEN, at(cancelled(), seen=13)), LIMITS)
    (idle,) = late_cancel_response(history(*OPEN, filled("100"), refused()), LIMITS)
    assert slow.note == "The answer to the cancel came after 11 s, after its time."
    assert idle.note == "The answer to the cancel came after 2 s, when the order was over already."
    assert slow.closed_at == slow.opened_at == seconds(2) + timedelta(seconds=11)
