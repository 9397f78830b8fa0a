"""Placing: requests, answers, business refusals with HTTP 200; the dossier's traps 7 and 18."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.events import (
    Cancelled,
    Filled,
    OrderAccepted,
    OrderPlaced,
    OrderRejected,
    OrderReported,
    PlaceNotSent,
    PlaceOutcomeUnknown,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Notice, OrderMessage, Said
from domain.values import Name, NameKind, Price, PriceFormat, Side
from domain.wire import Line
from tests.adapters.venues.predictstreet.lines import (
    CREATED,
    A,
    B,
    answered,
    client,
    lost,
    order_messages,
    place_body,
    sent,
    trade_row,
    translate,
    venue,
)

TERMS = Terms(
    size=Decimal(100),
    price=Price(Decimal("0.41"), PriceFormat.PROBABILITY),
    side=Side.BUY,
    market="XYZ-BIN-1",
    selection="0",
    currency="USDC",
    time_in_force="GTC",
)
PLACE = sent("POST", "/api/orders/place", place_body())
NAMELESS = sent("POST", "/api/orders/place", place_body(clientOrderId=None))
BATCH = sent(
    "POST",
    "/api/orders/place-batch",
    {"orders": [place_body(), place_body(clientOrderId="mm-2", quantity="7")]},
)


def place_answer(**changed: object) -> dict[str, Any]:
    """The answer of the documents: open, 40 of 100 matched."""
    trade = {key: value for key, value in trade_row().items() if key not in {"status", "txHash"}}
    return {
        "orderId": A,
        "status": "OPEN",
        "filledQty": "40",
        "remainingQty": "60",
        "trades": [trade],
        **changed,
    }


def said_in(request: Line, body: object, status: int = 200) -> list[Said]:
    """Everything that the answer says, in order."""
    return [item for one in order_messages(answered(request, body, status)) for item in one.said]


def test_a_placed_order_is_known_by_our_reference() -> None:
    (told,) = order_messages(translate(PLACE))
    assert told.names == (client("mm-1"),)
    assert told.said == (OrderPlaced(terms=TERMS),)


def test_an_order_without_a_reference_is_known_from_its_answer() -> None:
    assert translate(NAMELESS) == ()
    taken, *_ = order_messages(answered(NAMELESS, place_answer()))
    assert (taken.names, taken.terms) == ((venue(A),), TERMS)


def test_an_answer_tells_the_acceptance_the_matches_and_how_it_stands() -> None:
    taken, match, stands = order_messages(answered(PLACE, place_answer()))
    assert taken.names == match.names == stands.names == (venue(A), client("mm-1"))
    assert taken.said == (OrderAccepted(terms=TERMS),)
    (fill,) = match.said
    assert isinstance(fill, Filled)
    assert (fill.size, fill.provisional, match.occurred_at) == (Decimal(40), True, CREATED)
    total, report = stands.said
    assert total == MatchedTotal(total=Decimal(40))
    assert isinstance(report, OrderReported)
    assert report.claims is not None
    assert (report.claims.status, report.claims.records) == (Status.PARTIALLY_FILLED, True)


@pytest.mark.parametrize(
    ("changed", "last"),
    [
        pytest.param(
            {"status": "PENDING", "filledQty": "0", "remainingQty": "100", "trades": []},
            OrderReported,
            id="PENDING: the venue holds it",
        ),
        pytest.param({"status": "FILLED", "filledQty": "100"}, OrderReported, id="FILLED"),
        pytest.param({"status": "CANCELLED"}, Cancelled, id="the rest of an IOC order is gone"),
        pytest.param({"status": "QUEUED"}, UnknownValueSeen, id="a state in no table"),
    ],
)
def test_what_an_answer_ends_with(changed: dict[str, object], last: type) -> None:
    said = said_in(PLACE, place_answer(**changed))
    assert isinstance(said[0], OrderAccepted)
    assert isinstance(said[-1], last)


def test_matches_that_do_not_add_up_are_not_called_complete() -> None:
    *_, report = said_in(PLACE, place_answer(trades=[]))
    assert isinstance(report, OrderReported)
    assert report.claims is not None
    assert not report.claims.records


REJECTED: dict[str, object] = {
    "orderId": "",
    "status": "REJECTED",
    "filledQty": "0",
    "remainingQty": "0",
    "trades": [],
    "code": "insufficient_funds",
    "message": "overdraft",
}


@pytest.mark.parametrize(
    ("body", "status", "raw"),
    [
        pytest.param(REJECTED, 200, "insufficient_funds: overdraft", id="REJECTED with HTTP 200"),
        pytest.param(
            {"code": "invalid_tif", "message": "market+gtc"},
            200,
            "invalid_tif: market+gtc",
            id="an error envelope with HTTP 200",
        ),
        pytest.param({"code": "bad_signature"}, 400, "bad_signature", id="400"),
        pytest.param(None, 429, "HTTP 429", id="429 without words"),
        pytest.param({"code": "wallet_banned"}, 403, "wallet_banned", id="403"),
    ],
)
def test_a_refused_order_is_found_by_our_reference(body: object, status: int, raw: str) -> None:
    (told,) = order_messages(answered(PLACE, body, status))
    assert told.names == (client("mm-1"),)
    assert told.said == (OrderRejected(raw_reason=raw),)
    (nameless,) = order_messages(answered(NAMELESS, body, status))
    assert (nameless.names, nameless.known_only) == (PLACES, True)  # known only if in doubt
    assert nameless.said == told.said


PLACES = (Name(NameKind.PLACE, "test:x1:0"),)


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_what_may_hide_a_live_order_leaves_it_in_doubt(status: int) -> None:
    for request in (PLACE, BATCH):
        for message in order_messages(answered(request, {"code": "x", "message": "y"}, status)):
            assert isinstance(message.said[0], OrderPlaced)
            assert isinstance(message.said[1], PlaceOutcomeUnknown)


def test_a_conflict_may_be_with_an_earlier_try_and_says_nothing() -> None:
    assert answered(PLACE, {"code": "x", "message": "y"}, 409) == ()


@pytest.mark.parametrize(
    ("request_line", "own"),
    [
        pytest.param(PLACE, (client("mm-1"),), id="by our reference"),
        pytest.param(NAMELESS, PLACES, id="by its place in the request"),
    ],
)
def test_a_lost_order_is_in_doubt_or_was_not_sent(
    request_line: Line, own: tuple[Name, ...]
) -> None:
    (doubted,) = order_messages(translate(lost("timeout"), request_line))
    assert doubted.names == own
    assert isinstance(doubted.said[1], PlaceOutcomeUnknown)
    (unsent,) = order_messages(translate(lost("not_sent"), request_line))
    assert isinstance(unsent.said[1], PlaceNotSent)


def test_an_answer_leads_to_the_order_that_was_in_doubt() -> None:
    assert order_messages(answered(NAMELESS, place_answer()))[0].places == PLACES
    assert order_messages(answered(PLACE, place_answer()))[0].places == ()


def test_the_loss_of_a_read_tells_nothing() -> None:
    assert translate(lost("timeout"), sent("GET", "/api/orders/open")) == ()


def test_a_batch_places_each_order() -> None:
    first, second = order_messages(translate(BATCH))
    assert (first.names, second.names) == ((client("mm-1"),), (client("mm-2"),))


def test_a_batch_answer_is_a_bare_list_matched_by_reference() -> None:
    rejected = {**REJECTED, "success": False, "clientOrderId": "mm-1"}
    taken = place_answer(orderId=B, success=True, clientOrderId="mm-2", trades=[])
    told = order_messages(answered(BATCH, [taken, rejected]))
    assert [one.names for one in told] == [
        (venue(B), client("mm-2")),
        (venue(B), client("mm-2")),
        (client("mm-1"),),
    ]
    assert told[0].terms.size == Decimal(7)


@pytest.mark.parametrize(
    ("answers", "size"),
    [
        pytest.param(
            [place_answer(clientOrderId="srv-1"), place_answer(orderId=B, clientOrderId="srv-2")],
            Decimal(100),
            id="references that the server made: by place",
        ),
        pytest.param(
            [place_answer(clientOrderId="srv-1")], None, id="a short list: terms are not guessed"
        ),
    ],
)
def test_a_batch_answer_without_our_references(answers: list[object], size: Decimal | None) -> None:
    request = sent(
        "POST",
        "/api/orders/place-batch",
        {"orders": [place_body(clientOrderId=None), place_body(clientOrderId=None)]},
    )
    told = order_messages(answered(request, answers))
    assert told[0].names == (venue(A), client("srv-1"))
    assert told[0].terms.size == size


def test_a_broken_entry_does_not_hide_the_others() -> None:
    entries = [7, {"orderId": A}, place_answer(clientOrderId="mm-2", trades=[None])]
    messages = answered(BATCH, entries)
    notes = [one.event for one in messages if isinstance(one, Notice)]
    assert [getattr(note, "field", None) for note in notes] == ["body[0]", "body[1]", "trades[0]"]
    told = [one for one in messages if isinstance(one, OrderMessage)]
    taken, doubted = (venue(A), client("mm-2")), (client("mm-1"),)
    assert {one.names for one in told} == {taken, doubted}
    assert isinstance(told[-1].said[1], PlaceOutcomeUnknown)


@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        pytest.param(PLACE, {"orderId": A}, id="neither taken nor refused"),
        pytest.param(PLACE, {"orderId": "", "status": "OPEN"}, id="open without an id"),
        pytest.param(PLACE, [place_answer()], id="a list for one order"),
        pytest.param(PLACE, None, id="no body"),
        pytest.param(BATCH, {"orders": []}, id="an object for a batch"),
        pytest.param(BATCH, [7], id="an entry that is no object"),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_its_orders_in_doubt(
    request_line: Line, body: object
) -> None:
    messages = answered(request_line, body)
    assert [one for one in messages if isinstance(one, Notice)]
    for message in messages:
        if isinstance(message, OrderMessage):
            assert isinstance(message.said[1], PlaceOutcomeUnknown)
