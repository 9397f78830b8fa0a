from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import (
    Cancelled,
    Claims,
    Filled,
    Initiator,
    OrderAccepted,
    OrderPlaced,
    OrderRejected,
    Terms,
)
from domain.messages import Message, Notice, OrderMessage
from domain.notices import UnreadableValue
from domain.values import Name, NameKind, Price, PriceFormat, Side
from domain.wire import Line
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    TEAM,
    THEIRS,
    TX,
    WAGER,
    Json,
    http_received,
    http_sent,
    match,
    rest,
    submitted,
    told,
    ws_received,
    ws_sent,
)

PRICE = Price(Decimal(-180), PriceFormat.AMERICAN)
ASKED = Terms(
    size=Decimal(100),
    price=PRICE,
    side=Side.BUY,
    market=GAME,
    selection=f"spread:{TEAM}:-3.5",
    currency="USD",
    user_ref="leg-17",
)
BOTH = (Name(NameKind.VENUE, ORDER), Name(NameKind.WAGER, WAGER))
ONLY_WAGER = (Name(NameKind.WAGER, WAGER),)
FILL = Filled(fill_id=TX, size=Decimal(40), price=PRICE)


def placing(*orders: Json) -> Line:
    return ws_sent("placeV3", {"requestID": "q", "orders": list(orders)})


def placed(*entries: Json) -> Line:
    return ws_received({"requestID": "q", "data": list(entries)})


def one(spoken: Line, request: Line | None) -> OrderMessage:
    """The one order that got a name."""
    (message,) = [item for item in told(spoken, request) if not nameless(item)]
    assert isinstance(message, OrderMessage)
    return message


def nameless(message: Message) -> bool:
    """It is about an order only if that was in doubt, by its place in the request."""
    return isinstance(message, OrderMessage) and message.known_only


PLACES = (Name(NameKind.PLACE, "c:q:0"),)


def test_part_matched_and_the_remainder_rests() -> None:
    entry: Json = {"matched": [match()], "unmatched": rest()}
    assert one(placed(entry), placing(submitted())) == OrderMessage(
        names=BOTH,
        places=PLACES,
        terms=ASKED,
        said=(
            OrderPlaced(terms=ASKED),
            OrderAccepted(terms=ASKED, claims=Claims(size=Decimal(100))),
            FILL,
        ),
        met=((TX, Name(NameKind.VENUE, THEIRS)),),
    )


def test_the_counterpartys_order_never_names_ours() -> None:
    said = one(placed({"matched": [match()], "unmatched": {}}), None)
    assert said.names == ONLY_WAGER


@pytest.mark.parametrize("unmatched", [{}, None])
def test_fully_matched_at_once(unmatched: Json) -> None:
    entry: Json = {"matched": [match(), match(txID="other", amount=60)], "unmatched": unmatched}
    said = one(placed(entry), placing(submitted()))
    second = Filled(fill_id="other", size=Decimal(60), price=PRICE)
    assert said.said == (OrderPlaced(terms=ASKED), OrderAccepted(terms=ASKED), FILL, second)


@pytest.mark.parametrize(
    ("order_type", "bet", "amount", "rest_of"),
    [
        pytest.param("fillAndKill", 1000, 400, 600, id="fillAndKill: the rest was killed"),
        pytest.param("fillOrKill", 1000, 990, 10, id="fillOrKill: ten or less counts as complete"),
        pytest.param("limit", 100, 95, 5, id="limit: too small to rest"),
    ],
)
def test_what_neither_matched_nor_rests_is_off_the_book(
    order_type: str, bet: int, amount: int, rest_of: int
) -> None:
    asked = placing(submitted(orderType=order_type, bet=bet))
    said = one(placed({"matched": [match(amount=amount)], "unmatched": {}}), asked)
    assert said.said[-1] == Cancelled(
        initiator=Initiator.VENUE, size=Decimal(rest_of), raw_reason=order_type
    )


@pytest.mark.parametrize(
    ("order_type", "word"),
    [
        ("limit", None),
        ("post", None),
        ("postArb", None),
        ("fillAndKill", "IOC"),
        ("fillOrKill", "FOK"),
        ("someday", None),
    ],
)
def test_order_types_that_never_rest_have_a_time_in_force(
    order_type: str, word: str | None
) -> None:
    said = one(
        placed({"matched": [], "unmatched": rest()}), placing(submitted(orderType=order_type))
    )
    assert said.terms.time_in_force == word


@pytest.mark.parametrize("offered", [100, "100.000000"])
def test_resting_whole_with_the_offer_as_number_or_text(offered: Json) -> None:
    entry: Json = {"matched": [], "unmatched": rest(offered=offered)}
    said = one(placed(entry), placing(submitted()))
    assert said.said[-1] == OrderAccepted(terms=ASKED, claims=Claims(size=Decimal(100)))


def test_the_bare_example_without_matched_and_unmatched() -> None:
    bare = rest(offered="122.000000", odds=245, number=None, type="moneyline")
    said = one(placed(bare), None)
    assert said.names == BOTH
    assert said.terms.size == Decimal(122)
    assert said.terms.selection == f"moneyline:{TEAM}"
    assert said.terms.market is None  # the answer tells no game


