"""An HTTP answer in the light of its request: what it says, what it leaves out, and its absence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.wire import Item
from tests.adapters.venues.abp.building import order as abp_order
from tests.feeding import Feed, book, cancels, desk, feed, items, outcomes, sound
from tests.feeding import orders as orders_of
from tests.projections.days import two_live

PATH = "/api/orders/cancel-batch"
ALL = "/api/orders/cancel-all"
HELD = "100 0 100 0 0 0 NEW"
GONE = "100 0 0 100 0 0 CANCELLED"
PENDING = f"{HELD} cancel pending"
UNKNOWN = f"{PENDING} 0..100"


def batch(*ids: str) -> Feed:
    return two_live().post("x", PATH, {"orderIds": list(ids)})


def answer(given: Feed, *gone: str, **kept: str) -> Feed:
    return given.reply("x", {"cancelled": list(gone), "notCancelled": kept})


@pytest.mark.parametrize(
    ("given", "orders", "status", "told"),
    [
        pytest.param(
            answer(batch("A", "B"), "A", B="already_terminal"),
            {"A": GONE, "B": f"{HELD} 0..100"},
            "answered",
            ["A A cancelled - 100 0/0/0", "B B rejected ALREADY_TERMINAL - 0/0/0"],
            id="one gone, one kept",
        ),
        pytest.param(
            answer(batch("A", "B"), "A"),
            {"A": GONE, "B": f"{HELD} 0..100"},
            "answered",
            ["A A cancelled - 100 0/0/0", "B B not_mentioned - - 0/0/0"],
            id="asked and not mentioned",
        ),
        pytest.param(
            answer(batch("A"), "A", "B"),
            {"A": GONE, "B": GONE},
            "answered",
            ["A A cancelled - 100 0/0/0", "- B unrequested - 100 0/0/0"],
            id="mentioned and not asked",
        ),
        pytest.param(
            answer(batch("A", "NOPE"), "A", NOPE="not_found"),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0", "NOPE NOPE rejected UNKNOWN_ORDER - -/-/-"],
            id="an id that nobody knows",
        ),
        pytest.param(
            answer(batch("A", "NOPE"), "A"),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0", "NOPE - not_mentioned - - -/-/-"],
            id="an id that nobody knows, and that the venue does not mention",
        ),
        pytest.param(
            answer(batch("A", "A"), "A"),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0"],
            id="asked twice in one request",
        ),
        pytest.param(
            answer(answer(batch("A"), "A"), "A"),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0"],
            id="the same answer twice",
        ),
        pytest.param(
            batch("A").reply("x", {"code": "RATE_LIMITED"}, 429),
            {"A": HELD, "B": HELD},
            "refused",
            ["A A rejected RATE_LIMITED - 0/0/0"],
            id="429: refused as a whole",
        ),
        pytest.param(
            batch("A").reply("x", {"code": "X"}, 401).reply("x", {"code": "X"}, 401),
            {"A": HELD, "B": HELD},
            "refused",
            ["A A rejected PERMISSION - 0/0/0"],
            id="401 twice: refused as a whole",
        ),
        pytest.param(
            batch("A").reply("x", {"message": "oops"}, 503),
            {"A": UNKNOWN, "B": HELD},
            "unknown",
            ["A A unknown - - 0/0/0"],
            id="503: nobody knows",
        ),
        pytest.param(
            batch("A").lost("x"),
            {"A": UNKNOWN, "B": HELD},
            "unknown",
            ["A A unknown - - 0/0/0"],
            id="no answer",
        ),
        pytest.param(
            answer(batch("A").lost("x"), "A"),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0"],
            id="a late answer after the timeout",
        ),
        pytest.param(
            batch("A").lost("x", "not_sent"),
            {"A": HELD, "B": HELD},
            "not_sent",
            ["A A - - - 0/0/0"],
            id="never sent",
        ),
        pytest.param(
            batch("A").reply("x", "<html>", 200),
            {"A": UNKNOWN, "B": HELD},
            "unknown",
            ["A A unknown - - 0/0/0"],
            id="a success that cannot be read",
        ),
        pytest.param(
            two_live().post("x", ALL, {}).reply("x", {"cancelled": ["A", "B"], "notCancelled": {}}),
            {"A": GONE, "B": GONE},
            "answered",
            ["- A cancelled - 100 0/0/0", "- B cancelled - 100 0/0/0"],
            id="everything: each live order is asked for",
        ),
        pytest.param(
            two_live().post("x", ALL, {}).lost("x"),
            {"A": UNKNOWN, "B": UNKNOWN},
            "unknown",
            ["- A unknown - - 0/0/0", "- B unknown - - 0/0/0"],
            id="everything, and no answer",
        ),
        pytest.param(
            two_live().post("x", ALL, {"marketId": "M1"}).lost("x"),
            {"A": UNKNOWN, "B": HELD},
            "unknown",
            ["- A unknown - - 0/0/0"],
            id="one market",
        ),
        pytest.param(
            two_live().post("x", ALL, {"side": "sell"}).lost("x"),
            {"A": HELD, "B": UNKNOWN},
            "unknown",
            ["- B unknown - - 0/0/0"],
            id="everything on one side",
        ),
        pytest.param(
            two_live().post("x", ALL, {}).reply("x", {"cancelled": 2}),
            {"A": UNKNOWN, "B": UNKNOWN},
            "answered",
            ["- A unknown - - 0/0/0", "- B unknown - - 0/0/0"],
            id="everything, answered by a bare count",
        ),
    ],
)
def test_one_request(
    database_url: str, given: Feed, orders: dict[str, str], status: str, told: list[str]
) -> None:
    with desk(database_url) as app:
        feed(app, given)
        assert not list(app.set_aside())
        assert book(app) == orders
        (request,) = cancels(app)
        assert request["status"] == status
        assert sorted(outcomes(request)) == sorted(told)
        sound(app)


def test_an_answer_before_its_request_is_held_and_then_read(database_url: str) -> None:
    whole = answer(batch("A"), "A").records
    before, request, reply = whole[:2], whole[2], whole[3]
    with desk(database_url) as app:
        tally = feed(app, before, [reply])
        assert (tally.read, tally.set_aside) == (2, 1)
        (held,) = app.set_aside()
        assert "request" in held["reason"]
        assert book(app) == {"A": HELD, "B": HELD}
    with desk(database_url) as app:  # a later run
        feed(app, [request])
        assert not list(app.set_aside())
        assert book(app) == {"A": GONE, "B": HELD}
        (record,) = cancels(app)
        assert record["status"] == "answered"
        assert record["latency_ms"] == 1_000
        sound(app)


def test_an_answer_held_and_released_in_one_file(database_url: str) -> None:
    whole = answer(batch("A"), "A").records
    with desk(database_url) as app:
        tally = feed(app, [*whole[:2], whole[3], whole[2]])
        assert (tally.lines, tally.read, tally.set_aside) == (4, 4, 0)
        assert book(app) == {"A": GONE, "B": HELD}
        sound(app)


def test_a_request_that_another_program_read_releases_the_answer(database_url: str) -> None:
    """Two programs read two halves at once: neither saw the other's line when it looked."""
    whole = answer(batch("A"), "A").records
    with desk(database_url) as one, desk(database_url) as two:
        feed(one, whole[:2])

        def slow() -> Iterator[Item]:
            """The request; the other program reads the answer before we have stored it."""
            yield from items([whole[2]])
            feed(two, [whole[3]])

        one.ingest([("half", slow())])
        feed(two, [whole[0]])
        assert book(one) == {"A": GONE, "B": HELD}
        assert not list(one.set_aside())
        sound(one)


