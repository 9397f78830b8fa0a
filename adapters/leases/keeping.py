"""Keeping a lease while work goes on: renewed beside it, known to be lost as soon as it may be."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Final

from adapters.leases.store import Lease, LeaseLost, Leases

_RENEWALS: Final = 3
"""It is renewed so many times before it would be over."""
_RETRIES: Final = 20
"""A renewal that failed is tried again so many times before it would be over."""


class Kept:
    """A lease that is being renewed. `lost` is set once it may be over: stop then."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.lost = Event()

    def check(self) -> None:
        """Raise `LeaseLost` once the lease may be over; `guard` alone knows for certain."""
        if self.lost.is_set():
            raise LeaseLost(f"the lease {self.lease.name!r} could not be renewed in time")


@contextmanager
def keeping(
    leases: Leases, lease: Lease, lasts: timedelta, now: Callable[[], float] = time.monotonic
) -> Generator[Kept]:
    """Renew `lease`, just acquired for `lasts`, until the block is left; then release it.

    A database that cannot be reached is asked again until the time is over.
    """
    kept = Kept(lease)
    ended = Event()
    keeper = Thread(
        target=_renew, args=(leases, kept, lasts, ended, now), name="breakwater-lease", daemon=True
    )
    keeper.start()
    try:
        yield kept
    finally:
        ended.set()
        keeper.join()
        if not kept.lost.is_set():
            with suppress(Exception):  # a database that is away: the lease ends by itself
                leases.release(lease)


def _renew(
    leases: Leases, kept: Kept, lasts: timedelta, ended: Event, now: Callable[[], float]
) -> None:
    span = lasts.total_seconds()
    over = now() + span
    pause = span / _RENEWALS
    while not ended.wait(min(pause, max(0.0, over - now()))):
        asked = now()
        if asked >= over:
            break
        try:
            leases.renew(kept.lease, lasts)
        except LeaseLost:
            break
        except Exception:  # noqa: BLE001 - whatever the database's trouble is, it may pass
            pause = span / _RETRIES
        else:
            over, pause = asked + span, span / _RENEWALS
    else:
        return
    kept.lost.set()
