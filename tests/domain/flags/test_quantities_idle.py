from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.events import AmendPending, FillVoided
from domain.flags.history import History
from domain.flags.quantities_report import (
    live_with_nothing,
)
from domain.lifecycle import Status
from tests.building import NOON, accepted, at, filled, history
from tests.cancelling import LIMITS, Found, cancelled, found, reported
from tests.claiming import CANCELLED, NEW, OPEN, PARTLY, amended, amending, saying

FIRST, SECOND = ("1",), ("2",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, reported(NEW, remaining="100", matched="1")), [], id="100 left"
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0")),
            [(FIRST, 62, None, (3,))],
            id="nothing left and live: after a minute",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0"), reported(CANCELLED)),
            [],
            id="over at once",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0"), at(reported(CANCELLED), seen=90)),
            [(FIRST, 62, 90, (3,))],
            id="over at last",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0"), at(cancelled(), seen=62)),
            [],
            id="cancelled in time, to the second",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0"), at(filled("100"), seen=70)),
            [(FIRST, 62, 70, (3,))],
            id="all matched at last",
        ),
        pytest.param(
            history(*OPEN, saying(filled("100"), PARTLY)),
            [(FIRST, 62, None, (3,))],
            id="remaining untold: ours counts",
        ),
        pytest.param(
            history(*OPEN, saying(filled("100"), PARTLY), at(FillVoided(fill_id="F1"), seen=70)),
            [(FIRST, 62, 70, (3,))],
            id="something remains again",
        ),
        pytest.param(
            history(*OPEN, saying(filled("100"), PARTLY), amending("200"), amended("200")),
            [],
            id="amended up in time",
        ),
        pytest.param(history(accepted(), saying(filled("9"), PARTLY)), [], id="no size known"),
        pytest.param(
            history(
                *OPEN,
                filled("100"),
                amending("120"),
                saying(AmendPending(amend_ref="R1"), Status.PENDING_REPLACE, remaining="0"),
            ),
            [],
            id="an amendment on its way may add to it",
        ),
        pytest.param(
            history(*OPEN, filled("100"), reported(Status.PENDING_REPLACE, remaining="0")),
            [(FIRST, 63, None, (4,))],
            id="no amendment on its way",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("40"), seen=3, venue=3),
                at(reported(PARTLY, remaining="0"), seen=4, venue=2),
            ),
            [],
            id="old news",
        ),
        pytest.param(
            history(*OPEN, reported(PARTLY, remaining="0"), reported(matched="100")),
            [(FIRST, 62, None, (3,))],
            id="a report without a status settles nothing",
        ),
    ],
)
def test_live_with_zero_remaining(given: History, then: list[Found]) -> None:
    assert found(live_with_nothing(given, LIMITS)) == then


@for_any(st.decimals(min_value=0, max_value=300, places=2))
def test_an_order_is_never_called_idle_before_its_time(after: Decimal) -> None:
    over = at(cancelled(), seen=2 + float(after))
    flags = list(live_with_nothing(history(*OPEN, reported(PARTLY, remaining="0"), over), LIMITS))
    late = timedelta(seconds=float(after)) > LIMITS.idle
    assert [flag.opened_at for flag in flags] == (
        [NOON + timedelta(seconds=2) + LIMITS.idle] if late else []
    )
