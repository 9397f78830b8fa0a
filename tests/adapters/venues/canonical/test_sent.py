from __future__ import annotations

import pytest

from adapters.venues.canonical.translate import CanonicalDialect
from domain import events as e
from domain.events import Terms, UnknownValueSeen
from domain.messages import (
    Asked,
    CancelReply,
    CancelSent,
    Said,
)
from domain.requests import Scope, ScopeKind
from domain.values import Price, PriceFormat, Side
from tests.adapters.venues.canonical.building import (
    NOON,
    D,
    client,
    first,
    line,
    order_message,
    report,
    translate,
    venue,
)


def test_an_order_that_we_send_is_placed_with_its_terms() -> None:
    message = order_message(
        "sent",
        msg="NewOrderSingle",
        cl_ord_id="X",
        instrument="M",
        side="BUY",
        order_qty="100",
        price="1.95",
        time_in_force="Day",
    )
    terms = Terms(
        size=D(100),
        price=Price(D("1.95")),
        side=Side.BUY,
        market="M",
        time_in_force="DAY",
        placed_at=NOON,
    )
    assert message.names == (client("X"),)
    assert message.said == (e.OrderPlaced(terms=terms),)
    assert message.occurred_at == NOON


@pytest.mark.parametrize(
    ("told", "side", "unknown"),
    [
        pytest.param("BUY", Side.BUY, (), id="BUY"),
        pytest.param("back", Side.BUY, (), id="BACK is BUY"),
        pytest.param("1", Side.BUY, (), id="FIX 1 is BUY"),
        pytest.param(2, Side.SELL, (), id="FIX 2 is SELL, as a number too"),
        pytest.param("LAY", Side.SELL, (), id="LAY is SELL"),
        pytest.param("Sell", Side.SELL, (), id="whatever the case"),
        pytest.param(
            "5",
            None,
            (UnknownValueSeen(field="side", value="5"),),
            id="unknown: noted, not guessed",
        ),
    ],
)
def test_the_side_is_read_from_every_spelling(
    told: object, side: Side | None, unknown: tuple[Said, ...]
) -> None:
    message = order_message("sent", msg="NewOrderSingle", cl_ord_id="X", order_qty=1, side=told)
    placed = first(message)
    assert isinstance(placed, e.OrderPlaced)
    assert placed.terms.side is side
    assert message.said[1:] == unknown


def test_what_is_not_told_of_an_order_stays_untold_but_for_its_instrument() -> None:
    message = order_message("sent", msg="NewOrderSingle", cl_ord_id="X", order_qty="5")
    assert message.terms == Terms(size=D(5), market="-", placed_at=NOON)


def test_a_price_keeps_its_format_when_the_message_names_it() -> None:
    message = report("New", price="-110", price_format="american")
    assert message.terms.price == Price(D(-110), PriceFormat.AMERICAN)


def test_a_cancel_asks_by_our_reference() -> None:
    (message,) = translate("sent", msg="OrderCancelRequest", cl_ord_id="Y", orig_cl_ord_id="X")
    assert message == CancelSent(
        scope=(Scope(ScopeKind.REFERENCES, ("X",)),),
        asked=(Asked(text="X", name=client("X")),),
        chain=client("Y"),
        request_ref="Y",
    )


def test_a_cancel_with_the_venues_id_asks_by_it_and_may_ask_for_a_part() -> None:
    (message,) = translate(
        "sent",
        msg="OrderCancelRequest",
        cl_ord_id="Y",
        orig_cl_ord_id="X",
        order_id="V",
        order_qty="100",
        cancel_qty="30",
    )
    assert isinstance(message, CancelSent)
    assert message.scope == (Scope(ScopeKind.ORDERS, ("V",)),)
    assert message.asked == (Asked(text="V", name=venue("V"), size=D(30)),)


def test_a_replace_is_requested_of_an_order_that_is_known() -> None:
    message = order_message(
        "sent",
        msg="OrderCancelReplaceRequest",
        cl_ord_id="Y",
        orig_cl_ord_id="X",
        order_id="V",
        order_qty="80",
        price="2",
    )
    assert message.names == ()
    assert message.found_by == (client("X"), venue("V"))
    assert message.chain == (client("Y"),)
    assert message.known_only
    assert message.said == (e.AmendRequested(amend_ref="Y", size=D(80), price=Price(D(2))),)


def test_asking_how_an_order_stands_tells_nothing_of_it() -> None:
    assert translate("sent", msg="OrderStatusRequest", cl_ord_id="X") == ()


CANCEL = {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X"}


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        pytest.param(
            "not_sent", CancelReply(request_ref="Y", not_sent=True, detail="why"), id="not sent"
        ),
        pytest.param(
            "timeout", CancelReply(request_ref="Y", lost="timeout", detail="why"), id="no answer"
        ),
        pytest.param(
            "disconnected",
            CancelReply(request_ref="Y", lost="disconnected", detail="why"),
            id="the line was cut",
        ),
    ],
)
def test_a_lost_cancel_was_not_sent_or_has_an_unknown_outcome(
    kind: str, reply: CancelReply
) -> None:
    error = {"kind": kind, "detail": "why"}
    dialect = CanonicalDialect()
    assert dialect.translate(line("lost", CANCEL, error=error), None) == (reply,)
    assert dialect.translate(line("lost", None, error=error), line("sent", CANCEL)) == (reply,)


def test_the_loss_of_a_question_tells_nothing() -> None:
    frame = {"msg": "OrderStatusRequest", "cl_ord_id": "X"}
    assert CanonicalDialect().translate(line("lost", frame, error={"kind": "timeout"}), None) == ()


def test_an_order_for_an_amount_of_cash_has_no_size_yet() -> None:
    frame = {"msg": "NewOrderSingle", "cl_ord_id": "X", "side": "BUY", "cash_order_qty": "10000"}
    (placed,) = order_message("sent", **frame).said
    assert isinstance(placed, e.OrderPlaced)
    assert placed.terms.size is None
