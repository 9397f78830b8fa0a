from __future__ import annotations

import pytest

from domain.events import CancelRejected
from domain.flags.cancel_reasons import cancel_reason_unmapped, request_reason_unmapped
from domain.flags.history import History, RequestHistory
from domain.reasons import CancelRejectReason
from domain.requests import (
    CancelAnswerStray,
    CancelRefused,
    Outcome,
    OutcomeKind,
)
from tests.building import accepted, history, placed, request_history
from tests.cancelling import (
    LIMITS,
    Found,
    Q,
    answered,
    asked,
    cancelled,
    found,
    lost,
    opened,
    refused,
)

ONCE = (str(Q),)
OPEN = (placed(), accepted(), asked())
R = CancelRejectReason


def unmapped(cancel_id: object = Q, words: str | None = "gone fishing") -> CancelRejected:
    return CancelRejected(
        reason=R.OTHER,
        cancel_id=cancel_id,  # type: ignore[arg-type]  # a test names either request
        raw_reason=words,
        mapped=False,
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, refused()), [], id="a reason of the table: nothing"),
        pytest.param(
            history(*OPEN, unmapped()),
            [((str(Q), "gone fishing"), 3, None, (3, 4))],
            id="words of no table: open until they are mapped",
        ),
        pytest.param(
            history(*OPEN, unmapped(), cancelled()),
            [((str(Q), "gone fishing"), 3, None, (3, 4))],
            id="what happens to the order clears nothing",
        ),
        pytest.param(
            history(*OPEN, unmapped(), unmapped(), unmapped(words=None), unmapped(None)),
            [
                ((str(Q), "gone fishing"), 3, None, (3, 4)),
                ((str(Q), ""), 5, None, (3, 6)),
                (("unsolicited", "gone fishing"), 6, None, (7,)),
            ],
            id="one for each request and each text",
        ),
        pytest.param(history(*OPEN, lost()), [], id="no refusal, no reason"),
    ],
)
def test_cancel_reason_unmapped(given: History, then: list[Found]) -> None:
    assert found(cancel_reason_unmapped(given, LIMITS)) == then


def strange(order: bool = False, mapped: bool = False, asked: str | None = "A9") -> Outcome:  # noqa: FBT001, FBT002 - a row of a table
    return Outcome(
        outcome=OutcomeKind.REJECTED,
        asked=asked,
        order=Q if order else None,
        reason=R.OTHER,
        raw_reason="gone fishing",
        mapped=mapped,
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            request_history(opened(), CancelRefused(reason=R.PERMISSION, raw_reason="no")),
            [],
            id="refused as a whole for a reason of the table: nothing",
        ),
        pytest.param(
            request_history(
                opened(), CancelRefused(reason=R.OTHER, raw_reason="teapot", mapped=False)
            ),
            [(("request", "teapot"), 1, None, (2,))],
            id="refused as a whole in words of no table",
        ),
        pytest.param(
            request_history(opened(), answered(strange(), strange(), strange(asked=None))),
            [
                (("A9", "gone fishing"), 1, None, (2,)),
                (("", "gone fishing"), 1, None, (2,)),
            ],
            id="an id that nobody here knows was refused so: one for each id",
        ),
        pytest.param(
            request_history(opened(), answered(strange()), answered(strange())),
            [(("A9", "gone fishing"), 1, None, (2,))],
            id="answered so twice: one",
        ),
        pytest.param(
            request_history(opened(), answered(strange(order=True), strange(mapped=True))),
            [],
            id="an order of ours has its own flag, and mapped words none",
        ),
        pytest.param(
            request_history(
                CancelAnswerStray(
                    venue="canonical", account="desk-7", request_ref="X1", outcomes=(strange(),)
                )
            ),
            [(("A9", "gone fishing"), 0, None, (1,))],
            id="an answer that nobody asked for counts too",
        ),
    ],
)
def test_request_reason_unmapped(given: RequestHistory, then: list[Found]) -> None:
    assert found(request_reason_unmapped(given, LIMITS)) == then


def test_the_note_quotes_the_venue() -> None:
    (flag,) = cancel_reason_unmapped(history(*OPEN, unmapped()), LIMITS)
    (silent,) = cancel_reason_unmapped(history(*OPEN, unmapped(words=None)), LIMITS)
    assert flag.note == (
        "The venue refused the cancel with “gone fishing”, which is not in its table of reasons: "
        "what it means for the order is not known."
    )
    assert flag.theirs == "gone fishing"
    assert "without a word" in silent.note
    unknown = answered(
        Outcome(outcome=OutcomeKind.REJECTED, asked="A9", raw_reason="gone fishing", mapped=False)
    )
    (of_unknown,) = request_reason_unmapped(request_history(opened(), unknown), LIMITS)
    assert (of_unknown.note, of_unknown.theirs) == (flag.note, flag.theirs)