def test_the_extra_responses_wrapper_is_tolerated() -> None:
    inner: Json = {"requestID": "q", "data": [{"matched": [match()], "unmatched": {}}]}
    wrapped = ws_received({"requestID": "q", "responses": [inner]})
    assert one(wrapped, placing(submitted(bet=40))).said[-1] == FILL


def test_without_its_request_an_order_is_as_large_as_the_answer_shows() -> None:
    said = one(placed({"matched": [match()], "unmatched": rest()}), None)
    assert said.terms.size == Decimal(100)
    assert (said.terms.price, said.terms.selection) == (PRICE, f"spread:{TEAM}:-3.5")


def test_a_fills_odds_are_not_the_orders_odds() -> None:
    said = one(placed({"matched": [match(odds=-175)], "unmatched": {}}), None)
    assert said.terms.price is None


def test_our_own_words_stand_against_an_answer_from_the_other_side() -> None:
    """Documented examples show fills from the counterparty's perspective."""
    entry: Json = {"matched": [match(side="under", type="total", number=50)], "unmatched": {}}
    asked = placing(submitted(side="over", type="total", number=50, bet=40))
    assert one(placed(entry), asked).terms.selection == "total:over:50"


def test_answers_are_positional_and_a_refused_order_takes_its_place() -> None:
    refused: Json = {
        "error": "post order cannot have matches",
        "error_type": "rejected_order_type_rules",
    }
    entry: Json = {"matched": [], "unmatched": rest(userReference="b")}
    asked = placing(submitted(userReference="a", bet=7), submitted(userReference="b", bet=60))
    said = one(placed(refused, entry), asked)
    assert (said.terms.size, said.terms.user_ref) == (Decimal(60), "b")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(placing(submitted(userReference="x")), id="another user reference"),
        pytest.param(placing(submitted(), submitted()), id="another number of orders"),
        pytest.param(placing({"bet": "much"}), id="what we sent cannot be read"),
    ],
)
def test_a_request_that_does_not_fit_its_answer_is_left_out(asked: Line) -> None:
    said = one(placed({"matched": [match()], "unmatched": rest()}), asked)
    assert said.terms.market is None
    assert said.terms.size == Decimal(100)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"matched": [], "unmatched": {}}, id="nothing matched and nothing rests"),
        pytest.param(
            {"error": "no money", "error_type": "rejected_liability"}, id="refused, socket spelling"
        ),
        pytest.param(
            {"error": "no money", "errorType": "validation_error"}, id="refused, REST spelling"
        ),
        pytest.param({"error": "no money"}, id="refused without a type"),
    ],
)
def test_an_order_that_never_got_a_name_is_no_order(entry: Json) -> None:
    (refused,) = told(placed(entry), placing(submitted()))
    assert isinstance(refused, OrderMessage)
    assert (refused.names, refused.known_only) == (PLACES, True)
    assert isinstance(refused.said[0], OrderRejected)


def test_an_unknown_error_type_is_noted() -> None:
    _, note = told(placed({"error": "no", "error_type": "bad_moon"}), None)
    assert isinstance(note, Notice)
    assert isinstance(note.event, UnreadableValue)
    assert (note.event.field, note.event.value) == ("data.0.error_type", "bad_moon")


def test_an_entry_that_cannot_be_read_does_not_take_the_others_along() -> None:
    note, said = told(placed({"matched": [{}]}, {"matched": [], "unmatched": rest()}), None)
    assert isinstance(note, Notice)
    assert isinstance(said, OrderMessage)


def test_a_three_way_line_is_named_with_its_outcome() -> None:
    order = submitted(type="moneyline1x2", side="yes", market="draw", odds=250)
    del order["number"]
    said = one(placed({"matched": [], "unmatched": rest(type="moneyline1x2")}), placing(order))
    assert said.terms.selection == "moneyline1x2:yes:draw"


@pytest.mark.parametrize("number", [6.5, "6.50"])
def test_a_number_is_spelt_in_one_way(number: Json) -> None:
    order = placing(submitted(number=number))
    said = one(placed({"matched": [], "unmatched": rest()}), order)
    assert said.terms.selection == f"spread:{TEAM}:6.5"


def test_odds_may_have_a_decimal_place() -> None:
    said = one(placed({"matched": [], "unmatched": rest()}), placing(submitted(odds=-110.5)))
    assert said.terms.price == Price(Decimal("-110.5"), PriceFormat.AMERICAN)


def test_a_place_over_rest_is_read_like_one_on_the_socket() -> None:
    entry: Json = {"matched": [match()], "unmatched": rest()}
    request = http_sent("POST", "/session/v3/place", {"orders": [submitted()]})
    answer = http_received(200, {"data": {"createdSessions": [entry]}})
    over_rest, over_socket = one(answer, request), one(placed(entry), placing(submitted()))
    assert over_rest.places == (Name(NameKind.PLACE, "c:x:0"),)
    assert replace(over_rest, places=over_socket.places) == over_socket
