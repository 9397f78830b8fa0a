from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import Cancelled, CancelPending, Expired, Initiator, Lapsed
from domain.flags.cancel_endings import cancel_sla_breach, expiry_reported_as_cancel, lapse
from domain.flags.history import History
from domain.lifecycle import Status
from tests.building import Told, accepted, at, filled, history, placed, seconds
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, refused, reported
from tests.claiming import OPEN, at_venue


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, Lapsed(raw_reason="Turned in-play")),
            [(("1",), 2, 2, (3,))],
            id="for a reason that every venue has: cleared at once",
        ),
        pytest.param(
            history(*OPEN, Lapsed(raw_reason="palpable")),
            [(("1",), 2, None, (3,))],
            id="for another",
        ),
        pytest.param(history(*OPEN, Lapsed()), [(("1",), 2, None, (3,))], id="nobody says why"),
        pytest.param(
            at_venue("predictstreet", *OPEN, Lapsed(raw_reason="CANCELLED_BY_RESOLVE")),
            [(("1",), 2, 2, (3,))],
            id="in the venue's own word for it",
        ),
        pytest.param(
            history(*OPEN, Lapsed(raw_reason="CANCELLED_BY_RESOLVE")),
            [(("1",), 2, None, (3,))],
            id="in another venue's word",
        ),
        pytest.param(
            history(
                *OPEN, Lapsed(size=Decimal(10), report_id="E7"), Lapsed(raw_reason="suspended")
            ),
            [(("E7",), 2, None, (3,)), (("2",), 3, 3, (4,))],
            id="a part, then the rest",
        ),
        pytest.param(history(Lapsed()), [(("1",), 0, None, (1,))], id="of an order unknown"),
    ],
)
def test_lapse(given: History, then: list[Found]) -> None:
    assert found(lapse(given, LIMITS)) == then


def test_what_lapsed_is_told() -> None:
    given = history(*OPEN, filled("30"), Lapsed(raw_reason="in play"))
    (flag,) = lapse(given, LIMITS)
    assert flag.note == "70 lapsed (“in play”)."
    assert flag.theirs == "in play"
    (silent,) = lapse(history(*OPEN, Lapsed()), LIMITS)
    assert (silent.note, silent.theirs) == ("100 lapsed.", None)


UNTIL_TEN = (placed(expires_at=seconds(10)), accepted())
TAKEN = Cancelled(initiator=Initiator.VENUE)
BARE = ("",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*UNTIL_TEN, at(TAKEN, seen=10.5)),
            [(BARE, 10.5, None, (3,))],
            id="cancelled as its time ran out",
        ),
        pytest.param(
            history(*UNTIL_TEN, at(TAKEN, seen=20, venue=9)),
            [(BARE, 20, None, (3,))],
            id="by the venue's clock",
        ),
        pytest.param(history(*UNTIL_TEN, at(TAKEN, seen=5)), [], id="well before its time"),
        pytest.param(history(*UNTIL_TEN, at(TAKEN, seen=15)), [], id="well after its time"),
        pytest.param(
            history(*UNTIL_TEN, asked(), at(cancelled(), seen=10)), [], id="as we had asked"
        ),
        pytest.param(history(*OPEN, TAKEN), [], id="it had no time to run out"),
        pytest.param(
            history(
                *UNTIL_TEN,
                at(Cancelled(initiator=Initiator.VENUE, size=Decimal(1), whole=False), seen=10),
            ),
            [],
            id="a part of it only",
        ),
        pytest.param(
            history(
                *UNTIL_TEN,
                at(TAKEN, seen=10),
                at(reported(Status.CANCELLED), seen=11),
                at(reported(Status.EXPIRED), seen=12),
            ),
            [(BARE, 10, 12, (3,))],
            id="the venue calls it expired later",
        ),
        pytest.param(
            history(*UNTIL_TEN, at(TAKEN, seen=10), at(Expired(), seen=12)),
            [(BARE, 10, 12, (3,))],
            id="it expires, too",
        ),
    ],
)
def test_expiry_reported_as_cancel(given: History, then: list[Found]) -> None:
    assert found(expiry_reported_as_cancel(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("answers", "then"),
    [
        pytest.param([at(cancelled(), seen=3.9)], [], id="in time"),
        pytest.param(
            [at(cancelled(), seen=4.5)], [((str(Q),), 4.5, None, (3, 4))], id="seen too late"
        ),
        pytest.param(
            [at(cancelled(), seen=9, venue=3)], [], id="decided in time, by the venue's clock"
        ),
        pytest.param([at(cancelled(), seen=3, venue=60)], [], id="a venue clock that runs ahead"),
        pytest.param(
            [at(refused(), seen=5)], [((str(Q),), 5, None, (3, 4))], id="refused too late"
        ),
        pytest.param(
            [CancelPending(cancel_id=Q), at(cancelled(), seen=6)],
            [((str(Q),), 6, None, (3, 5))],
            id="“pending” is no answer yet",
        ),
        pytest.param([], [], id="no answer: another rule's"),
    ],
)
def test_cancel_sla_breach(answers: list[Told], then: list[Found]) -> None:
    given = history(*OPEN, asked(), *answers)  # type: ignore[arg-type]  # events of orders
    assert found(cancel_sla_breach(given, LIMITS)) == then


def test_the_time_that_it_took_is_told() -> None:
    (flag,) = cancel_sla_breach(history(*OPEN, asked(), at(cancelled(), seen=5.25)), LIMITS)
    assert (flag.note, flag.theirs) == ("The venue took 3.25 s to answer the cancel.", "3.25 s")
