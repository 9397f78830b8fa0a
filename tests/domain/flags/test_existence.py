from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain.events import (
    CancelRejected,
    ClientRefReused,
    DuplicateReported,
    OrderDiscovered,
    OrderEvent,
    OrderPending,
    OrderRejected,
    OrderReported,
    PlaceNotSent,
    Source,
)
from domain.flags.existence import (
    SETTLES_PLACING,
    duplicate_client_ref,
    external_order,
    rejected_then_live,
    unacked_order,
)
from domain.flags.history import History
from domain.ids import derived
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind
from tests.building import NOON, accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, cancelled, claims, found, reported
from tests.claiming import NEW, OPEN, saying

LISTED = OrderDiscovered(source=Source.LIST)
OTHER = derived("order", "another")
REF = Name(NameKind.CLIENT, "C1")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(LISTED, reported(NEW)), [((), 0, None, (1,))], id="in a list"),
        pytest.param(
            history(OrderDiscovered(source=Source.REPORT)), [((), 0, None, (1,))], id="in a report"
        ),
        pytest.param(
            history(OrderDiscovered(source=Source.CANCEL)),
            [((), 0, None, (1,))],
            id="in the answer to a cancel",
        ),
        pytest.param(history(OrderDiscovered(source=Source.FILL)), [], id="in a match: FIL-08"),
        pytest.param(history(LISTED, placed()), [((), 0, 1, (1,))], id="ours after all, told late"),
        pytest.param(history(placed(), LISTED), [], id="ours before"),
        pytest.param(history(LISTED, LISTED), [((), 0, None, (1,))], id="found twice"),
    ],
)
def test_external_order(given: History, then: list[Found]) -> None:
    assert found(external_order(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(placed(), accepted()), [], id="acknowledged in time"),
        pytest.param(history(placed()), [((), 10, None, (1,))], id="nothing heard"),
        pytest.param(
            history(placed(), at(accepted(), seen=10)), [], id="acknowledged in the last second"
        ),
        pytest.param(
            history(placed(), at(accepted(), seen=11)), [((), 10, 11, (1,))], id="too late"
        ),
        pytest.param(history(placed(), OrderRejected()), [], id="refused"),
        pytest.param(history(placed(), filled("5")), [], id="matched"),
        pytest.param(history(placed(), OrderReported()), [], id="its state was told"),
        pytest.param(history(placed(), cancelled()), [], id="cancelled"),
        pytest.param(
            history(placed(), OrderPending()),
            [((), 10, None, (1,))],
            id="considered: not confirmed",
        ),
        pytest.param(
            history(placed(), CancelRejected(reason=CancelRejectReason.UNKNOWN_ORDER)),
            [((), 10, None, (1,))],
            id="a refused cancel tells of no order",
        ),
        pytest.param(history(accepted(), placed()), [], id="we were told late that it is ours"),
        pytest.param(history(LISTED), [], id="we did not place it"),
        pytest.param(
            history(placed(), PlaceNotSent(), at(OrderReported(), seen=60)),
            [((), 10, 60, (1,))],
            id="not sent, as we thought, and heard of late",
        ),
        pytest.param(
            history(placed(), PlaceNotSent()), [], id="never sent: there is nothing to hear of"
        ),
        pytest.param(
            history(placed(), PlaceNotSent(), placed()),
            [((), 12, None, (3,))],
            id="sent again after that",
        ),
    ],
)
def test_unacked_order(given: History, then: list[Found]) -> None:
    assert found(unacked_order(given, LIMITS)) == then


@for_any(st.floats(min_value=0, max_value=60))
def test_an_order_is_never_called_unacknowledged_before_its_time(after: float) -> None:
    given = history(placed(), at(accepted(), seen=after))
    flags = list(unacked_order(given, LIMITS))
    assert bool(flags) is (given.events[-1].observed_at > NOON + LIMITS.placed)
    assert all(flag.opened_at == NOON + timedelta(seconds=10) for flag in flags)


def test_a_refused_cancel_and_a_thought_settle_nothing() -> None:
    assert {CancelRejected, OrderPending}.isdisjoint(SETTLES_PLACING)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(placed(), OrderRejected()), [], id="refused"),
        pytest.param(history(placed(), accepted(), OrderRejected()), [], id="live, then refused"),
        pytest.param(
            history(placed(), OrderRejected(), accepted()),
            [((), 2, None, (2, 3))],
            id="refused, then accepted",
        ),
        pytest.param(
            history(placed(), OrderRejected(), filled("5"), accepted()),
            [((), 2, None, (2, 3))],
            id="refused, then matched: one finding",
        ),
        pytest.param(
            history(placed(), OrderRejected(), reported(NEW)),
            [((), 2, None, (2, 3))],
            id="refused, then reported live",
        ),
        pytest.param(
            history(placed(), OrderRejected(), reported(NEW, remaining="0")),
            [],
            id="live with nothing left",
        ),
        pytest.param(
            history(placed(), replace(OrderRejected(), claims=claims(NEW))),
            [],
            id="a refusal that calls itself new",
        ),
        pytest.param(
            history(
                placed(), at(accepted(), seen=2, venue=5), at(OrderRejected(), seen=3, venue=4)
            ),
            [((), 3, None, (2, 3))],
            id="told the other way round: the venue's times say refused first",
        ),
        pytest.param(
            history(
                placed(), at(OrderRejected(), seen=2, venue=5), at(accepted(), seen=3, venue=4)
            ),
            [],
            id="told the other way round: the venue's times say accepted first",
        ),
        pytest.param(
            history(
                placed(), at(OrderRejected(), seen=2, venue=5), at(accepted(), seen=3, venue=5)
            ),
            [((), 3, None, (2, 3))],
            id="at the same moment: as told",
        ),
    ],
)
def test_rejected_then_live(given: History, then: list[Found]) -> None:
    assert found(rejected_then_live(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("evidence", "note"),
    [
        pytest.param(accepted(), "it was accepted after the refusal.", id="accepted"),
        pytest.param(filled("5"), "a match came after the refusal.", id="matched"),
        pytest.param(saying(OrderReported(), NEW), "a report called it live", id="reported"),
    ],
)
def test_the_note_says_what_shows_it_live(evidence: OrderEvent, note: str) -> None:
    (flag,) = rejected_then_live(history(placed(), OrderRejected(), evidence), LIMITS)
    assert note in flag.note
    assert flag.ours == "REJECTED"


def again(what: str, *, differs: bool) -> DuplicateReported:
    return DuplicateReported(what=what, ref="C1", differs=differs)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, ClientRefReused(name=REF, other=OTHER)),
            [(("C1", str(OTHER)), 2, None, (3,))],
            id="two venue ids",
        ),
        pytest.param(
            history(
                *OPEN,
                ClientRefReused(name=REF, other=OTHER),
                ClientRefReused(name=REF, other=OTHER),
            ),
            [(("C1", str(OTHER)), 2, None, (3,))],
            id="told twice: one finding",
        ),
        pytest.param(
            history(*OPEN, again("order", differs=True)),
            [(("order", "C1"), 2, None, (3,))],
            id="placed again with other terms",
        ),
        pytest.param(history(*OPEN, again("order", differs=False)), [], id="placed again alike"),
        pytest.param(history(*OPEN, again("fill", differs=True)), [], id="a match: FIL-01"),
    ],
)
def test_duplicate_client_ref(given: History, then: list[Found]) -> None:
    assert found(duplicate_client_ref(given, LIMITS)) == then
