"""Orders that no message of the venue has named yet: found by their place, or by our reference."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.whole.telling import Tape, ingested, orders_of

GAME = "688000000000000000000011"
TEAM = "5c0000000000000000000001"
ORDER = "68f000000000000000000b77"
WAGER = "68f000000000000000000c01"
OLD = "68f000000000000000000b01"
PICK = {"type": "spread", "number": -3.5, "side": TEAM, "odds": -180}


def placing(ref: str = "leg-17", request: str = "q1") -> list[Any]:
    """A frame that places one order of 100."""
    order = {**PICK, "gameId": GAME, "bet": 100, "orderType": "limit", "userReference": ref}
    return ["placeV3", {"requestID": request, "orders": [order]}]


def answer(ref: str = "leg-17", request: str = "q1", order: str = ORDER) -> dict[str, Any]:
    """The answer: all of it rests."""
    rest = {**PICK, "orderID": order, "wagerRequestID": WAGER, "offered": 100}
    entry: dict[str, Any] = {"matched": [], "unmatched": {**rest, "userReference": ref}}
    return {"requestID": request, "data": [entry]}


def seen(ref: str = "leg-17", order: str = ORDER) -> dict[str, Any]:
    """The feed tells that it rests."""
    rest = {"orderID": order, "wagerRequestID": WAGER, "filled": 0, "offered": 100}
    return {
        "matched": None,
        "unmatched": {**PICK, **rest, "remaining": 100, "userReference": ref},
        "origin": "offer",
        "gameID": GAME,
        "createdAt": "2026-02-07T12:00:05.000Z",
        "messageID": "1924999999999-0",
    }


def tape() -> Tape:
    """A recording of this venue."""
    return Tape("fc", "fourcasters", "desk-7")


def said(direction: str, frame: Any, **parts: object) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """The parts of a line on a socket."""
    return {"direction": direction, "ws": {"channel": "orders", "frame": frame}, **parts}


SENT = said("sent", placing(), exchange="e1")
LOST = said("lost", placing(), exchange="e1", error={"kind": "timeout"})
ANSWERED = said("received", answer(), exchange="e1")
FED = said("received", seen())
IN_DOUBT = {None: "PENDING_NEW 0..100"}
LIVE = {ORDER: "NEW 100..100"}


def stands(database_url: str) -> dict[str | None, str]:
    """Each order by the venue's id: its status, and the bounds of what remains."""
    return {
        order["venue_order_id"]: f"{order['status']} {order['remaining_min']}.."
        f"{order['remaining_max']}"
        for order in orders_of(database_url).values()
    }


def recorded(lines: list[dict[str, Any]], path: Path) -> str:
    """A capture of these lines."""
    recording = tape()
    for line in lines:
        recording.line(**line)
    return recording.write(path)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([SENT, LOST], IN_DOUBT, id="sent, then lost"),
        pytest.param([LOST], IN_DOUBT, id="lost, and no line of its sending"),
        pytest.param([SENT, LOST, ANSWERED], LIVE, id="answered after all"),
        pytest.param([SENT, ANSWERED, LOST], LIVE, id="answered before the loss is told"),
        pytest.param([LOST, SENT, ANSWERED], LIVE, id="its sending read after the loss"),
        pytest.param([SENT, LOST, FED], LIVE, id="the feed tells of it by our reference"),
        pytest.param([SENT, FED, LOST], LIVE, id="the feed had told of it"),
        pytest.param([SENT, FED, LOST, ANSWERED], LIVE, id="and it is answered, too"),
        pytest.param([SENT, FED, ANSWERED, LOST], LIVE, id="answered, then lost"),
        pytest.param(
            [SENT, LOST, said("received", {"requestID": "q1", "error": "no"}, exchange="e1")],
            {None: "REJECTED 0..0"},
            id="refused after all",
        ),
        pytest.param(
            [said("received", seen(order=OLD)), SENT, LOST],
            {None: "PENDING_NEW 0..100", OLD: "NEW 100..100"},
            id="an older order of the same reference is another one",
        ),
        pytest.param(
            [
                SENT,
                LOST,
                said("sent", placing(request="q2"), exchange="e2"),
                said("received", answer(request="q2", order=OLD), exchange="e2"),
            ],
            {None: "PENDING_NEW 0..100", OLD: "NEW 100..100"},
            id="sent again under the same reference: two orders",
        ),
        pytest.param(
            [SENT, LOST, said("received", seen(ref="leg-18"))],
            {None: "PENDING_NEW 0..100", ORDER: "NEW 100..100"},
            id="another reference, another order",
        ),
    ],
)
def test_an_order_without_a_name(
    lines: list[dict[str, Any]],
    expected: dict[str | None, str],
    sqlite_url: str,
    tmp_path: Path,
) -> None:
    ingested(sqlite_url, recorded(lines, tmp_path / "tape.ndjson"))
    assert stands(sqlite_url) == expected


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_lines_may_be_read_in_any_order(
    order: tuple[int, ...], sqlite_url: str, tmp_path: Path
) -> None:
    path = Path(recorded([SENT, LOST, ANSWERED], tmp_path / "tape.ndjson"))
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(f"{lines[index]}\n" for index in order), "utf-8")
    ingested(sqlite_url, str(path))
    assert stands(sqlite_url) == LIVE


