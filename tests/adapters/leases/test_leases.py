"""One holder at a time, by the database's clock; a token that grows; refused writes."""

from __future__ import annotations

import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from adapters.eventlog.database import open_database, writing
from adapters.leases.store import Lease, LeaseLost, Leases, guard, new_holder
from tests.adapters.leases.holders import (
    LONG,
    NAME,
    SHORT,
    WRITTEN,
    acquired,
    end,
    leases_in,
    move_clock,
    write,
    written,
)


@pytest.fixture
def leases(engine: Engine) -> Leases:
    return leases_in(engine)


def test_one_holder_at_a_time(leases: Leases) -> None:
    first = acquired(leases, "a")
    assert leases.acquire(NAME, "b", LONG) is None
    leases.release(first)
    assert acquired(leases, "b").token == first.token + 1


def test_leases_of_other_names_do_not_matter(leases: Leases) -> None:
    acquired(leases, "a")
    assert leases.acquire("other", "b", LONG) is not None


def test_who_holds_it_gets_it_again(leases: Leases) -> None:
    """The reply to an acquisition may be lost; asking again must not mean waiting for oneself."""
    assert acquired(leases, "a") == acquired(leases, "a")


def test_a_lease_whose_time_is_over_can_be_taken(leases: Leases, engine: Engine) -> None:
    first = acquired(leases, "a")
    end(engine)
    assert acquired(leases, "b").token == first.token + 1


def test_the_same_holder_after_the_end_has_another_token(leases: Leases, engine: Engine) -> None:
    first = acquired(leases, "a")
    end(engine)
    assert acquired(leases, "a").token == first.token + 1


@pytest.mark.parametrize("taken", [pytest.param(True, id="taken"), pytest.param(False, id="free")])
def test_what_is_over_can_be_neither_renewed_nor_written_with(
    leases: Leases, engine: Engine, *, taken: bool
) -> None:
    lease = acquired(leases)
    end(engine)
    if taken:
        acquired(leases, "b")
    with pytest.raises(LeaseLost, match="doctor"):
        leases.renew(lease, LONG)
    with pytest.raises(LeaseLost):
        write(engine, lease)
    assert written(engine) == []


def test_renewing_keeps_it(leases: Leases, engine: Engine) -> None:
    lease = acquired(leases, lasts=SHORT)
    leases.renew(lease, LONG)
    time.sleep(SHORT.total_seconds())
    write(engine, lease)
    assert written(engine) == [(lease.token, "a")]


def test_releasing_what_is_lost_takes_nothing_from_the_next(leases: Leases, engine: Engine) -> None:
    first = acquired(leases, "a")
    end(engine)
    second = acquired(leases, "b")
    leases.release(first)
    write(engine, second)
    with pytest.raises(LeaseLost):
        write(engine, first)


def test_the_clocks_of_hosts_do_not_matter(leases: Leases, engine: Engine) -> None:
    """Each process believes another time; the database's is the one that counts."""
    with freeze_time("2031-01-01"):
        lease = acquired(leases, "fast")
    with freeze_time("2019-01-01"):
        assert leases.acquire(NAME, "slow", LONG) is None
    with freeze_time("2040-01-01"):
        assert leases.acquire(NAME, "faster", LONG) is None
        write(engine, lease)
        leases.renew(lease, LONG)


@pytest.mark.parametrize(
    ("by", "kept"),
    [
        pytest.param(timedelta(seconds=1), True, id="a second on"),
        pytest.param(timedelta(seconds=-1), True, id="corrected by a second"),
        pytest.param(LONG, False, id="on past the end"),
        pytest.param(-LONG, False, id="far back: no lease without end"),
    ],
)
def test_the_databases_clock_may_be_set(
    leases: Leases, engine: Engine, *, by: timedelta, kept: bool
) -> None:
    lease = acquired(leases, "a")
    move_clock(engine, by)
    if kept:
        write(engine, lease)
        leases.renew(lease, LONG)
        assert leases.acquire(NAME, "b", LONG) is None
        return
    with pytest.raises(LeaseLost):
        write(engine, lease)
    with pytest.raises(LeaseLost):
        leases.renew(lease, LONG)
    assert leases.acquire(NAME, "b", LONG) is not None


