"""The place of a publisher moves from where it is, and only for who may publish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Engine

from adapters.eventlog.database import reading, writing
from adapters.jetstream.tracking import Placed, Tracked, publications_in
from adapters.leases.store import LeaseLost, Leases, guard
from domain.ports import Conflict

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


@pytest.fixture
def tracked(engine: Engine) -> Tracked:
    return Tracked("nats:S", partial(reading, engine), partial(writing, engine))


def free(_: Connection) -> None:
    """Anybody may."""


def test_it_begins_and_moves(tracked: Tracked, engine: Engine) -> None:
    assert tracked.place() is None
    tracked.move(None, Placed(3, 9), NOON, free)
    tracked.move(Placed(3, 9), Placed(5, 11), NOON, free)
    assert tracked.place() == Placed(5, 11)
    with reading(engine) as connection:
        (one,) = publications_in(connection)
    assert one == ("nats:S", 5, 11, NOON)


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(None, id="as if it had not begun"),
        pytest.param(Placed(2, 9), id="from another position"),
        pytest.param(Placed(3, 8), id="from another message"),
    ],
)
def test_another_publisher_was_faster(tracked: Tracked, at: Placed | None) -> None:
    tracked.move(None, Placed(3, 9), NOON, free)
    with pytest.raises(Conflict, match="another publisher"):
        tracked.move(at, Placed(4, 10), NOON, free)
    assert tracked.place() == Placed(3, 9)


def test_without_the_lease_nothing_moves(tracked: Tracked, engine: Engine) -> None:
    leases = Leases(partial(reading, engine), partial(writing, engine))
    lease = leases.acquire("publish", "a", timedelta(minutes=5))
    assert lease is not None

    def ours(connection: Connection) -> None:
        guard(connection, lease)

    tracked.move(None, Placed(3, 9), NOON, ours)
    leases.release(lease)
    with pytest.raises(LeaseLost):
        tracked.move(Placed(3, 9), Placed(4, 10), NOON, ours)
    assert tracked.place() == Placed(3, 9)