NAMELESS: dict[str, Any] = {
    "marketId": "XYZ-BIN-1",
    "side": "buy",
    "outcome": "0",
    "price": "0.41",
    "quantity": "100",
}
HTTP: dict[str, Any] = {
    "method": "POST",
    "path": "/api/orders/place",
    "query": {},
    "headers": {},
    "body": NAMELESS,
}
PLACED: dict[str, Any] = {
    "orderId": "A",
    "status": "OPEN",
    "filledQty": "0",
    "remainingQty": "100",
    "trades": [],
}


def test_an_order_without_our_reference_is_found_by_its_late_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    recording = Tape("ps", "predictstreet", "0x742d35cc6634c0532925a3b844bc9e7595f0beb3")
    recording.line("sent", exchange="p", http=HTTP)
    recording.line("lost", exchange="p", error={"kind": "timeout"})
    ingested(sqlite_url, recording.write(tmp_path / "a.ndjson"))
    assert stands(sqlite_url) == IN_DOUBT
    recording.line("received", exchange="p", http={"status": 200, "headers": {}, "body": PLACED})
    ingested(sqlite_url, recording.write(tmp_path / "b.ndjson"))
    assert stands(sqlite_url) == {"A": "NEW 100..100"}


def test_an_edit_without_an_answer_leaves_the_old_order_or_the_new_one_or_none(
    sqlite_url: str, tmp_path: Path
) -> None:
    edit: dict[str, Any] = {
        "method": "POST",
        "path": "/session/editOrder",
        "query": {},
        "headers": {},
        "body": {"sessionID": ORDER, "orderOdds": -120, "orderVolume": 150},
    }
    lines: list[dict[str, Any]] = [
        SENT,
        ANSWERED,
        {"direction": "sent", "exchange": "h", "http": edit},
    ]
    lines.append({"direction": "lost", "exchange": "h", "error": {"kind": "timeout"}})
    path = recorded(lines, tmp_path / "a.ndjson")
    ingested(sqlite_url, path)
    assert stands(sqlite_url) == {ORDER: "NEW 0..150"}
    gone = {"success": True, "sessionID": ORDER, "filled": 0, "remaining": 100}
    rest: dict[str, Any] = {
        **PICK,
        "orderID": OLD,
        "wagerRequestID": "w2",
        "offered": 150,
        "odds": -120,
    }
    body: dict[str, Any] = {"data": {"cancelled": gone, "matched": [], "unmatched": rest}}
    lines.append(
        {
            "direction": "received",
            "exchange": "h",
            "http": {"status": 200, "headers": {}, "body": body},
        }
    )
    ingested(sqlite_url, recorded(lines, tmp_path / "b.ndjson"))
    assert stands(sqlite_url) == {ORDER: "CANCELLED 0..0", OLD: "NEW 150..150"}
