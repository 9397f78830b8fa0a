"""What becomes of a cancel request and its order, message by message, in the canonical feed."""

from __future__ import annotations

import pytest

from tests.feeding import Feed, book, cancels, clock, desk, feed, orders, outcomes, sound

FIELDS = [
    "cancel_id",
    "venue",
    "account",
    "requested_by",
    "why",
    "scope",
    "requested_at",
    "answered_at",
    "latency_ms",
    "status",
    "reason",
    "raw_reason",
    "outcomes",
]
OUTCOME_FIELDS = [
    "asked",
    "order_key",
    "venue_order_id",
    "outcome",
    "reason",
    "raw_reason",
    "cancelled",
    "matched_before",
    "matched_in_flight",
    "matched_after",
]
ORDER_FIELDS = [
    "order_key",
    "venue",
    "account",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "selection",
    "side",
    "price",
    "price_format",
    "currency",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
    "cancel_pending",
    "replace_pending",
    "closed_by",
    "certain",
    "remaining_min",
    "remaining_max",
    "placed_at",
    "updated_at",
    "last_position",
]


def live() -> Feed:
    return Feed().place("X").report("New", "O1", "X", exec_id="e1").trade("O1", "X", "e2", "40")


def asked() -> Feed:
    return live().cancel("Y", "X", "O1")


def gone(given: Feed, exec_id: str = "e9", **fields: object) -> Feed:
    return given.report("Canceled", "O1", "Y", orig_cl_ord_id="X", exec_id=exec_id, **fields)


OPEN = "100 40 60 0 0 0 PARTIALLY_FILLED"


@pytest.mark.parametrize(
    ("given", "order", "status", "told"),
    [
        pytest.param(
            asked(),
            f"{OPEN} cancel pending",
            "open",
            ["O1 O1 - - - 40/0/0"],
            id="asked, nothing said yet",
        ),
        pytest.param(
            asked().report("PendingCancel", "O1", "Y", orig_cl_ord_id="X", exec_id="e3"),
            "100 40 60 0 0 0 PENDING_CANCEL cancel pending",
            "open",
            ["O1 O1 - - - 40/0/0"],
            id="the venue has it",
        ),
        pytest.param(
            gone(asked()),
            "100 40 0 60 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 60 40/0/0"],
            id="cancelled",
        ),
        pytest.param(
            gone(asked().trade("O1", "X", "e3", "10")).trade("O1", "X", "e4", "5"),
            "100 55 0 45 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 45 40/10/5"],
            id="matched before, in flight and after",
        ),
        pytest.param(
            gone(gone(asked())),
            "100 40 0 60 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 60 40/0/0"],
            id="answered twice with one exec id",
        ),
        pytest.param(
            gone(gone(asked()), exec_id="e10"),
            "100 40 0 60 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 60 40/0/0"],
            id="answered twice with two exec ids",
        ),
        pytest.param(
            live()
            .cancel("Y", "X", "O1", cancel_qty="25")
            .report("Canceled", "O1", "Y", orig_cl_ord_id="X", exec_id="e9", cancel_qty="25"),
            "100 40 35 25 0 0 PARTIALLY_FILLED",
            "answered",
            ["O1 O1 cancelled - 25 40/0/0"],
            id="a part of it",
        ),
        pytest.param(
            asked().refuse("Y", "X", "O1", "TOO_LATE"),
            f"{OPEN} 0..60",
            "answered",
            ["O1 O1 rejected TOO_LATE - 40/0/0"],
            id="refused as too late: it may be over already",
        ),
        pytest.param(
            asked().refuse("Y", "X", "O1", "NOT_CANCELLABLE"),
            OPEN,
            "answered",
            ["O1 O1 rejected NOT_CANCELLABLE - 40/0/0"],
            id="refused: it stays live",
        ),
        pytest.param(
            asked().refuse("Y", "X", "O1", "TOO_LATE").refuse("Y", "X", "O1", "TOO_LATE"),
            f"{OPEN} 0..60",
            "answered",
            ["O1 O1 rejected TOO_LATE - 40/0/0"],
            id="refused twice",
        ),
        pytest.param(
            asked().lose("Y", "X"),
            f"{OPEN} cancel pending 0..60",
            "unknown",
            ["O1 O1 unknown - - 40/0/0"],
            id="no answer: unknown, and what may be live is bounded",
        ),
        pytest.param(
            gone(asked().lose("Y", "X")),
            "100 40 0 60 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 60 40/0/0"],
            id="a late answer after a timeout",
        ),
        pytest.param(
            asked().lose("Y", "X").refuse("Y", "X", "O1", "NOT_CANCELLABLE"),
            OPEN,
            "answered",
            ["O1 O1 rejected NOT_CANCELLABLE - 40/0/0"],
            id="a late refusal after a timeout",
        ),
        pytest.param(
            gone(asked()).lose("Y", "X"),
            "100 40 0 60 0 0 CANCELLED",
            "answered",
            ["O1 O1 cancelled - 60 40/0/0"],
            id="a loss told after the answer takes nothing back",
        ),
        pytest.param(
            asked().lose("Y", "X", "not_sent"),
            OPEN,
            "not_sent",
            ["O1 O1 - - - 40/0/0"],
            id="not sent: no trace on the order but its record",
        ),
        pytest.param(
            asked().report("Canceled", "O1", "X", exec_id="e9"),
            "100 40 0 60 0 0 CANCELLED cancel pending",
            "open",
            ["O1 O1 - - - 40/0/0"],
            id="unsolicited: the venue quotes no request, so ours is still open",
        ),
        pytest.param(
            asked().cancel("Y", "X", "O1"),
            f"{OPEN} cancel pending",
            "open",
            ["O1 O1 - - - 40/0/0"],
            id="the same request recorded twice is one request",
        ),
    ],
)
def test_one_request(
    database_url: str, given: Feed, order: str, status: str, told: list[str]
) -> None:
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == {"O1": order}
        (request,) = cancels(app)
        assert (request["status"], outcomes(request)) == (status, told)
        sound(app)


