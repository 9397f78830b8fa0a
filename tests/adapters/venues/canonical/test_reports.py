from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from adapters.venues.canonical.words import ExecType
from domain import events as e
from domain.events import Claims, Initiator, Terms, UnknownValueSeen
from domain.lifecycle import Status
from domain.values import Price
from tests.adapters.venues.canonical.building import (
    TOLD,
    D,
    client,
    first,
    report,
    venue,
)

CLAIMS = Claims(
    status=Status.PARTIALLY_FILLED,
    raw_status="PartiallyFilled",
    size=D(100),
    matched=D(40),
    remaining=D(60),
    price=Price(D(2)),
)
TERMS = Terms(size=D(100), price=Price(D(2)), market="M")
LAST = Price(D("1.9"))


def told(event: type, **fields: Any) -> Any:  # noqa: ANN401 - any event
    return event(claims=CLAIMS, report_id="E1", **fields)


SAYS: Mapping[ExecType, e.OrderEvent] = {
    ExecType.PENDING_NEW: e.OrderPending(claims=CLAIMS),
    ExecType.NEW: told(e.OrderAccepted, terms=TERMS),
    ExecType.TRADE: told(e.Filled, fill_id="E1", size=D(10), price=LAST),
    ExecType.TRADE_CANCEL: told(e.FillVoided, fill_id="E0", reason="why"),
    ExecType.TRADE_CORRECT: told(
        e.FillCorrected, fill_id="E0", correction_id="E1", size=D(10), price=LAST
    ),
    ExecType.CANCELED: told(e.Cancelled, initiator=Initiator.VENUE, raw_reason="why"),
    ExecType.PENDING_CANCEL: told(e.CancelPending),
    ExecType.REPLACED: told(e.Amended, amend_ref="X", size=D(100), price=Price(D(2))),
    ExecType.PENDING_REPLACE: told(e.AmendPending, amend_ref="X"),
    ExecType.REJECTED: told(e.OrderRejected, raw_reason="why"),
    ExecType.EXPIRED: told(e.Expired, raw_reason="why"),
    ExecType.DONE_FOR_DAY: told(e.DoneForDay),
    ExecType.STOPPED: told(e.Stopped, size=D(10), price=LAST),
    ExecType.SUSPENDED: told(e.Suspended),
    ExecType.RESTATED: told(e.OrderRestated, size=D(100), price=Price(D(2)), reason="why"),
    ExecType.ORDER_STATUS: told(e.OrderReported, terms=TERMS),
    ExecType.TRIGGERED: told(e.Resumed),
    ExecType.CALCULATED: told(e.Calculated),
    ExecType.LAPSED: told(e.Lapsed, raw_reason="why"),
}


def test_every_exec_type_is_in_the_table_above() -> None:
    assert set(SAYS) == set(ExecType)


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind) for kind in ExecType])
def test_a_report_says_what_its_exec_type_means_with_the_claims_beside_it(kind: ExecType) -> None:
    message = report(kind.value, **TOLD)
    assert message.said == (SAYS[kind],)
    assert message.names == (venue("V"), client("X"))
    assert message.terms == TERMS
    assert message.quotes


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind) for kind in ExecType])
def test_claims_change_nothing_of_what_is_said(kind: ExecType) -> None:
    claims = {"ord_status", "cum_qty", "leaves_qty"}
    full = report(kind.value, **TOLD)
    bare = report(kind.value, **{name: v for name, v in TOLD.items() if name not in claims})
    assert [without_claims(item) for item in bare.said] == [
        without_claims(item) for item in full.said
    ]


def without_claims(item: Any) -> Any:  # noqa: ANN401 - any event
    return replace(item, claims=None)


def test_a_status_that_nobody_knows_is_kept_as_written_and_noted() -> None:
    message = report("Trade", ord_status="Frozen", last_qty="1")
    event = first(message)
    assert isinstance(event, e.Filled)
    assert event.claims == Claims(raw_status="Frozen")
    assert message.said[1:] == (UnknownValueSeen(field="ord_status", value="Frozen"),)


def test_an_exec_type_that_nobody_knows_is_noted_and_nothing_is_made_of_it() -> None:
    message = report("Teleported", **TOLD)
    assert message.said == (
        e.OrderReported(terms=TERMS, claims=CLAIMS, report_id="E1"),
        UnknownValueSeen(field="exec_type", value="Teleported"),
    )


def test_a_match_without_an_exec_id_is_named_by_its_place_in_the_capture() -> None:
    event = first(report("Trade", exec_id=None, last_qty="1"))
    assert event == e.Filled(fill_id="day-1:7", size=D(1))


def test_a_repeated_report_says_the_same_with_the_same_id() -> None:
    assert report("Trade", last_qty="1", poss_dup=True) == report("Trade", last_qty="1")
    assert report("Trade", last_qty="1", poss_dup="Y") == report("Trade", last_qty="1")


def test_the_zero_of_a_status_report_names_no_message() -> None:
    event = first(report("I", exec_id="0"))
    assert isinstance(event, e.OrderReported)
    assert event.report_id is None


def test_a_cancel_with_a_size_takes_only_that_much() -> None:
    event = first(report("Canceled", cancel_qty="30"))
    assert isinstance(event, e.Cancelled)
    assert (event.size, event.whole) == (D(30), False)


def test_a_restatement_without_an_instrument_does_not_hide_one_told_elsewhere() -> None:
    message = report("New", order_qty="5")
    event = first(message)
    assert isinstance(event, e.OrderAccepted)
    assert message.terms.market == "-"
    assert event.terms.market is None


@pytest.mark.parametrize(
    ("told", "means"),
    [
        pytest.param({"ord_rej_reason": "6"}, True, id="the number"),
        pytest.param({"ord_rej_reason": "Duplicate order"}, True, id="the name"),
        pytest.param({"ord_rej_reason": "6 Duplicate order"}, True, id="both"),
        pytest.param({"reason": "6"}, True, id="in our own field"),
        pytest.param({"ord_rej_reason": "7"}, False, id="a copy of an order by voice"),
        pytest.param({}, False, id="no reason"),
    ],
)
def test_a_refusal_that_says_why(told: Mapping[str, str], *, means: bool) -> None:
    said = first(report("Rejected", **told))
    words = next(iter(told.values()), None)
    assert said == e.OrderRejected(raw_reason=words, duplicate=means, report_id="E1")


@pytest.mark.parametrize(
    ("reason", "split"),
    [
        pytest.param("0 GT corporate action", True, id="a corporate action"),
        pytest.param("1 GT renewal/restatement", False, id="another day"),
        pytest.param("10", False, id="a recap"),
    ],
)
def test_a_restatement_that_says_why(reason: str, *, split: bool) -> None:
    said = first(report("Restated", order_qty="200", exec_restatement_reason=reason))
    assert isinstance(said, e.OrderRestated)
    assert (said.size, said.reason, said.split) == (D(200), reason, split)


@pytest.mark.parametrize(
    ("order_id", "known_only"),
    [
        pytest.param("NONE", True, id="the venue knows no such order: it makes none known"),
        pytest.param("V", False, id="an order"),
    ],
)
def test_an_answer_to_a_status_request(order_id: str, *, known_only: bool) -> None:
    message = report("OrderStatus", order_id=order_id, ord_status="Rejected")
    assert message.known_only is known_only
