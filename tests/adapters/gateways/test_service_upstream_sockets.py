"""A client's socket is passed on to the venue: each frame as it is, kept, and how it ended."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from adapters.gateways import upstream_sockets
from adapters.gateways.app import create_app
from adapters.gateways.upstream import Upstream, passing_on
from adapters.recording.lines import Loss, SocketFrame
from adapters.recording.recorder import Received, Sent
from domain.values import Account
from tests.adapters.at_venues import abp
from tests.adapters.gateways import fourcasters
from tests.adapters.gateways.serving import Kept, free_port, running

SECRET = b"s" * 32
Behave = Callable[[ServerConnection], None]


@contextmanager
def passed_on(
    venue: str, url: str, kept: dict[Account, Kept], account: str | None = "acme"
) -> Generator[str]:
    """The address under which sockets are passed on to `url`."""
    there = Upstream(venue, url, lambda owner: kept.setdefault(owner, Kept()), SECRET, account)
    with free_port() as port, running(create_app([passing_on(there)]), port) as loop:
        yield f"ws://127.0.0.1:{port}"
        loop.call_soon_threadsafe(lambda: loop.create_task(there.close()))


@contextmanager
def behaving(behave: Behave) -> Generator[str]:
    """A venue of one socket that behaves like this."""
    with serve(behave, "127.0.0.1", 0, compression=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join(10)


@contextmanager
def through(behave: Behave, kept: dict[Account, Kept]) -> Generator[ClientConnection]:
    """A client of that venue, passed on."""
    with behaving(behave) as url, passed_on("abp", url, kept) as near:
        opens = {"authorization": "canary-token"}
        with connect(f"{near}/any/ws?x=1", additional_headers=opens, proxy=None) as client:
            yield client


def frames(kept: dict[Account, Kept]) -> list[tuple[str, bytes]]:
    (one,) = kept.values()
    return [
        (type(told).__name__, told.message.frame)
        for told in one.messages
        if isinstance(told, Sent | Received) and isinstance(told.message, SocketFrame)
    ]


def echo(connection: ServerConnection) -> None:
    with suppress(ConnectionClosed):
        while True:
            connection.send(connection.recv())


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(
            '{"a": 1.10,  "b":"\\u00e9 é"}', id="text, its blanks and escapes as they are"
        ),
        pytest.param(b"\x00\xff{", id="bytes"),
        pytest.param("", id="nothing"),
        pytest.param("x" * 900_000, id="a large one"),
    ],
)
def test_a_frame_passes_as_it_is_and_is_kept_in_both_directions(frame: str | bytes) -> None:
    kept: dict[Account, Kept] = {}
    with through(echo, kept) as client:
        client.send(frame)
        assert client.recv(5) == frame
    raw = frame.encode() if isinstance(frame, str) else frame
    assert frames(kept) == [("Sent", raw), ("Received", raw)]


def test_an_order_socket_answers_and_its_answers_find_their_requests() -> None:
    kept: dict[Account, Kept] = {}
    with (
        fourcasters.house() as house,
        passed_on("fourcasters", f"http://127.0.0.1:{house.port}", kept) as near,
    ):
        opens = {"Authorization": fourcasters.ACME}
        with connect(f"{near}/orders/ws", additional_headers=opens, proxy=None) as client:
            orders = fourcasters.Orders(client)
            one = orders.rest()
            assert one in json.dumps(orders.ask("cancelById", orderId=one))
    (owner,) = kept
    assert owner == Account("fourcasters", "acme")
    exchanges = [
        (type(told).__name__, told.message.exchange, told.message.channel)
        for told in kept[owner].messages
        if isinstance(told, Sent | Received) and isinstance(told.message, SocketFrame)
    ]
    assert exchanges == [
        ("Sent", "x1", "orders-ws"),
        ("Received", "x1", "orders-ws"),
        ("Sent", "x2", "orders-ws"),
        ("Received", "x2", "orders-ws"),
    ]
    assert fourcasters.ACME not in repr(kept[owner].messages)


def test_a_key_in_the_first_frame_says_whose_socket_it_is() -> None:
    kept: dict[Account, Kept] = {}
    with abp() as desk:
        url = f"http://127.0.0.1:{desk.served.port}"
        with passed_on("abp", url, kept, account=None) as near:
            with connect(f"{near}/ws", proxy=None) as feed:
                feed.send(json.dumps({"type": "login", "apiKey": desk.key, "channels": ["orders"]}))
                assert json.loads(feed.recv(5))["type"] == "login_ok"
                desk.place(1)
                assert json.loads(feed.recv(5))["channel"] == "orders"
            here = near.replace("ws", "http", 1)
            with desk.served.client(**{"x-api-key": desk.key}) as client:
                client.get(f"{here}/orders?userRef=desk-7")
    assert len(kept) == 1, "the socket and the requests of one key are one account's"
    (owner,) = kept
    assert owner.account.startswith("key-")


def test_a_handshake_that_the_venue_refuses_is_refused() -> None:
    kept: dict[Account, Kept] = {}
    with (
        fourcasters.house() as house,
        passed_on("fourcasters", f"http://127.0.0.1:{house.port}", kept) as near,
        pytest.raises(InvalidStatus) as refused,
        connect(f"{near}/orders/ws", additional_headers={"Authorization": "no"}, proxy=None),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_venue_that_is_not_there_is_told() -> None:
    with (
        passed_on("abp", "http://127.0.0.1:9", {}) as near,
        pytest.raises(InvalidStatus) as refused,
        connect(f"{near}/ws", proxy=None),
    ):
        pass
    assert refused.value.response.status_code == 502


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        pytest.param(1000, "bye", (1000, "bye"), id="a farewell"),
        pytest.param(1008, "InvalidCredentials", (1008, "InvalidCredentials"), id="no key"),
        pytest.param(4401, "api_key_invalid", (4401, "api_key_invalid"), id="one of its own"),
        pytest.param(None, "", (1011, "the venue's connection ended"), id="no word at all"),
    ],
)
def test_the_venues_ending_reaches_the_client(
    code: int | None, reason: str, told: tuple[int, str]
) -> None:
    def ends(connection: ServerConnection) -> None:
        connection.recv()
        if code is None:
            connection.socket.close()
        else:
            connection.close(code, reason)

    with through(ends, {}) as client:
        client.send("x")
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == told


def test_the_clients_ending_reaches_the_venue() -> None:
    ended: list[int | None] = []
    gone = threading.Event()

    def behave(connection: ServerConnection) -> None:
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv()
        ended.append(closed.value.rcvd.code if closed.value.rcvd else None)
        gone.set()

    with through(behave, {}) as client:
        client.close(4005, "done")
        assert gone.wait(5)
    assert ended == [4005]


def test_what_was_not_answered_when_the_socket_ended_is_lost() -> None:
    def deaf(connection: ServerConnection) -> None:
        connection.recv()
        connection.close(1011, "oops")

    kept: dict[Account, Kept] = {}
    with through(deaf, kept) as client:
        client.send('["cancelById",{"requestID":"r1","orderId":"7"}]')
        with pytest.raises(ConnectionClosed):
            client.recv(5)
    (one,) = kept.values()
    assert [type(told).__name__ for told in one.messages] == ["Sent", "Loss"]
    loss = one.messages[-1]
    assert isinstance(loss, Loss)
    assert (loss.exchange, loss.kind) == ("x1", "disconnected")
    assert "canary" not in repr(one.messages)


def test_a_frame_over_the_limit_ends_the_socket_and_nothing_of_it_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upstream_sockets, "FRAME_BYTES_MAX", 1_000)
    came: list[object] = []

    def counting(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                came.append(connection.recv())

    with through(counting, {}) as client:
        client.send("x" * 1_001)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    assert came == []
