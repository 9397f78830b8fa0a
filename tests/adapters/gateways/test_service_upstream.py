"""A client of a real venue is passed on to it: it gets what the venue says, and all is kept."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx2

from adapters.gateways.abp.routes import router
from adapters.gateways.app import create_app
from adapters.gateways.upstream import Upstream, passing_on
from adapters.recording.lines import HttpReceived, HttpSent, Loss
from adapters.recording.recorder import Received, Sent
from domain.values import Account
from tests.adapters.gateways.serving import Kept, free_port, running, serving
from tests.adapters.gateways.test_abp_answers import order

SECRET = b"s" * 32


@contextmanager
def passed_on(url: str, kept: dict[Account, Kept], account: str | None = None) -> Generator[str]:
    """The address under which the venue's clients are passed on to `url`."""
    there = Upstream("abp", url, lambda owner: kept.setdefault(owner, Kept()), SECRET, account)
    with free_port() as port, running(create_app([passing_on(there)]), port) as loop:
        yield f"http://127.0.0.1:{port}"
        loop.call_soon_threadsafe(lambda: loop.create_task(there.close()))


def test_the_client_gets_what_the_venue_says_and_both_are_kept() -> None:
    kept: dict[Account, Kept] = {}
    with serving("abp", lambda frame, _: [router(frame)]) as venue:
        url = f"http://127.0.0.1:{venue.port}"
        with passed_on(url, kept, "acme") as near, httpx2.Client(base_url=near) as client:
            client.headers["x-api-key"] = "acme-key"
            placed = client.post("/place-orders", json={"orders": [order(1)]})
            assert placed.json()["status"] == "accepted"
            found = client.get("/orders?userRef=desk-1&limit=5")
            with venue.client(**{"x-api-key": "acme-key"}) as direct:
                assert found.content == direct.get("/orders?userRef=desk-1&limit=5").content
            assert client.post("/cancel-orders", json={}).status_code == 400
            assert client.get("/orders", headers={"x-api-key": "guess"}).status_code == 401
    (owner,) = kept
    assert owner == Account("abp", "acme")
    messages = kept[owner].messages
    sent = [told.message for told in messages if isinstance(told, Sent)]
    assert [(told.method, told.path) for told in sent if isinstance(told, HttpSent)] == [
        ("POST", "/place-orders"),
        ("GET", "/orders"),
        ("POST", "/cancel-orders"),
        ("GET", "/orders"),
    ]
    came = [told.message for told in messages if isinstance(told, Received)]
    assert [told.status for told in came if isinstance(told, HttpReceived)] == [200, 200, 400, 401]
    assert kept[owner].kinds == ["sent", "received"] * 4
    assert "acme-key" not in repr(messages)
    assert "guess" not in repr(messages)


def test_each_key_is_an_account_whose_name_does_not_tell_the_key() -> None:
    kept: dict[Account, Kept] = {}
    with serving("abp", lambda frame, _: [router(frame)]) as venue:
        url = f"http://127.0.0.1:{venue.port}"
        with passed_on(url, kept) as near, httpx2.Client(base_url=near) as client:
            for number, key in enumerate(("acme-key", "rival-key", "acme-key")):
                headers = {"x-api-key": key, "traceparent": str(number)}
                client.get("/orders?userRef=x", headers=headers)
    assert [len(told.messages) for told in kept.values()] == [4, 2]
    assert all(owner.account.startswith("key-") for owner in kept)
    assert not any("acme" in owner.account or "rival" in owner.account for owner in kept)


def test_a_venue_that_does_not_answer_is_a_loss_that_is_kept() -> None:
    kept: dict[Account, Kept] = {}
    with free_port() as nobody, passed_on(f"http://127.0.0.1:{nobody}", kept, "acme") as near:
        answer = httpx2.post(f"{near}/cancel-orders", json={"orderIds": [1]})
    assert answer.status_code == 502
    assert answer.json() == {"detail": "the venue did not answer: not_sent"}
    sent, loss = kept[Account("abp", "acme")].messages
    assert isinstance(sent, Sent)
    assert isinstance(loss, Loss)
    assert loss.kind == "not_sent"
