"""A lease that is kept: renewed beside the work, known to be lost as soon as it may be."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.leases.keeping import keeping
from adapters.leases.store import Lease, LeaseLost, Leases
from tests.adapters.leases.holders import LONG, NAME, SHORT, acquired, end, leases_in


@pytest.fixture
def leases(engine: Engine) -> Leases:
    return leases_in(engine)


def test_it_is_renewed_while_the_block_lasts_and_free_afterwards(leases: Leases) -> None:
    lease = acquired(leases, "a", SHORT)
    with keeping(leases, lease, SHORT) as kept:
        time.sleep(SHORT.total_seconds() * 4)
        assert leases.acquire(NAME, "b", LONG) is None
        kept.check()
    assert leases.acquire(NAME, "b", LONG) is not None


def test_it_is_known_to_be_lost_when_another_has_it(leases: Leases, engine: Engine) -> None:
    lease = acquired(leases, "a", SHORT)
    with keeping(leases, lease, SHORT) as kept:
        end(engine)
        acquired(leases, "b")
        assert kept.lost.wait(10)
        with pytest.raises(LeaseLost):
            kept.check()
    (standing,) = leases.listed()
    assert standing.holder == "b"


class Away:
    """A database that cannot be reached."""

    def __init__(self, times: int | None = None) -> None:
        self.asked = 0
        self._times = times

    def __call__(self) -> None:
        """Raise while it is away."""
        self.asked += 1
        if self._times is None or self.asked <= self._times:
            raise ConnectionError("no route to host")


class Unsteady(Leases):
    """Leases over a database that is sometimes away."""

    def __init__(self, leases: Leases, away: Away) -> None:
        super().__init__(leases._reading, leases._writing)  # noqa: SLF001 - the same, but for the trouble
        self._away = away

    def renew(self, lease: Lease, lasts: timedelta) -> None:
        """Renew, when the database is there."""
        self._away()
        super().renew(lease, lasts)


def test_a_database_that_is_away_for_a_moment_costs_nothing(leases: Leases) -> None:
    lease = acquired(leases, "a", SHORT * 5)
    away = Away(2)
    with keeping(Unsteady(leases, away), lease, SHORT * 5) as kept:
        time.sleep(SHORT.total_seconds() * 8)
        assert away.asked > 2
        kept.check()


def test_a_database_that_stays_away_costs_the_lease(leases: Leases) -> None:
    lease = acquired(leases, "a", SHORT)
    with keeping(Unsteady(leases, Away()), lease, SHORT) as kept:
        assert kept.lost.wait(10)
