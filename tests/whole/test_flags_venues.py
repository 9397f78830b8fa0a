"""Codes that only a venue's own dialect tells, from its messages to the listing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.whole.telling import Tape, codes, flags_of, ingested, stamp

WALLET = "0x8a3fd1c7b2604e95fa01c36d7e9b20458cd6e1f3"
ORDER, TRADE = "c41d7e02-5a01-4f3b-9e60-9d04f71b2001", "7b0d3a52-0000-4000-8000-0000000000aa"


def street() -> Tape:
    """A recording of PredictStreet, with an order of 100 on its book."""
    body = {
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.4",
        "quantity": "100",
        "nonce": "1",
        "expiry": 0,
        "maker": WALLET,
        "signature": "$redacted",
        "clientOrderId": "mm-1",
    }
    http = {"method": "POST", "path": "/api/orders/place", "body": body}
    answer = {"orderId": ORDER, "status": "OPEN", "filledQty": "0", "remainingQty": "100"}
    tape = Tape(venue="predictstreet", account=WALLET)
    tape.line("sent", exchange="p-1", http=http)
    return tape.line("received", exchange="p-1", http={"status": 200, "body": answer})


def fill(tape: Tape, **told: object) -> Tape:
    """The matcher matched 40 of it."""
    data = {
        "walletAddress": WALLET,
        "side": "buy",
        "tradeId": TRADE,
        "orderId": ORDER,
        "outcomeIndex": 0,
        "price": "0.4",
        "quantity": "40",
        "source": "matcher",
        **told,
    }
    frame = {"type": "user_fill", "sid": 1, "channel": "user_fills", "data": data}
    return tape.line("received", ws={"channel": "user_fills", "frame": frame})


def read(tape: Tape, path: str, body: object) -> Tape:
    """We read a list, and this is the answer."""
    tape.line("sent", exchange=path, http={"method": "GET", "path": path})
    return tape.line("received", exchange=path, http={"status": 200, "body": body})


def trades(tape: Tape, **told: object) -> Tape:
    """The list of the order's matches."""
    row = {"id": TRADE, "orderId": ORDER, "price": "0.4", "quantity": "40", "side": "buy", **told}
    return read(tape, f"/api/orders/{ORDER}/fills", {"orderId": ORDER, "trades": [row]})


def standing(tape: Tape, status: str, filled: str, rest: str) -> Tape:
    """The order as it stands."""
    row = {"id": ORDER, "quantity": "100", "price": "0.4", "side": "buy", "status": status}
    return read(tape, f"/api/orders/{ORDER}", {**row, "filledQty": filled, "remainingQty": rest})


HOURS = 3 * 3600


