from __future__ import annotations

import pytest

from domain.events import (
    FillVoided,
    OrderRestated,
)
from domain.flags.history import History
from domain.flags.statuses import status_regression
from domain.lifecycle import Status
from tests.building import at, filled, history, placed
from tests.cancelling import LIMITS, Found, cancelled, found, reported
from tests.claiming import (
    CANCELLED,
    FULL,
    NEW,
    OPEN,
    PARTLY,
    amended,
    amending,
    saying,
)

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, saying(filled("40"), PARTLY)), [], id="forward"),
        pytest.param(
            history(*OPEN, filled("40"), reported(NEW)),
            [(FIRST, 3, None, (3, 4))],
            id="new after a match",
        ),
        pytest.param(
            history(*OPEN, reported(FULL), reported(PARTLY)),
            [(FIRST, 3, None, (3, 4))],
            id="partly matched after filled",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY), reported(NEW), reported(PARTLY)),
            [(FIRST, 3, 4, (3, 4))],
            id="forward again",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY), reported(NEW), saying(cancelled(), CANCELLED)),
            [(FIRST, 3, 4, (3, 4))],
            id="over",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY), reported(NEW), reported(Status.SUSPENDED)),
            [(FIRST, 3, None, (3, 4))],
            id="a mark says nothing of it",
        ),
        pytest.param(
            history(*OPEN, filled("40"), FillVoided(fill_id="F1"), reported(NEW, matched="1")),
            [],
            id="the match was taken back",
        ),
        pytest.param(
            history(*OPEN, filled("40"), saying(FillVoided(fill_id="F1"), NEW, matched="1")),
            [],
            id="the report of the void itself",
        ),
        pytest.param(
            history(*OPEN, filled("40"), OrderRestated(), reported(NEW)), [], id="restated"
        ),
        pytest.param(
            history(*OPEN, reported(FULL), amending("120"), amended("120"), reported(PARTLY)),
            [],
            id="amended: filled may be partly matched again",
        ),
        pytest.param(
            history(*OPEN, amending("120"), amended("120"), reported(NEW, matched="1")),
            [],
            id="amended before anything matched",
        ),
        pytest.param(
            history(*OPEN, filled("9"), amending("120"), amended("120"), reported(NEW)),
            [(FIRST, 5, None, (3, 6))],
            id="amended: but not unmatched",
        ),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=3, venue=3), at(reported(NEW), seen=4, venue=2)),
            [],
            id="an older message",
        ),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=3, venue=3), at(reported(NEW), seen=4, venue=3)),
            [],
            id="at the same moment: no proof",
        ),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=3, venue=3), at(reported(NEW), seen=5, venue=4)),
            [(FIRST, 5, None, (3, 4))],
            id="proven by the venue's times",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY), reported(FULL), reported(PARTLY)),
            [(FIRST, 4, None, (4, 5))],
            id="the furthest stage is the evidence",
        ),
        pytest.param(
            history(
                *OPEN,
                at(reported(CANCELLED), seen=3, venue=3),
                at(reported(CANCELLED), seen=4, venue=1),
            ),
            [],
            id="other ends are no stage, old news least of all",
        ),
        pytest.param(
            history(placed(), reported(NEW, matched="9")), [], id="no evidence of anything before"
        ),
    ],
)
def test_status_regression(given: History, then: list[Found]) -> None:
    assert found(status_regression(given, LIMITS)) == then
