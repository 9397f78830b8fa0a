"""The connection dies and nobody knows whether the commit went through: it is found out."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, get_args
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from adapters.eventlog.chain import verify
from adapters.eventlog.database import open_database
from adapters.eventlog.doubt import landed
from adapters.eventlog.errors import Unreachable
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import Batch, Stored
from domain.ports import Conflict
from tests.adapters.eventlog.builders import CAPTURE, aside, event, history, line, name
from tests.adapters.eventlog.proxy import Cut, Proxy, proxied

ROUNDS = 12
"""Of each kind of cut with each kind of batch: 144 in all."""


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    with proxied(postgres_url) as running:
        yield running


@pytest.fixture
def cut_engine(proxy: Proxy) -> Iterator[Engine]:
    engine = open_database(proxy.url)
    yield engine
    engine.dispose()


@pytest.fixture
def direct(postgres_url: str) -> Iterator[SqlEventLog]:
    engine = open_database(postgres_url)
    yield SqlEventLog(engine)
    engine.dispose()


def batches(seq: int) -> dict[str, dict[str, Any]]:
    stream = uuid4()
    return {
        "small": {
            "events": [event(stream, cause=(CAPTURE, seq))],
            "wire": [line(seq)],
            "names": [name(stream, str(seq))],
        },
        "large": {
            "events": [*history(stream, 1, 40), event(cause=(CAPTURE, seq))],
            "wire": [line(seq)],
            "quarantine": [aside(str(seq))],
        },
        "lines only": {"events": [], "wire": [line(seq)]},
    }


@pytest.mark.parametrize("kind", batches(1).keys())
@pytest.mark.parametrize("cut", get_args(Cut))
def test_a_batch_goes_in_exactly_once(
    proxy: Proxy, cut_engine: Engine, direct: SqlEventLog, cut: Cut, kind: str
) -> None:
    log = SqlEventLog(cut_engine)
    log.append([], wire=[line(1_000)])
    expected = 0
    for seq in range(1, ROUNDS + 1):
        batch = batches(seq)[kind]
        proxy.arm(cut)
        stored = log.append(**batch)
        expected += len(batch["events"])
        assert stored.position == expected
        assert direct.head().position == expected
        assert seq in direct.known_lines(CAPTURE, [seq])
    if kind == "large" or not cut.startswith("commit"):  # a small one has no COMMIT of its own
        assert proxy.cuts == ROUNDS
    assert len(direct.after(0, 10_000)) == expected
    assert verify(direct.engine).whole


def test_cuts_at_random_moments_double_nothing(
    proxy: Proxy, cut_engine: Engine, direct: SqlEventLog
) -> None:
    random = Random(7)  # noqa: S311 - moments, not secrets
    log = SqlEventLog(cut_engine)
    expected = 0
    for seq in range(1, 41):
        batch = batches(seq)[random.choice(["small", "large", "lines only"])]
        proxy.arm(random.choice(get_args(Cut)))
        log.append(**batch)
        expected += len(batch["events"])
        assert [row.position for row in log.after(expected - 1, 5)] == (
            [expected] if expected else []
        )
    assert len(direct.after(0, 10_000)) == expected
    assert len(direct.known_lines(CAPTURE, range(1, 41))) == 40


def test_a_conflict_is_still_a_conflict_after_a_cut(
    proxy: Proxy, cut_engine: Engine, direct: SqlEventLog
) -> None:
    stream = uuid4()
    log = SqlEventLog(cut_engine)
    log.append([event()])
    for cut in get_args(Cut):
        theirs = event(stream, direct.head().position, state=b"theirs")
        direct.append([theirs])
        for rows in ([theirs._replace(state=b"ours")], [*history(uuid4(), 1, 50), theirs]):
            proxy.arm(cut)
            with pytest.raises(Conflict):
                log.append(rows)
            proxy.arm("request")
            assert log.head() == direct.head()


def test_reading_goes_on_after_a_cut(proxy: Proxy, cut_engine: Engine) -> None:
    log = SqlEventLog(cut_engine)
    log.append(history(uuid4(), 1, 30))
    for _ in range(5):
        proxy.arm("reply")
        assert len(log.after(0, 100)) == 30
        proxy.arm("request")
        assert len(list(log.by_stream())) == 30


def test_a_server_that_restarts_is_found_again(cut_engine: Engine, direct: SqlEventLog) -> None:
    log = SqlEventLog(cut_engine)
    log.append([event()])
    with direct.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert log.append([event()]).position == 2


def test_a_server_that_stays_away_is_told(
    proxy: Proxy, cut_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.eventlog.reading.PAUSE_S", 0.001)
    log = SqlEventLog(cut_engine)
    log.append([event()])
    proxy.refuses = True
    proxy.arm("request")
    for act in (lambda: log.append([event()]), lambda: log.after(0, 1)):
        with pytest.raises(Unreachable, match="try again"):
            act()


@pytest.mark.parametrize("kind", ["events", "wire", "settled", "names", "quarantine"])
def test_what_landed_is_told_by_its_first_part(engine: Engine, kind: str) -> None:
    log = SqlEventLog(engine)
    stream = uuid4()
    log.append([event(stream)], wire=[line(1, outcome="held"), line(2)], names=[name(stream)])
    parts: dict[str, tuple[Batch, Batch]] = {
        "events": (Batch([event(stream)]), Batch([event()])),
        "wire": (Batch([], [line(2)]), Batch([], [line(3)])),
        "settled": (
            Batch([], settled=[(CAPTURE, 2, "read")]),
            Batch([], settled=[(CAPTURE, 1, "read")]),
        ),
        "names": (Batch([], names=[name(stream)]), Batch([], names=[name(stream, "B-9")])),
        "quarantine": (Batch([]), Batch([], quarantine=[aside()])),
    }
    there, absent = parts[kind]
    assert landed(log, absent, 9) is None
    if kind != "quarantine":
        found = landed(log, there, 9)
        assert isinstance(found, Stored)
        assert found.position == 1


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param(Batch([], [line(1), line(2)]), id="one line of two"),
        pytest.param(Batch([], [line(1, raw=b"other")]), id="a line of other content"),
    ],
)
def test_something_else_in_its_place_is_a_conflict(engine: Engine, batch: Batch) -> None:
    log = SqlEventLog(engine)
    log.append([], wire=[line(1)])
    with pytest.raises(Conflict):
        landed(log, batch, 9)