@pytest.mark.parametrize(
    ("tape", "still_open", "closed"),
    [
        pytest.param(fill(street()), "", "", id="a match, provisional as all are"),
        pytest.param(
            standing(fill(street()).wait(HOURS), "PARTIAL", "40", "60"),
            "FIL-16",
            "",
            id="nobody says for hours what became of it",
        ),
        pytest.param(
            trades(fill(street()), status="settled").wait(HOURS), "", "", id="settled in time"
        ),
        pytest.param(
            trades(fill(street()).wait(HOURS), status="settled"),
            "",
            "FIL-16",
            id="settled after hours",
        ),
        pytest.param(
            trades(fill(street()), status="settlement_failed"),
            "FIL-13 FIL-17",
            "",
            id="it fell through",
        ),
        pytest.param(
            standing(street(), "PARTIAL", "40", "60"), "FIL-06", "", id="a total without a record"
        ),
        pytest.param(
            fill(standing(street(), "PARTIAL", "40", "60")), "", "FIL-06", id="the record comes"
        ),
        pytest.param(
            trades(fill(street()), fee="0.3840", status="settled"), "", "", id="a fee by the rule"
        ),
        pytest.param(
            trades(street(), fee="7.0", status="settled"), "FIL-18", "", id="a fee beyond the rule"
        ),
        pytest.param(fill(street(), price="0.45"), "FIL-09", "", id="bought dearer than asked"),
        pytest.param(fill(street(), price="0.35"), "FIL-10", "", id="bought cheaper"),
        pytest.param(fill(street(), side="sell"), "FIL-12", "", id="a match of the other side"),
        pytest.param(
            fill(street(), outcomeIndex=1), "FIL-12", "", id="a match of the other outcome"
        ),
    ],
)
def test_predictstreet(
    tape: Tape, still_open: str, closed: str, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    found = flags_of(sqlite_url)
    assert (codes(found["open"]), codes(found["closed"])) == (still_open, closed)


MAKER, TAKER = "67f45301c18c6697c172a001", "67f45301c18c6697c172a002"
GAME = "688c0516fbc14da0c202d426"


def resting(tape: Tape) -> Tape:
    """An order of ours rests on the book of 4casters."""
    rest = {"orderID": MAKER, "wagerRequestID": "w1", "filled": 0, "offered": 100, "remaining": 100}
    return feed(tape, "1-0", unmatched={**rest, **line_of(-108)}, origin="offer")


def line_of(odds: int) -> dict[str, Any]:
    """What every part of a message names of the bet."""
    return {"odds": odds, "type": "moneyline", "side": "5c12bc1ce0daba000f47ba8b"}


def feed(tape: Tape, message: str, **parts: object) -> Tape:
    """A message of the user feed."""
    frame = {"matched": None, "unmatched": None, "gameID": GAME, "messageID": message, **parts}
    return tape.line("received", ws={"channel": "user-feed", "frame": frame})


def taken(tape: Tape, order: str) -> Tape:
    """We took 40 of somebody's order."""
    fill_of = {"txID": "t1", "orderID": order, "wagerRequestID": "w2", "amount": 40}
    return feed(tape, "2-0", matched={**fill_of, **line_of(108)}, origin="wager")


@pytest.mark.parametrize(
    ("order", "own"),
    [
        pytest.param(MAKER, True, id="our own order was on the other side"),
        pytest.param(TAKER, False, id="somebody else's was"),
    ],
)
def test_fourcasters_self_match(order: str, *, own: bool, sqlite_url: str, tmp_path: Path) -> None:
    tape = taken(resting(Tape(venue="fourcasters", account="harborside")), order)
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert ("FIL-21" in flags_of(sqlite_url)["open"]) is own


def abp_order(tape: Tape, price: float, *, back: bool) -> Tape:
    """ABP takes an order of ours at 2.0 and places it at this price."""
    told = {
        "orderId": 9001,
        "requestUuid": "0b6f6f0e-0000-4000-8000-000000000001",
        "fixtureId": "id2000000000000001",
        "outcomeId": 101,
        "orderPrice": 2.0,
        "orderStake": 300,
        "filledStake": 120,
        "orderCurrency": "USD",
        "back": back,
        "orderStatus": "PARTIALLY_FILLED",
        "createdAt": stamp(1),
        "bets": [
            {
                "betId": 501,
                "orderId": 9001,
                "placedPrice": price,
                "placedStake": 120,
                "placedCurrency": "USD",
                "placedAt": stamp(1),
                "betStatus": "CONFIRMED",
            }
        ],
    }
    asked = {"method": "POST", "path": "/place-orders", "body": {"orders": [told]}}
    tape.line("sent", exchange="p", http=asked)
    body = {"status": "accepted", "acceptedOrders": [told], "declinedOrders": []}
    return tape.line("received", exchange="p", http={"status": 200, "body": body})


@pytest.mark.parametrize(
    ("price", "back", "code"),
    [
        pytest.param(1.9, True, "FIL-09", id="backed at worse odds"),
        pytest.param(2.1, True, "FIL-10", id="backed at better odds, which is normal there"),
        pytest.param(2.1, False, "", id="no document says which way a lay price limits"),
    ],
)
def test_abp_prices(
    price: float, *, back: bool, code: str, sqlite_url: str, tmp_path: Path
) -> None:
    tape = abp_order(Tape(venue="abp", account="acme"), price, back=back)
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert codes(flags_of(sqlite_url)["open"]) == code
