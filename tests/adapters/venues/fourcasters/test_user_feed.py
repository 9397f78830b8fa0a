from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.venues.fourcasters.feed import cursor
from domain.events import (
    Cancelled,
    Claims,
    Filled,
    Initiator,
    OrderAccepted,
    OrderReported,
    Source,
    Terms,
    UnknownValueSeen,
)
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Message, Notice, OrderMessage
from domain.notices import FeedGap, UnreadableValue
from domain.values import Name, NameKind, Price, PriceFormat, Side
from domain.wire import Unreadable
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    OWNER,
    TEAM,
    THEIRS,
    TX,
    WAGER,
    Json,
    http_received,
    http_sent,
    line,
    match,
    resting,
    told,
    update,
    ws_received,
)

AT = datetime(2031, 1, 1, 18, 14, 0, 123000, tzinfo=UTC)
ID = "1924999999999-0"
PRICE = Price(Decimal(-180), PriceFormat.AMERICAN)
TERMS = Terms(
    price=PRICE,
    side=Side.BUY,
    market=GAME,
    selection=f"spread:{TEAM}:-3.5",
    currency="USD",
    user_ref="leg-17",
)
BOTH = (Name(NameKind.VENUE, ORDER), Name(NameKind.WAGER, WAGER))
REFERRED = (Name(NameKind.PLACE, f"userReference:{GAME}:leg-17"),)


def terms(
    *,
    size: Decimal | None = None,
    price: Price | None = PRICE,
    placed_at: datetime | None = None,
) -> Terms:
    return replace(TERMS, size=size, price=price, placed_at=placed_at)


def heard(message: Json, channel: str = "user-feed") -> OrderMessage:
    (said,) = told(ws_received(message, channel=channel))
    assert isinstance(said, OrderMessage)
    return said


def test_placed() -> None:
    known = terms(size=Decimal(100), placed_at=AT)
    assert heard(update(unmatched=resting())) == OrderMessage(
        names=BOTH,
        places=REFERRED,
        terms=known,
        said=(OrderAccepted(terms=known, report_id=ID),),
        occurred_at=AT,
    )


@pytest.mark.parametrize("filled", [0, 15])
def test_cancelled_tells_a_cumulative_match_and_not_what_was_taken(filled: int) -> None:
    message = update(unmatched=resting(filled=filled, offered=0, remaining=0))
    assert heard(message) == OrderMessage(
        names=BOTH,
        places=REFERRED,
        terms=terms(),
        said=(
            MatchedTotal(total=Decimal(filled), at_least=True),
            Cancelled(
                initiator=Initiator.VENUE,
                claims=Claims(status=Status.CANCELLED),
                report_id=ID,
            ),
        ),
        occurred_at=AT,
    )


def test_a_taker_fill_is_named_by_the_wager_request_alone() -> None:
    said = heard(update(matched=match(amount=100.0, risk=100.5), origin="wager"))
    assert said == OrderMessage(
        names=(Name(NameKind.WAGER, WAGER),),
        places=REFERRED,
        terms=terms(price=None),
        said=(Filled(fill_id=TX, size=Decimal(100), price=PRICE, report_id=ID),),
        met=((TX, Name(NameKind.VENUE, THEIRS)),),
        source=Source.FILL,
        occurred_at=AT,
    )


def test_a_maker_fill_follows_offered_less_remaining_and_never_filled() -> None:
    """The third fill of 100: 35 earlier and 25 now; `filled` is this event only."""
    message = update(
        matched=match(amount=25, orderID=ORDER),
        unmatched=resting(filled=25, offered=100, remaining=40),
    )
    assert heard(message) == OrderMessage(
        names=BOTH,
        places=REFERRED,
        terms=terms(size=Decimal(100)),
        said=(
            Filled(
                fill_id=TX,
                size=Decimal(25),
                price=PRICE,
                claims=Claims(status=Status.PARTIALLY_FILLED, remaining=Decimal(40)),
                report_id=ID,
            ),
            MatchedTotal(total=Decimal(60), at_least=True),
        ),
        source=Source.FILL,
        occurred_at=AT,
    )


def test_a_maker_fill_is_complete_when_nothing_remains() -> None:
    message = update(
        matched=match(amount=60, orderID=ORDER),
        unmatched=resting(filled=60, offered=100, remaining=0),
    )
    fill, total = heard(message).said
    assert isinstance(fill, Filled)
    assert fill.claims == Claims(status=Status.FILLED, remaining=Decimal(0))
    assert total == MatchedTotal(total=Decimal(100), at_least=True)


def test_an_offer_filled_without_its_rest_is_still_our_own_order() -> None:
    said = heard(update(matched=match(orderID=ORDER), origin="offer"))
    assert said.names == BOTH


def test_the_two_views_of_a_three_way_match() -> None:
    maker = match(type="moneyline1x2", side="no", market=TEAM, number=None)
    assert heard(update(matched=maker, origin="wager")).terms.selection == (
        f"moneyline1x2:no:{TEAM}"
    )


