"""The recorder: stored before the caller goes on, in the order told, in few commits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App, opened
from adapters.live import LiveLog, new_capture, recorder_of
from adapters.recording import lines
from adapters.recording.lines import HttpReceived, HttpSent, Loss
from adapters.recording.recorder import Closed, Received, Recorder, Sent
from adapters.settings import Settings
from domain.values import Account

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
ACME = Account("abp", "acme")
CANCEL = HttpSent("x1", "POST", "/cancel-orders", body=b'{"orderIds":[9002]}')
ANSWER = HttpReceived(
    "x1",
    200,
    body=b'{"status":"cancelled","cancelledCount":0,"cancelled":[],'
    b'"notCancelled":{"reason":"Order not cancellable","orders":[]}}',
)


class Kept:
    """A log in memory; it refuses the lines that hold a word, and can be made to wait."""

    def __init__(self, refuses: bytes = b"\x00") -> None:
        self.commits: list[list[bytes]] = []
        self.settled = 0
        self.closed = False
        self.may_store = threading.Event()
        self.may_store.set()
        self._refuses = refuses

    def store(self, raw: Sequence[bytes]) -> None:
        """Keep a commit, or refuse it."""
        self.may_store.wait(10)
        if any(self._refuses in line for line in raw):
            raise ValueError("refused")
        self.commits.append(list(raw))

    def settle(self) -> None:
        """Note how far it got."""
        self.settled = len(self.commits)

    def close(self) -> None:
        """Note that it ended."""
        self.closed = True


class Tired(Kept):
    """A log whose read models cannot follow any more."""

    def settle(self) -> None:
        """The database is away."""
        raise OSError("away")


def test_when_the_writer_ends_nobody_waits_for_ever() -> None:
    recorder = Recorder(Tired, lambda: NOON)
    session = recorder.session(ACME, "c1")
    session.sent(CANCEL).result(10)
    for _ in range(1_000):
        if recorder.is_running:
            threading.Event().wait(0.01)
    assert not recorder.is_running
    with pytest.raises(Closed):
        session.sent(CANCEL)
    recorder.close()


def test_who_goes_away_while_waiting_stops_nobody_else() -> None:
    kept = Kept()
    kept.may_store.clear()
    recorder = Recorder(lambda: kept, lambda: NOON)
    session = recorder.session(ACME, "c1")
    waiting = session.sent(CANCEL)
    assert not waiting.cancel()
    kept.may_store.set()
    session.received(ANSWER).result(10)
    recorder.close()
    assert seqs(kept) == [1, 2]


def seqs(kept: Kept) -> list[int]:
    return [json.loads(raw)["seq"] for commit in kept.commits for raw in commit]


def test_what_was_told_is_stored_in_its_order_when_the_future_is_done() -> None:
    kept = Kept()
    recorder = Recorder(lambda: kept, lambda: NOON)
    session = recorder.session(ACME, "c")
    session.sent(CANCEL).result(10)
    assert seqs(kept) == [1]
    session.told(Sent(CANCEL, NOON), Received(ANSWER)).result(10)
    session.lost(Loss("x3", "timeout", "5 s")).result(10)
    recorder.close()
    assert seqs(kept) == [1, 2, 3, 4]
    assert kept.closed


def test_what_waits_together_shares_a_commit() -> None:
    kept = Kept()
    kept.may_store.clear()
    recorder = Recorder(lambda: kept, lambda: NOON)
    session = recorder.session(ACME, "c")
    futures = [session.sent(CANCEL) for _ in range(50)]
    kept.may_store.set()
    for future in futures:
        future.result(10)
    recorder.close()
    assert seqs(kept) == list(range(1, 51))
    assert len(kept.commits) <= 3


def test_a_line_that_cannot_be_stored_fails_alone() -> None:
    kept = Kept(refuses=b"poison")
    kept.may_store.clear()
    recorder = Recorder(lambda: kept, lambda: NOON)
    session = recorder.session(ACME, "c")
    session.sent(CANCEL)
    good = session.sent(CANCEL)
    bad = session.sent(HttpSent("x9", "POST", "/poison"))
    after = session.sent(CANCEL)
    kept.may_store.set()
    good.result(10)
    after.result(10)
    with pytest.raises(ValueError, match="refused"):
        bad.result(10)
    recorder.close()


def test_nothing_can_be_told_to_a_recorder_that_ended() -> None:
    recorder = Recorder(Kept, lambda: NOON)
    recorder.close()
    recorder.close()
    with pytest.raises(Closed):
        recorder.session(ACME, "c").sent(CANCEL)


def test_a_log_that_cannot_be_opened_is_told_to_whoever_waits() -> None:
    def broken() -> Kept:
        raise OSError("no such database")

    recorder = Recorder(broken, lambda: NOON)
    recorder.close()
    with pytest.raises(Closed) as told:
        recorder.session(ACME, "c").sent(CANCEL)
    assert isinstance(told.value.__cause__, OSError)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'live.db'}")) as app:
        yield app


def test_live_traffic_becomes_events_and_read_models(app: App) -> None:
    with recorder_of(app) as recorder:
        session = recorder.session(ACME, new_capture(ACME, "live"))
        session.sent(CANCEL).result(10)
        head = app.store.head()
        assert head > 0
        session.received(ANSWER).result(10)
    assert app.store.head() > head
    assert set(app.compare().values()) == {0}


def test_steps_that_wait_to_be_projected_stay_as_they_were(app: App) -> None:
    live = LiveLog(app)
    live.store([lines.sent(lines.Place("c", 1, NOON, ACME), CANCEL)])
    # Of the same cancel, before anything was projected.
    live.store([lines.received(lines.Place("c", 2, NOON, ACME), ANSWER)])
    live.settle()
    live.close()
    assert set(app.compare().values()) == {0}


def test_what_is_no_message_is_set_aside_and_the_rest_goes_on(app: App) -> None:
    with recorder_of(app) as recorder:
        session = recorder.session(ACME, "c")
        session.sent(HttpSent("x1", "", "/nowhere")).result(10)
        session.sent(CANCEL).result(10)
    assert [record["reason"] for record in app.set_aside()] == ["http.method: not a text"]


def test_two_recordings_never_have_one_name() -> None:
    assert new_capture(ACME, "live") != new_capture(ACME, "live")
