from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import Cancelled, Initiator
from domain.flags.cancel_parts import cancel_after_reject, partial_cancel
from domain.flags.history import History
from domain.reasons import CancelRejectReason
from tests.building import accepted, history, placed
from tests.cancelling import LIMITS, Q2, Found, Q, asked, cancelled, found, reduced, refused

OPEN = (placed(), accepted())
STAYS = CancelRejectReason.NOT_CANCELLABLE


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, asked("40"), reduced("40")),
            [((str(Q), ""), 3, 3, (3, 4))],
            id="a part was asked for and taken off: cleared at once",
        ),
        pytest.param(history(*OPEN, asked("40"), reduced("30")), [], id="less than asked"),
        pytest.param(history(*OPEN, asked(), reduced("30")), [], id="all was asked for"),
        pytest.param(history(*OPEN, asked("100"), reduced("100")), [], id="a part that was all"),
        pytest.param(history(*OPEN, asked(), cancelled("100")), [], id="the whole order"),
        pytest.param(history(*OPEN, reduced("40", None)), [], id="unasked"),
        pytest.param(history(*OPEN, reduced("40", Q2)), [], id="a request that is not here"),
        pytest.param(
            history(*OPEN, asked("40"), Cancelled(cancel_id=Q, whole=False)),
            [],
            id="untold how much",
        ),
    ],
)
def test_partial_cancel(given: History, then: list[Found]) -> None:
    assert found(partial_cancel(given, LIMITS)) == then


def test_the_part_and_what_remained_are_told() -> None:
    (flag,) = partial_cancel(history(*OPEN, asked("40"), reduced("40")), LIMITS)
    assert flag.note == "40 of the 100 that remained was cancelled, as asked."
    assert (flag.ours, flag.theirs) == ("100", "40")


BY_ITSELF = cancelled(cancel_id=None, initiator=Initiator.VENUE)
REFUSED = (str(Q), "")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, asked(), refused(STAYS), BY_ITSELF),
            [(REFUSED, 4, None, (3, 4, 5))],
            id="refused, then cancelled without a word",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(STAYS), cancelled()),
            [(REFUSED, 4, None, (3, 4, 5))],
            id="refused and cancelled for one request",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(STAYS), replace(BY_ITSELF, raw_reason="halted")),
            [(REFUSED, 4, 4, (3, 4, 5))],
            id="the venue says why it cancelled by itself: explained",
        ),
        pytest.param(
            history(*OPEN, asked(cancel_id=Q2), asked(), refused(STAYS), cancelled(cancel_id=Q2)),
            [(REFUSED, 5, 5, (4, 5, 6))],
            id="the late answer to an earlier request: explained",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(CancelRejectReason.ALREADY_CANCELLED), BY_ITSELF),
            [(REFUSED, 4, 4, (3, 4, 5))],
            id="the refusal had said so: explained",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(STAYS), asked(cancel_id=Q2), cancelled(cancel_id=Q2)),
            [],
            id="asked for again in between",
        ),
        pytest.param(
            history(*OPEN, asked(), asked(cancel_id=Q2), refused(STAYS), cancelled(cancel_id=Q2)),
            [],
            id="the newer of two requests is answered",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled(), refused(STAYS)), [], id="refused afterwards"
        ),
        pytest.param(
            history(*OPEN, refused(STAYS, None), BY_ITSELF),
            [(("unsolicited", ""), 3, None, (3, 4))],
            id="a refusal that quotes no request",
        ),
        pytest.param(
            history(*OPEN, asked(), refused(STAYS), reduced("10", None), reduced("20", None)),
            [(REFUSED, 4, None, (3, 4, 5))],
            id="cancelled in parts: one finding",
        ),
    ],
)
def test_cancel_after_reject(given: History, then: list[Found]) -> None:
    assert found(cancel_after_reject(given, LIMITS)) == then


def test_the_refusal_and_its_explanation_are_told() -> None:
    given = history(*OPEN, asked(), refused(STAYS), replace(BY_ITSELF, raw_reason=" halted "))
    (flag,) = cancel_after_reject(given, LIMITS)
    assert flag.note == (
        "The venue refused to cancel the order (NOT_CANCELLABLE) and then cancelled it, with no "
        "newer request of ours (by itself: “halted”)."
    )
    assert Decimal(100) == given.held(4).cancelled
