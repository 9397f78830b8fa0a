"""One cancel told twice, by the feed and by the HTTP answer: in either order it is one cancel."""

from __future__ import annotations

import pytest

from tests.feeding import Feed, book, cancels, desk, feed, flags, outcomes, sound
from tests.projections.days import two_live

GONE = "100 0 0 100 0 0 CANCELLED"
HELD = "100 0 100 0 0 0 NEW"


def asked() -> Feed:
    return two_live().post("x", "/api/orders/cancel-batch", {"orderIds": ["A"]})


def answered(given: Feed) -> Feed:
    return given.reply("x", {"cancelled": ["A"], "notCancelled": {}})


def fed(given: Feed, order: str = "A") -> Feed:
    data = {"walletAddress": "0x1", "orderId": order, "marketId": "M1"}
    frame = {
        "type": "order_cancelled",
        "sid": 11,
        "channel": "user_orders",
        "serverTs": 1_770_465_600_000 + 1_000 * (len(given.records) + 1),
        "data": data,
    }
    return given.add("received", ws={"channel": "user_orders", "frame": frame})


@pytest.mark.parametrize(
    ("given", "orders", "status", "told"),
    [
        pytest.param(
            answered(fed(asked())),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0"],
            id="the feed first",
        ),
        pytest.param(
            fed(answered(asked())),
            {"A": GONE, "B": HELD},
            "answered",
            ["A A cancelled - 100 0/0/0"],
            id="the answer first",
        ),
        pytest.param(
            fed(asked().lost("x")),
            {"A": GONE, "B": HELD},
            "unknown",
            ["A A cancelled - 100 0/0/0"],
            id="only the feed: the answer was lost, the order tells",
        ),
        pytest.param(
            fed(asked().post("y", "/api/orders/cancel-all", {}).lost("y").lost("x")),
            {"A": GONE, "B": f"{HELD} cancel pending 0..100"},
            "unknown",
            None,
            id="two requests wait: the feed settles the order, whichever did it",
        ),
    ],
)
def test_one_cancel(
    database_url: str, given: Feed, orders: dict[str, str], status: str, told: list[str] | None
) -> None:
    with desk(database_url) as app:
        feed(app, given)
        assert not list(app.set_aside())
        assert book(app) == orders
        request = cancels(app)[0]
        assert request["status"] == status
        if told is not None:
            assert outcomes(request) == told
        assert "CXL-15" not in flags(app), "it was not unsolicited"
        sound(app)
