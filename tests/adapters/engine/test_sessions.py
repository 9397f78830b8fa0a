"""Request references that a client uses again in each session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.bootstrap import opened
from adapters.settings import Settings
from projections import queries
from tests.whole.telling import Tape, ingested, stamp


def session(capture: str, order: str) -> Tape:
    """One session at 4casters: an order placed, then cancelled as request `1`."""
    tape = Tape(capture, "fourcasters", "harborside")

    def said(direction: str, frame: Any) -> None:  # noqa: ANN401 - any frame
        tape.line(direction, ws={"channel": "orders", "frame": frame})

    rests = {
        "orderID": order,
        "wagerRequestID": f"w-{order}",
        "filled": 0,
        "offered": 100,
        "remaining": 100,
        "odds": -110,
        "type": "spread",
        "side": "5c12bc1ce0daba000f47ba8b",
        "number": -3.5,
    }
    placed = {
        "matched": None,
        "unmatched": rests,
        "origin": "offer",
        "gameID": "688c0516fbc14da0c202d426",
        "createdAt": stamp(1),
        "messageID": f"1770465601000-{capture[-1]}",
    }
    tape.line("received", ws={"channel": "user-feed", "frame": placed})
    said("sent", ["cancelById", {"requestID": "1", "orderId": order}])
    took = {"success": True, "orderID": order, "filled": 0, "offered": 0, "remaining": 100}
    said("received", {"requestID": "1", "data": [took]})
    return tape


def test_an_answer_is_held_against_the_request_of_its_own_session(
    database_url: str, tmp_path: Path
) -> None:
    one, two = "67f45377c18c6697c172afa1", "67f45377c18c6697c172afa2"
    first = session("session-1", one).write(tmp_path / "first.ndjson")
    second = session("session-2", two).write(tmp_path / "second.ndjson")
    ingested(database_url, first, second)
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        told = {
            cancel["scope"]["values"][0]: [
                (outcome["asked"], outcome["outcome"]) for outcome in cancel["outcomes"]
            ]
            for cancel in queries.cancel_list(connection)
        }
    assert told == {one: [(one, "cancelled")], two: [(two, "cancelled")]}
