"""Who wanted a cancel and why stands beside the message, and in the request that it opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import App, opened
from adapters.captures.ndjson import item
from adapters.live import recorder_of
from adapters.recording.lines import HttpSent, Intent, SocketFrame
from adapters.recording.recorder import Sent
from adapters.settings import Settings
from domain.values import Account
from projections.queries import cancel_list

ACME = Account("abp", "acme")
FOUR = Account("fourcasters", "acme")
BY_HTTP = HttpSent("x1", "POST", "/cancel-orders", body=b'{"orderIds":[9002]}')
BY_SOCKET = SocketFrame("orders", b'["cancelAll",{"requestID":"r1"}]', "x1")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'log.db'}")) as app:
        yield app


def asked(app: App) -> list[tuple[str | None, str | None]]:
    with app.reading() as connection:
        return [(row["requested_by"], row["why"]) for row in cancel_list(connection)]


@pytest.mark.parametrize(
    ("owner", "message"),
    [
        pytest.param(ACME, BY_HTTP, id="over HTTP"),
        pytest.param(FOUR, BY_SOCKET, id="on a socket"),
    ],
)
def test_the_request_tells_who_and_why(
    app: App, owner: Account, message: HttpSent | SocketFrame
) -> None:
    with recorder_of(app) as recorder:
        session = recorder.session(owner, "c")
        session.told(Sent(message, intent=Intent("ann", "the feed is stuck"))).result(10)
    assert asked(app) == [("ann", "the feed is stuck")]


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        pytest.param("", (None, None), id="none"),
        pytest.param(',"intent":7', (None, None), id="no object: the cancel counts all the same"),
        pytest.param(',"intent":{"by":7,"why":"x"}', (None, "x"), id="as far as it is text"),
    ],
)
def test_what_stands_beside_a_message_never_costs_the_message(
    app: App, intent: str, told: tuple[str | None, str | None]
) -> None:
    raw = (
        '{"v":1,"capture":"c","seq":1,"at":"2026-02-07T12:00:00Z","venue":"abp","account":"acme",'
        '"direction":"sent","exchange":"x1","http":{"method":"POST","path":"/cancel-orders",'
        f'"body":{{"orderIds":[7]}}}}{intent}}}'
    )
    app.ingest([("here", [item("here", 1, raw.encode())])])
    assert asked(app) == [told]
