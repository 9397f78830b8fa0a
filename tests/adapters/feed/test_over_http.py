"""The feed as outsiders read it: pages that can be kept, a stream that can be taken up again."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from itertools import islice

import pytest
from structlog.testing import capture_logs

from adapters.gateways.streaming import Pace
from tests.adapters.eventlog.builders import event
from tests.adapters.feed.logs import ACME, RIVAL, placed
from tests.adapters.feed.serving import AUDITOR, Followed, followed, messages

QUICK = Pace(keep_alive=0.4, asked_again=0.1, slow_max=0.7, farewell_max=5)
MINE = "read:abp:acme"


@pytest.fixture
def feed(sqlite_url: str) -> Iterator[Followed]:
    with followed(sqlite_url, QUICK) as served:
        store(served, *([ACME, RIVAL] * 5))
        yield served


def store(feed: Followed, *owners: object) -> None:
    """One order more for each."""
    chosen = [RIVAL if owner is RIVAL else ACME for owner in owners]
    feed.app.store.append([placed(owner) for owner in chosen], (), (), (), ())


def test_a_page_of_an_account_has_holes_and_its_next_goes_on(feed: Followed) -> None:
    page = feed.get("/v1/events?limit=3", MINE)
    told = page.json()
    assert [one["position"] for one in told["events"]] == [1, 3, 5]
    assert (told["count"], told["next"]) == (3, 5)
    assert page.headers["content-type"] == "application/json"
    rest = feed.get("/v1/events?after=5", MINE).json()
    assert ([one["position"] for one in rest["events"]], rest["next"]) == ([7, 9], 10)
    assert feed.get("/v1/events?after=10", MINE).json() == {"events": [], "count": 0, "next": 10}


def test_a_full_page_may_be_kept_for_ever_and_another_is_asked_for_again(feed: Followed) -> None:
    full, part = feed.get("/v1/events?limit=10"), feed.get("/v1/events?limit=11")
    assert "immutable" in full.headers["cache-control"]
    assert part.headers["cache-control"] == "private, no-cache"
    for page, path in ((full, "/v1/events?limit=10"), (part, "/v1/events?limit=11")):
        assert page.headers["vary"] == "authorization, x-api-key"
        for known in (page.headers["etag"], f'"x", W/{page.headers["etag"]}', "*"):
            again = feed.get(path, **{"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == page.headers["etag"]
        assert feed.get(path, **{"if-none-match": '"other"'}).status_code == 200
    store(feed, ACME)
    again = feed.get("/v1/events?limit=11", **{"if-none-match": part.headers["etag"]})
    assert again.json()["count"] == 11
    assert feed.get("/v1/events?limit=10").content == full.content


@pytest.mark.parametrize(
    ("asked", "key", "status", "says"),
    [
        pytest.param("", "", 401, "missing or invalid key", id="no key"),
        pytest.param("", "read:elsewhere:x", 401, "invalid key", id="a key that was never given"),
        pytest.param("", "cancel:abp:acme", 403, "not good for reading", id="a key to cancel"),
        pytest.param("?limit=0", MINE, 422, "query.limit: Input should be gr", id="a limit of 0"),
        pytest.param("?limit=1001", MINE, 422, "less than or equal to 1000", id="a limit of 1001"),
        pytest.param("?after=-1", MINE, 422, "query.after", id="a position below 0"),
        pytest.param("?after=1e3", MINE, 422, "query.after", id="a position that is no whole"),
        pytest.param("?after=99999999999999999999", MINE, 422, "query.after", id="65 bits"),
        pytest.param("?after=11", MINE, 409, "end of this log, 10", id="behind the end"),
        pytest.param("?type=Nope", MINE, 422, "/v1/asyncapi.json list", id="no such type"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_the_next_step(
    feed: Followed, asked: str, key: str, status: int, says: str
) -> None:
    for route in ("/v1/events", "/v1/events/stream"):
        if "limit" in asked and route.endswith("stream"):
            continue  # it has none
        answer = feed.get(f"{route}{asked}", key)
        told = answer.json()["detail"]
        assert (answer.status_code, says in told) == (status, True), told


def test_a_log_that_cannot_be_read_stops_its_readers_there(feed: Followed) -> None:
    feed.app.store.log.append([event(topic="Filled:9", state=b"{}")])
    assert feed.get("/v1/events?limit=50").json()["next"] == 10
    answer = feed.get("/v1/events?after=10")
    assert (answer.status_code, "`breakwater verify`" in answer.text) == (500, True)
    with feed.client() as client, client.stream("GET", "/v1/events/stream?after=9") as stream:
        *_, last = messages(stream)
    assert last["event"] == "end"
    assert "position 11 holds 'Filled:9'" in last["data"]["why"]


def test_a_stream_tells_what_was_and_then_what_comes(feed: Followed) -> None:
    with feed.client(MINE) as client, client.stream("GET", "/v1/events/stream") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = (one for one in messages(stream) if "data" in one)
        assert [one["id"] for one in islice(told, 5)] == ["1", "3", "5", "7", "9"]
        store(feed, RIVAL, ACME)
        came = next(told)
        assert (came["id"], came["data"]["position"], came["data"]["account"]) == ("12", 12, "acme")
        assert came["data"] == feed.get("/v1/events?after=11", MINE).json()["events"][0]


def test_a_stream_is_taken_up_behind_the_last_id_whatever_was_asked_first(feed: Followed) -> None:
    last = {"last-event-id": "7"}
    with feed.client(MINE, **last) as client, client.stream("GET", "/v1/events/stream") as stream:
        told = (one for one in messages(stream) if "data" in one)
        assert next(told)["id"] == "9"


def test_where_to_take_it_up_moves_with_what_is_another_s(feed: Followed) -> None:
    path = "/v1/events/stream?after=10&type=Filled"
    with feed.client(MINE) as client, client.stream("GET", path) as stream:
        told = messages(stream)
        next(told)
        store(feed, RIVAL, RIVAL)
        assert next(one["id"] for one in told if "id" in one) == "12"


def test_a_quiet_stream_says_now_and_then_that_it_is_there(feed: Followed) -> None:
    with feed.client(MINE) as client, client.stream("GET", "/v1/events/stream?after=10") as stream:
        told = messages(stream)
        next(told)
        assert next(told) == {"": "still here"}


def test_a_key_that_is_taken_back_ends_its_stream(feed: Followed) -> None:
    with feed.client(MINE) as client, client.stream("GET", "/v1/events/stream?after=10") as stream:
        told = messages(stream)
        next(told)
        feed.keys.revoked.add(MINE)
        *_, last = told
    assert last == {"event": "end", "data": {"why": "missing or invalid key"}}


def test_a_stream_ends_with_the_service_and_says_so(feed: Followed) -> None:
    with feed.client() as client, client.stream("GET", "/v1/events/stream") as stream:
        told = messages(stream)
        assert len(list(islice(told, 11))) == 11
        feed.outgoing.close()
        *_, last = told
    assert last == {"event": "end", "data": {"why": "the service ends; connect again"}}


def bare(feed: Followed, path: str) -> socket.socket:
    """A connection that has asked and takes little at a time."""
    opened = socket.create_connection(("127.0.0.1", feed.port), timeout=20)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    request = f"GET {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {AUDITOR}\r\n\r\n"
    opened.sendall(request.encode())
    return opened


def test_who_does_not_take_it_is_let_go_is_told_why_and_loses_nothing(feed: Followed) -> None:
    large = "x" * 50_000
    count = 240
    for _ in range(4):
        made = [placed(ACME, large) for _ in range(count // 4)]
        feed.app.store.append(made, (), (), (), ())
    with capture_logs() as logs, bare(feed, "/v1/events/stream") as opened:
        until = time.monotonic() + 20
        while not any(line["event"] == "a listener was let go" for line in logs):
            assert time.monotonic() < until
            time.sleep(0.05)
        heard = b""
        while not heard.endswith(b"0\r\n\r\n"):
            piece = opened.recv(1 << 16)
            assert piece, heard[-200:]
            heard += piece
    assert b'event: end\ndata: {"why":"nothing was taken for 0.7 s"}' in heard
    ids = [int(line[4:]) for line in heard.splitlines() if line.startswith(b"id: ")]
    assert ids == list(range(1, len(ids) + 1))
    assert len(ids) < count
    last = {"last-event-id": str(ids[-1])}
    with feed.client(**last) as client, client.stream("GET", "/v1/events/stream") as stream:
        rest = [
            int(one["id"]) for one in islice(messages(stream), 11 + count - len(ids)) if "id" in one
        ]
    assert ids + rest == list(range(1, 11 + count))


def test_who_hangs_up_is_no_fault_of_ours(feed: Followed) -> None:
    with capture_logs() as logs:
        with bare(feed, "/v1/events/stream") as opened:
            opened.recv(100)
        for _ in range(5):
            store(feed, ACME)
            time.sleep(0.05)
        until = time.monotonic() + 10
        while not any(line["event"] == "request" for line in logs):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert {line["event"] for line in logs} == {"request"}


def test_a_key_follows_so_many_streams_and_one_more_when_another_has_ended(sqlite_url: str) -> None:
    path = "/v1/events/stream"
    with followed(sqlite_url, QUICK._replace(streams_max=2)) as feed, feed.client(MINE) as client:
        with client.stream("GET", path) as one, client.stream("GET", path) as two:
            assert (one.status_code, two.status_code) == (200, 200)
            refused = client.get(path)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
            assert refused.json() == {
                "detail": "this key follows 2 streams, as many as it may; end one of them"
            }
            with feed.client() as other, other.stream("GET", path) as another:
                assert another.status_code == 200
        until = time.monotonic() + 20
        while True:
            with client.stream("GET", path) as again:
                if again.status_code == 200:
                    return
            assert time.monotonic() < until
            time.sleep(0.02)


def test_listeners_cost_no_thread_each(feed: Followed) -> None:
    before = threading.active_count()
    opened = [bare(feed, "/v1/events/stream?after=10") for _ in range(60)]
    try:
        store(feed, ACME)
        for each in opened:
            heard = b""
            while b"id: 11" not in heard:
                piece = each.recv(4096)
                assert piece, heard
                heard += piece
        assert threading.active_count() - before <= 42, "the pool of the server, and one that looks"
    finally:
        for each in opened:
            each.close()


def test_the_feed_describes_itself(feed: Followed) -> None:
    schema = feed.get("/v1/events/types/Filled:1", "").json()
    assert schema["$id"] == "urn:breakwater:event:Filled:1"
    missing = feed.get("/v1/events/types/Nope:1", "")
    assert (missing.status_code, "/v1/asyncapi.json" in missing.text) == (404, True)
    document = feed.get("/v1/asyncapi.json", "").json()
    assert document["asyncapi"] == "3.0.0"
    openapi = json.loads(feed.get("/openapi.json").content)
    assert {"/v1/events", "/v1/events/stream", "/v1/asyncapi.json"} <= openapi["paths"].keys()
    told = openapi["paths"]["/v1/events"]["get"]
    assert {one["name"] for one in told["parameters"]} >= {"after", "limit", "type"}
    assert {"200", "304", "401", "403", "409", "422", "503"} <= told["responses"].keys()