def test_the_fields_of_a_request_and_of_an_order(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, gone(asked()))
        (request,) = cancels(app)
        assert list(request) == FIELDS
        (outcome,) = request["outcomes"]
        assert list(outcome) == OUTCOME_FIELDS
        assert request["scope"] == {"kind": "orders", "values": ["O1"]}
        assert request["requested_at"].strftime("%S") == clock(4)[17:19]
        assert (request["answered_at"] - request["requested_at"]).seconds == 1
        assert request["latency_ms"] == 1_000
        (row,) = orders(app).values()
        assert list(row) == ORDER_FIELDS


def test_two_requests_for_one_order(database_url: str) -> None:
    """Asked again while the first waits: each has its own answer."""
    given = gone(asked().cancel("Z", "X", "O1")).refuse("Z", "X", "O1", "ALREADY_CANCELLED")
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == {"O1": "100 40 0 60 0 0 CANCELLED"}
        assert [outcomes(request) for request in cancels(app)] == [
            ["O1 O1 cancelled - 60 40/0/0"],
            ["O1 O1 rejected ALREADY_CANCELLED - 40/0/0"],
        ]
        sound(app)


def test_an_id_that_nobody_knows_makes_no_order(database_url: str) -> None:
    given = Feed().cancel("Y", "NOPE").refuse("Y", "NOPE", "NONE", "UNKNOWN_ORDER")
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == {}
        (request,) = cancels(app)
        assert request["status"] == "answered"
        assert outcomes(request) == ["NOPE - rejected UNKNOWN_ORDER - -/-/-"]
        sound(app)


def test_an_order_that_becomes_known_by_the_answer(database_url: str) -> None:
    given = (
        Feed()
        .cancel("Y", "X", "O1")
        .report("Canceled", "O1", "Y", orig_cl_ord_id="X", exec_id="e1", order_qty="10")
    )
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == {"O1": "10 0 0 10 0 0 CANCELLED"}
        (request,) = cancels(app)
        assert outcomes(request) == ["O1 O1 cancelled - 10 0/0/0"]
        sound(app)
