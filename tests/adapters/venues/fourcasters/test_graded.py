"""Graded bets: the money of each match, and what makes a match void."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.events import Result, Settled, Settlement, UnknownValueSeen
from domain.messages import Message, Notice, OrderMessage
from domain.values import Name, NameKind
from tests.adapters.venues.fourcasters.wire_lines import (
    GAME,
    ORDER,
    TX,
    WAGER,
    http_received,
    http_sent,
    told,
)

AT = datetime(2031, 1, 2, 4, tzinfo=UTC)


def row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A graded bet of ours that rested."""
    return {
        "id": ORDER,
        "txID": TX,
        "origin": "offer",
        "wagerRequestID": WAGER,
        "risk": "40.00",
        "win": "22.22",
        "outcome": "winner",
        "result": "22.22",
        "fee": "0.32",
        "settledAt": "2031-01-02T04:00:00.000Z",
        "closed": False,
        "game": {"id": GAME},
        **changes,
    }


def heard(*rows: object, path: str = "/user/v2/getGraded") -> list[Message]:
    """What the answer to a read of graded bets tells."""
    body: Any = {"data": {"graded": list(rows), "hasMore": False}}
    return list(told(http_received(200, body), http_sent("GET", path)))


def settlement(message: Message) -> Settlement:
    """The settlement that it tells."""
    assert isinstance(message, OrderMessage)
    assert isinstance(message.said[0], Settled)
    return message.said[0].settlement


@pytest.mark.parametrize(
    "path",
    ["/user/v2/getGraded", "/user/v2/getGradedSince?since=x", "/user/getGradedWagers"],
)
def test_a_graded_bet_is_the_money_of_its_match(path: str) -> None:
    (message,) = heard(row(), path=path)
    assert isinstance(message, OrderMessage)
    assert message.names == (Name(NameKind.VENUE, ORDER), Name(NameKind.WAGER, WAGER))
    assert (message.known_only, message.occurred_at) == (True, AT)
    assert message.said == (
        Settled(
            fill_id=TX,
            settlement=Settlement(
                result=Result.WON,
                raw_result="winner",
                profit=Decimal("22.22"),
                fee=Decimal("0.32"),
                currency="USD",
                settled_at=AT,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        pytest.param({"outcome": "loser", "result": "-40.00"}, Result.LOST, id="lost"),
        pytest.param({"outcome": "half-win"}, Result.HALF_WON, id="half won"),
        pytest.param({"outcome": "half-loss"}, Result.HALF_LOST, id="half lost"),
        pytest.param({"outcome": "push"}, Result.PUSH, id="a push"),
        pytest.param({"outcome": "refunded"}, Result.VOID, id="refunded: void"),
        pytest.param({"outcome": "refund"}, Result.VOID, id="refund: void"),
        pytest.param({"outcome": None, "adminRefund": True}, Result.VOID, id="refunded by hand"),
        pytest.param({"outcome": None}, None, id="money without an outcome"),
    ],
)
def test_every_outcome_has_a_result(changes: dict[str, Any], result: Result | None) -> None:
    (message,) = heard(row(**changes))
    assert settlement(message).result is result


def test_a_bet_that_we_took_is_named_by_the_wager_request_alone() -> None:
    (message,) = heard(row(origin="wager"))
    assert isinstance(message, OrderMessage)
    assert message.names == (Name(NameKind.WAGER, WAGER),)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(row(origin="wager", wagerRequestID=None), id="it names no order of ours"),
        pytest.param(row(outcome=None, result=None), id="not graded yet"),
    ],
)
def test_what_tells_no_money_tells_nothing(one: dict[str, Any]) -> None:
    assert heard(one) == []


def test_an_unknown_outcome_is_kept() -> None:
    (message,) = heard(row(outcome="baked"))
    assert isinstance(message, OrderMessage)
    assert settlement(message).result is None
    assert message.said[-1] == UnknownValueSeen(field="outcome", value="baked")


def test_a_row_that_cannot_be_read_does_not_take_the_others_along() -> None:
    note, message = heard({"txID": {}}, row())
    assert isinstance(note, Notice)
    assert isinstance(message, OrderMessage)


def test_graded_bets_stand_beside_open_orders_in_a_look_up() -> None:
    assert len(heard(row(), path="/user/getBetByWagerRequestID")) == 1
