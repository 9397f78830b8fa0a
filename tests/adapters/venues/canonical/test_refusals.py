from __future__ import annotations

from typing import Any

import pytest

from adapters.venues.canonical.reasons import REASONS
from domain import events as e
from domain.events import Claims
from domain.lifecycle import Status
from domain.messages import (
    OrderMessage,
)
from domain.reasons import FIX_102, CancelRejectReason
from tests.adapters.venues.canonical.building import (
    client,
    first,
    order_message,
    venue,
)


def reject(**told: Any) -> OrderMessage:  # noqa: ANN401 - fields of a frame
    frame = {
        "order_id": "V",
        "cl_ord_id": "Y",
        "orig_cl_ord_id": "X",
        "cxl_rej_response_to": "cancel",
        "cxl_rej_reason": "TOO_LATE",
        **told,
    }
    return order_message("received", msg="OrderCancelReject", **frame)


def test_a_refused_cancel_settles_its_request_and_makes_no_order_known() -> None:
    message = reject(ord_status="Filled", text="too late")
    assert message.said == (
        e.CancelRejected(
            reason=CancelRejectReason.TOO_LATE,
            raw_reason="TOO_LATE: too late",
            claims=Claims(status=Status.FILLED, raw_status="Filled"),
        ),
    )
    assert message.names == ()
    assert message.found_by == (client("X"), client("Y"), venue("V"))
    assert (message.known_only, message.cancel_ref, message.answers) == (True, "Y", True)


@pytest.mark.parametrize("to", [pytest.param("replace", id="word"), pytest.param(2, id="FIX 2")])
def test_a_refused_replace_leaves_the_terms_as_they_were(to: object) -> None:
    message = reject(cxl_rej_response_to=to)
    assert message.said == (
        e.AmendRejected(amend_ref="Y", reason=CancelRejectReason.TOO_LATE, raw_reason="TOO_LATE"),
    )
    assert (message.cancel_ref, message.answers) == (None, False)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        *(pytest.param(str(number), word, id=f"FIX {number}") for number, word in FIX_102.items()),
        *(
            pytest.param(number, word, id=f"{number} as a number")
            for number, word in FIX_102.items()
        ),
        *(pytest.param(word.value, word, id=word) for word in CancelRejectReason),
        pytest.param("Too late to cancel", CancelRejectReason.TOO_LATE, id="FIX in words"),
        pytest.param("UnknownOrder", CancelRejectReason.UNKNOWN_ORDER, id="FIX in one word"),
        pytest.param(" taken_or_lapsed ", CancelRejectReason.TAKEN_OR_LAPSED, id="any case"),
        pytest.param("77", CancelRejectReason.OTHER, id="a number that FIX has not"),
        pytest.param("-1", CancelRejectReason.OTHER, id="below zero"),
        pytest.param("moon", CancelRejectReason.OTHER, id="a word that nobody knows"),
    ],
)
def test_every_reason_is_one_of_ours_and_other_is_never_mapped(
    told: object, reason: CancelRejectReason
) -> None:
    event = first(reject(cxl_rej_reason=told))
    assert isinstance(event, e.CancelRejected)
    assert event.reason is reason
    assert event.mapped is (reason is not CancelRejectReason.OTHER)
    assert event.raw_reason == str(told)


def test_a_refusal_without_a_reason_is_other_and_unmapped() -> None:
    event = first(reject(cxl_rej_reason=None))
    assert event == e.CancelRejected(reason=CancelRejectReason.OTHER, mapped=False)


def test_the_reasons_cover_fix_and_ours() -> None:
    assert set(REASONS.values()) == set(CancelRejectReason)
