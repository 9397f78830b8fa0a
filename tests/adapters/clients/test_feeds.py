"""What is said to a feed, what its frames mean for the connection, and what shows a gap."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clients.feeds import AbpFeed, CastersFeed, StreetFeed
from adapters.clients.hearing import Conversation, Heard, Numbers

PONG = b'{"type":"pong"}'


def data(seq: int) -> bytes:
    return json.dumps({"type": "data", "channel": "orders", "seq": seq}).encode()


def test_abp_is_told_who_we_are_and_what_we_want_to_hear() -> None:
    (login,) = AbpFeed("k").opening()
    assert json.loads(login, parse_float=str) == {
        "type": "login",
        "apiKey": "k",
        "channels": ["orders", "bets", "settlements"],
        "reliableDelivery": False,
    }


def test_predictstreet_is_subscribed_to_and_pinged_each_under_an_id_of_its_own() -> None:
    feed = StreetFeed()
    (opening,) = feed.opening()
    told = json.loads(opening, parse_float=str)
    assert told["cmd"] == "subscribe"
    assert [one["channel"] for one in told["params"]["subscriptions"]] == [
        "user_orders",
        "user_fills",
    ]
    beat = feed.beat()
    assert beat is not None
    assert json.loads(beat, parse_float=str) == {"id": "2", "cmd": "ping"}


def test_at_4casters_nothing_is_said() -> None:
    feed = CastersFeed()
    assert (list(feed.opening()), feed.beat()) == ([], None)


@pytest.mark.parametrize(
    ("feed", "frame", "means"),
    [
        pytest.param(AbpFeed("k"), b'{"type":"ping"}', Heard(says=(PONG,)), id="abp: a ping"),
        pytest.param(AbpFeed("k"), b'{"type":"login_ok"}', Heard(opens=True), id="abp: let in"),
        pytest.param(
            AbpFeed("k"), b'{"type":"error","message":"bad key"}', Heard(refused="bad key"),
            id="abp: refused",
        ),
        pytest.param(AbpFeed("k"), data(1), Heard(), id="abp: news"),
        pytest.param(AbpFeed("k"), b"<html>", Heard(), id="no JSON"),
        pytest.param(AbpFeed("k"), b"[1]", Heard(), id="no object"),
        pytest.param(
            StreetFeed(), b'{"id":"1","type":"subscribed","accepted":[{}],"rejected":[]}',
            Heard(opens=True), id="predictstreet: let in",
        ),
        pytest.param(
            StreetFeed(), b'{"id":"1","type":"error","code":"forbidden"}',
            Heard(refused="forbidden"), id="predictstreet: refused",
        ),
        pytest.param(
            StreetFeed(), b'{"id":"7","type":"error","code":"invalid_params"}', Heard(),
            id="predictstreet: a later command is refused",
        ),
        pytest.param(
            CastersFeed(), b'{"messageID":"1924-0"}', Heard(after="1924-0"), id="4casters: news"
        ),
        pytest.param(CastersFeed(), b'{"messageID":"x"}', Heard(), id="4casters: no message id"),
    ],
)  # fmt: skip
def test_what_a_frame_means(feed: Conversation, frame: bytes, means: Heard) -> None:
    assert feed.heard(frame) == means
    assert not feed.missing


def test_a_channel_that_is_refused_is_told() -> None:
    told = StreetFeed().heard(b'{"type":"subscribed","rejected":[{"channel":"user_fills"}]}')
    assert told.refused is not None
    assert "user_fills" in told.refused


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        pytest.param([1, 2, 3], False, id="one by one"),
        pytest.param([5, 6], False, id="the first one may be any"),
        pytest.param([1, 3], True, id="one is jumped over"),
        pytest.param([1, 3, 2], False, id="it was late"),
        pytest.param([1, 4, 2], True, id="another one is still missing"),
        pytest.param([1, 2, 2], False, id="told twice"),
        pytest.param([1, 5_000], True, id="far"),
    ],
)
def test_abp_counts(numbers: Sequence[int], *, missing: bool) -> None:
    feed = AbpFeed("k")
    for number in numbers:
        feed.heard(data(number))
    assert feed.missing is missing
    feed.covered()
    assert not feed.missing


@given(st.permutations(range(1, 9)), st.sets(st.integers(2, 7)))
def test_nothing_is_missing_when_all_came_in_whatever_order(
    order: list[int], lost: set[int]
) -> None:
    numbers = Numbers()
    for number in [0, *(one for one in order if one not in lost)]:
        numbers.saw(number)
    assert numbers.missing is bool(lost)
