"""What acts on the strength of a lease is stored while the lease holds, and not once it is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from adapters.bootstrap import App, opened
from adapters.bootstrap_leases import Lease, LeaseLost, guard, leases_of
from adapters.live import new_capture, recorder_of
from adapters.recording.lines import HttpReceived, HttpSent
from adapters.settings import Settings
from domain.values import Account

OWNER = Account("abp", "acme")
MINUTE = timedelta(minutes=1)
ASKED = HttpSent("x1", "GET", "/orders", (("userRef", "a"),))
ANSWER = HttpReceived("x1", 404, body=b'{"detail":"none"}')


def lines(app: App, capture: str) -> int:
    return len(app.store.log.known_lines(capture, range(1, 10)))


def test_a_holder_whose_time_is_over_says_nothing_more(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        leases = leases_of(app)
        mine = leases.acquire("run", "first", MINUTE)
        assert mine is not None
        held = partial(_held, lease=mine)
        capture = new_capture(OWNER, "reread")
        with recorder_of(replace(app, guard=held)) as recorder:
            session = recorder.session(OWNER, capture)
            session.sent(ASKED).result(10)
            leases.release(mine)
            assert leases.acquire("run", "second", MINUTE) is not None
            with pytest.raises(LeaseLost):
                session.sent(ASKED).result(10)
            # What was heard is a fact, whoever holds the lease.
            session.received(ANSWER).result(10)
        assert lines(app, capture) == 2


def _held(connection: Connection, *, lease: Lease) -> None:
    guard(connection, lease)
