from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import (
    AmendPending,
    AmendRejected,
    FillConfirmed,
    FillCorrected,
    OrderDiscovered,
    OrderIdentified,
    Source,
)
from domain.flags.history import History
from domain.flags.unlinked import unlinked_event
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind
from tests.building import filled, history
from tests.cancelling import LIMITS, Found, found, in_one_message
from tests.claiming import OPEN, amended, amending, at_venue

MATCH, CHANGE = ("match", "F1"), ("change", "R1")
FIX = FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(5))
NAMED = OrderIdentified(names=(Name(NameKind.CLIENT, "R1"),))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40"), FillConfirmed(fill_id="F1")), [], id="linked"),
        pytest.param(
            history(*OPEN, FillConfirmed(fill_id="F1")),
            [(MATCH, 2, None, (3,))],
            id="a match that nobody here has is confirmed",
        ),
        pytest.param(
            history(*OPEN, FIX, FillConfirmed(fill_id="F1"), filled("40")),
            [(MATCH, 2, 4, (3,))],
            id="corrected and confirmed before it came",
        ),
        pytest.param(
            history(*OPEN, filled("40"), FIX, FillConfirmed(fill_id="F2")),
            [],
            id="what a match was corrected to is confirmed",
        ),
        pytest.param(
            at_venue("abp", *OPEN, FillConfirmed(fill_id="F1")),
            [],
            id="at a venue that does not report every match",
        ),
        pytest.param(history(*OPEN, amending("120"), amended("120")), [], id="changed as asked"),
        pytest.param(
            history(*OPEN, amended("120")), [(CHANGE, 2, None, (3,))], id="changed and not asked"
        ),
        pytest.param(
            history(*OPEN, AmendPending(amend_ref="R1"), amending("120")),
            [(CHANGE, 2, 3, (3,))],
            id="asked for, as is read later",
        ),
        pytest.param(
            history(*OPEN, AmendRejected(amend_ref="R1", reason=CancelRejectReason.TOO_LATE)),
            [(CHANGE, 2, None, (3,))],
            id="a refusal of what we did not ask for",
        ),
        pytest.param(
            history(OrderDiscovered(source=Source.REPORT), amended("120")),
            [],
            id="somebody else's order, and change",
        ),
        pytest.param(
            history(*OPEN, NAMED, amended("120")),
            [],
            id="changed under a name that it had: the venue's own doing",
        ),
        pytest.param(
            in_one_message(*OPEN, NAMED, amended("120"), together=(2, 3)),
            [(CHANGE, 2, None, (4,))],
            id="under a name that it has from this very message",
        ),
    ],
)
def test_unlinked_event(given: History, then: list[Found]) -> None:
    assert found(unlinked_event(given, LIMITS)) == then


def test_what_is_quoted_is_told() -> None:
    (flag,) = unlinked_event(history(*OPEN, amended("120")), LIMITS)
    assert flag.note == "Amended quotes change R1, which is not in the log."
    assert flag.theirs == "R1"
