from __future__ import annotations

import pytest

from domain.events import AmendRejected
from domain.flags.cancel_changes import cancel_during_replace
from domain.flags.history import History
from domain.reasons import CancelRejectReason
from tests.building import filled, history
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, refused
from tests.claiming import OPEN, amended, amending

KEY = (str(Q), "R1")
CROSSED = (*OPEN, amending("120"), asked())
NO = AmendRejected(amend_ref="R1", reason=CancelRejectReason.TOO_LATE)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*CROSSED), [(KEY, 3, None, (3, 4))], id="the change is on its way"),
        pytest.param(
            history(*CROSSED, amended("120")), [(KEY, 3, None, (3, 4))], id="the change is made"
        ),
        pytest.param(
            history(*CROSSED, amended("120"), refused()), [(KEY, 3, 5, (3, 4))], id="both resolved"
        ),
        pytest.param(
            history(*CROSSED, refused(), NO), [(KEY, 3, 5, (3, 4))], id="both are refused"
        ),
        pytest.param(history(*CROSSED, cancelled()), [(KEY, 3, 4, (3, 4))], id="the order is gone"),
        pytest.param(
            history(*OPEN, amending("120"), amended("120"), asked()),
            [],
            id="the change was made before we asked",
        ),
        pytest.param(history(*OPEN, asked(), amending("120")), [], id="changed after we asked"),
        pytest.param(
            history(*OPEN, amending("120"), filled("100"), asked()), [], id="over already"
        ),
        pytest.param(
            history(*OPEN, NO, amending("120"), asked()), [], id="refused before the log had it"
        ),
    ],
)
def test_cancel_during_replace(given: History, then: list[Found]) -> None:
    assert found(cancel_during_replace(given, LIMITS)) == then


def test_a_change_that_the_log_knows_from_its_answer_alone_is_none_of_ours() -> None:
    given = history(*OPEN, asked(), amended("120", ref="R9"), amending(ref="R1"))
    assert found(cancel_during_replace(given, LIMITS)) == []