def test_a_lease_that_lasts_no_time_is_a_mistake(leases: Leases) -> None:
    with pytest.raises(ValueError, match="some time"):
        leases.acquire(NAME, "a", timedelta(0))


def test_what_is_listed_is_by_the_databases_clock(leases: Leases, engine: Engine) -> None:
    assert list(leases.listed()) == []
    lease = acquired(leases, "a")
    (standing,) = leases.listed()
    assert (standing.name, standing.holder, standing.token) == (NAME, "a", lease.token)
    assert standing.in_force
    assert standing.expires_at - standing.renewed_at == LONG
    end(engine)
    (standing,) = leases.listed()
    assert not standing.in_force
    leases.release(lease)
    (standing,) = leases.listed()
    assert standing.holder is None


def test_a_guarded_transaction_ends_before_another_may_have_the_lease(engine: Engine) -> None:
    """Its time runs out between the guard and the commit: who wants it waits for the commit."""
    leases = leases_in(engine)
    lease = acquired(leases, "a", SHORT)
    order: list[str] = []
    guarded = Event()

    def slow() -> None:
        with writing(engine) as connection:
            guard(connection, lease)
            guarded.set()
            time.sleep(SHORT.total_seconds() * 3)
            connection.execute(WRITTEN.insert(), {"token": lease.token, "holder": "a"})
            order.append("written")

    def other() -> Lease | None:
        guarded.wait()
        time.sleep(SHORT.total_seconds() * 2)
        lease = leases.acquire(NAME, "b", LONG)
        order.append("taken")
        return lease

    with ThreadPoolExecutor(2) as pool:
        writer, taker = pool.submit(slow), pool.submit(other)
        writer.result()
        assert taker.result() is not None
    assert order == ["written", "taken"]


def test_renewing_does_not_wait_for_a_guarded_transaction(postgres_url: str) -> None:
    """On SQLite every writer waits for every other; PostgreSQL lets the holder renew meanwhile."""
    engine = open_database(postgres_url)
    leases = leases_in(engine)
    lease = acquired(leases)
    with writing(engine) as connection:
        guard(connection, lease)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(leases.renew, lease, LONG).result(timeout=10)
    engine.dispose()


def test_many_want_it_and_one_gets_it(leases: Leases) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(partial(leases.acquire, NAME, lasts=LONG), [f"h{n}" for n in range(16)])
        )
    assert sum(lease is not None for lease in found) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("arwex")), max_size=12))
def test_whatever_is_tried_tokens_grow_and_only_the_holder_writes(
    request: pytest.FixtureRequest, kind: str, steps: list[tuple[str, str]]
) -> None:
    engine = open_database(request.getfixturevalue(f"{kind}_url"), durability="off")
    leases = leases_in(engine)
    name = new_holder()  # a lease of its own for each example
    held: dict[str, Lease] = {}
    holder: str | None = None
    newest = 0
    for who, act in steps:
        mine = held.get(who)
        match act:
            case "a":
                lease = leases.acquire(name, who, LONG)
                assert (lease is not None) == (holder in {None, who})
                if lease is not None:
                    assert lease.token == (newest if holder == who else newest + 1)
                    held[who], holder, newest = lease, who, lease.token
            case "r" if mine is not None:
                leases.release(mine)
                holder = None if holder == who else holder
            case "e":
                end(engine)
                holder = None
            case _ if mine is not None:
                with refused(unless=holder == who and mine.token == newest):
                    (write(engine, mine) if act == "w" else leases.renew(mine, LONG))
            case _:
                pass
    engine.dispose()


@contextmanager
def refused(*, unless: bool) -> Generator[None]:
    if unless:
        yield
    else:
        with pytest.raises(LeaseLost):
            yield