def test_a_held_answer_that_cannot_be_read_after_all_says_why(database_url: str) -> None:
    whole = two_live().add(
        "sent", exchange="x", http={"method": "GET", "path": "/api/nothing/we/know"}
    )
    whole.reply("x", {"a": 1})
    with desk(database_url) as app:
        feed(app, whole.records[:2], [whole.records[3]])
        feed(app, [whole.records[2]])
        reasons = [item["reason"] for item in app.set_aside()]
        assert all("is not in the log" not in reason for reason in reasons)
        sound(app)


def abp_rows() -> Feed:
    """ABP's list tells of two live orders with different references of ours."""
    given = Feed(venue="abp", account="acme")
    query = {"orderIds": "1,2"}
    given.add("sent", exchange="l", http={"method": "GET", "path": "/orders", "query": query})
    rows = [
        abp_order(
            orderId=number,
            requestUuid=f"0b6f6f0e-0000-4000-8000-00000000000{number}",
            userRef=ref,
            orderPrice=2,
        )
        for number, ref in ((1, "desk-7"), (2, "desk-8"))
    ]
    return given.reply("l", {"orders": rows, "count": 2, "hasMore": False, "nextCursor": None})


@pytest.mark.parametrize(
    ("body", "pending", "scope"),
    [
        pytest.param(
            {"userRef": "desk-7"}, ["1"], [{"kind": "user_ref", "values": ["desk-7"]}], id="one"
        ),
        pytest.param({"userRef": "x"}, [], [{"kind": "user_ref", "values": ["x"]}], id="nobody's"),
        pytest.param(
            {"userRef": "desk-8", "orderIds": [1]},
            ["1", "2"],
            [{"kind": "orders", "values": ["1"]}, {"kind": "user_ref", "values": ["desk-8"]}],
            id="joined by OR with an id",
        ),
    ],
)
def test_a_cancel_by_user_reference(
    database_url: str, body: object, pending: list[str], scope: list[object]
) -> None:
    with desk(database_url) as app:
        feed(app, abp_rows().post("x", "/cancel-orders", body))
        assert not list(app.set_aside())
        held = orders_of(app)
        assert sorted(name for name, row in held.items() if row["cancel_pending"]) == pending
        (request,) = cancels(app)
        told = request["scope"]
        assert (told if isinstance(told, list) else [told]) == scope
        sound(app)
