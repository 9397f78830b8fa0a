"""Which calls are documented, and what is set aside; the dossier's traps 12 and 13."""

from __future__ import annotations

from typing import Any

import pytest

from domain.wire import Line, Unreadable
from tests.adapters.venues.predictstreet.lines import (
    OWNER,
    SEEN,
    A,
    C,
    answered,
    line,
    lost,
    order_messages,
    order_row,
    received,
    sent,
    trade_row,
    translate,
    venue,
)


@pytest.mark.parametrize(
    "path",
    [
        "/api/me/fees",
        "/api/me/fees/tier",
        "/api/me/fee-tier",
        "/api/me/portfolio/positions",
        "/api/me/positions",
        "/api/markets/XYZ-BIN-1",
        "/api/events",
        "/api/vault/balance",
    ],
)
def test_calls_about_no_order(path: str) -> None:
    request = sent("GET", path)
    assert translate(request) == ()
    assert answered(request, {"anything": [1]}) == ()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("DELETE", f"/api/orders/{A}", id="the lifecycle diagram's DELETE"),
        pytest.param("PUT", f"/api/orders/{A}", id="no amendment is documented"),
        pytest.param("GET", "/api/orders/cancel", id="a verb is no id"),
        pytest.param("GET", "/api/orders", id="no list without a name"),
        pytest.param("POST", "/api/orders/open", id="a read with the wrong method"),
        pytest.param("GET", f"/api/orders/{A}/cancel", id="no such part of an order"),
        pytest.param("POST", "/api/heartbeat", id="no heartbeat is documented"),
        pytest.param("GET", "/api/me/orders/closed", id="no such list"),
        pytest.param("GET", "", id="no path"),
        pytest.param("GET", "http://[::1", id="a broken address"),
    ],
)
def test_calls_in_no_document(method: str, path: str) -> None:
    with pytest.raises(Unreadable):
        translate(sent(method, path))
    with pytest.raises(Unreadable):
        answered(sent(method, path), {})


@pytest.mark.parametrize("order_id", [A, C, "a%2Fb"])
def test_an_id_of_any_shape_is_a_path(order_id: str) -> None:
    (told,) = order_messages(answered(sent("GET", f"/api/orders/{order_id}"), order_row(id=C)))
    assert told.names[0] == venue(C)
    row = {key: value for key, value in trade_row().items() if key != "orderId"}
    fills = sent("GET", f"/api/orders/{order_id}/fills")
    (told,) = order_messages(answered(fills, {"trades": [row]}))
    assert told.names[0] == venue(order_id.replace("%2F", "/"))


def test_reads_that_we_send_tell_nothing() -> None:
    assert translate(sent("GET", "/api/orders/open")) == ()


def test_a_lost_read_tells_nothing() -> None:
    assert translate(lost("timeout"), sent("GET", "/api/orders/open")) == ()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(Line("c", 1, SEEN, OWNER, "received"), id="nothing was said"),
        pytest.param(line("lost", error={"kind": "timeout"}), id="a loss of nothing"),
        pytest.param(line("overheard", http={"status": 200}), id="a direction in no document"),
        pytest.param(line("sent", http={"path": 7}), id="no method"),
        pytest.param(line("received", ws={"channel": "user", "frame": "ping"}), id="no object"),
    ],
)
def test_lines_that_are_set_aside(broken: Line) -> None:
    with pytest.raises(Unreadable):
        translate(broken, None)


@pytest.mark.parametrize("status", [None, "200", True])
def test_an_answer_without_a_status_is_set_aside(status: Any) -> None:  # noqa: ANN401 - garbage of any shape
    with pytest.raises(Unreadable, match="status"):
        translate(received({}, status), sent("POST", "/api/orders/cancel", {"orderId": A}))