@pytest.mark.parametrize("number", [None, "absent"])
def test_a_number_that_is_null_or_absent_is_the_same(number: Json) -> None:
    moneyline = resting(type="moneyline", number=None)
    if number == "absent":
        del moneyline["number"]
    assert heard(update(unmatched=moneyline)).terms.selection == f"moneyline:{TEAM}"


def test_a_state_that_is_no_documented_action_is_only_reported() -> None:
    (report,) = heard(update(unmatched=resting(filled=10, remaining=90))).said
    assert report == OrderReported(
        claims=Claims(status=Status.PARTIALLY_FILLED, remaining=Decimal(90)), report_id=ID
    )


@pytest.mark.parametrize("channel", ["user-feed", "orders", "/v2/user", ""])
def test_the_feed_is_known_by_its_shape_and_not_by_the_channels_name(channel: str) -> None:
    message = update(unmatched=resting())
    assert heard(message, channel) == heard(message)


def test_an_unknown_origin_is_noted_on_the_order() -> None:
    said = heard(update(unmatched=resting(), origin="house")).said
    assert said[-1] == UnknownValueSeen(field="origin", value="house")


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(update(), id="neither matched nor unmatched"),
        pytest.param(update(matched=match(wagerRequestID=None), origin="wager"), id="no name"),
        pytest.param(update(unmatched=resting(offered=None)), id="no offer"),
        pytest.param(update(unmatched=resting(), createdAt="yesterday"), id="no time"),
        pytest.param(update(unmatched=resting(), createdAt="2031-01-01T00:00:00"), id="no zone"),
        pytest.param(update(matched=match(amount="NaN")), id="no number"),
        pytest.param(update(matched=match(amount=-1)), id="less than nothing"),
        pytest.param(["hello", {"a": 1}], id="an unknown push"),
        pytest.param("hello", id="a text"),
        pytest.param({"hello": 1}, id="an unknown object"),
    ],
)
def test_what_cannot_be_read_is_set_aside(message: Json) -> None:
    with pytest.raises(Unreadable):
        told(ws_received(message))


def test_a_binary_float_has_lost_its_digits_and_is_refused() -> None:
    frame = update(unmatched=resting(offered=0.1, number=None))
    with pytest.raises(Unreadable, match="offered"):
        told(line("received", ws={"channel": "user-feed", "frame": frame}))


@pytest.mark.parametrize("kind", ["orderUpdate", "gameUpdate", "matchedVolumeUpdate"])
def test_the_price_feed_tells_of_no_order_of_ours(kind: str) -> None:
    assert list(told(ws_received([kind, {"sideOrders": []}]))) == []


def replay(body: Json, query: Json = None) -> list[Message]:
    request = http_sent("GET", "https://streaming-api.4casters.io/v2/user/messages", None, query)
    return list(told(http_received(200, body), request))


def test_a_complete_replay_tells_each_message_like_a_live_one() -> None:
    live = update(unmatched=resting())
    assert replay({"status": "success", "messages": [live]}) == [heard(live)]


def test_an_empty_replay_tells_nothing() -> None:
    assert replay({"status": "success", "messages": []}) == []


@pytest.mark.parametrize(
    "query", ["afterID=1924-9&x=1", {"afterID": "1924-9"}, {"afterID": ["1924-9"]}]
)
def test_an_expired_replay_is_a_gap_up_to_the_oldest_message_kept(query: Json) -> None:
    kept = [update(unmatched=resting(), messageID=f"1925-{seq}") for seq in (10, 9)]
    gap, *messages = replay({"status": "cache_expired", "availableMessages": kept}, query)
    assert isinstance(gap, Notice)
    assert gap.event == FeedGap(
        venue=OWNER.venue,
        account=OWNER.account,
        channel="user-feed",
        after="1924-9",
        before="1925-9",
    )
    assert messages == [heard(kept[1]), heard(kept[0])]  # 9 before 10: ids are numbers


def test_an_expired_replay_that_kept_nothing_ends_where_we_asked() -> None:
    (gap,) = replay(
        {"status": "cache_expired", "availableMessages": []}, "afterID=1-0&beforeID=7-0"
    )
    assert isinstance(gap, Notice)
    assert isinstance(gap.event, FeedGap)
    assert (gap.event.after, gap.event.before) == ("1-0", "7-0")


def test_a_replayed_message_that_cannot_be_read_does_not_take_the_others_along() -> None:
    note, said = replay({"status": "success", "messages": [{}, update(unmatched=resting())]})
    assert isinstance(note, Notice)
    assert isinstance(note.event, UnreadableValue)
    assert note.event.field == "body.messages.0"
    assert isinstance(said, OrderMessage)


@pytest.mark.parametrize("body", [{"status": "odd"}, {"status": "success"}, [], None, {}])
def test_an_unknown_replay_is_set_aside(body: Json) -> None:
    with pytest.raises(Unreadable):
        replay(body)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1715361234567-0", (1715361234567, 0)),
        ("9-10", (9, 10)),
        ("9", None),
        ("9-", None),
        ("a-1", None),
        ("²-1", None),
        (None, None),
    ],
)
def test_a_message_id_is_two_numbers(text: str | None, parts: tuple[int, int] | None) -> None:
    assert cursor(text) == parts
