"""A simulated venue on a real port, and a client that asks it things."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2

from adapters.paper.script import Script
from adapters.paper.venue import SimulatedVenue
from adapters.simulating import application_of, keys_for, made
from tests.adapters.gateways.serving import free_port, running

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


@dataclass
class Simulated:
    """A venue as its client and its owner see it."""

    venue: SimulatedVenue
    client: httpx2.Client
    port: int
    keys: dict[str, str]

    def place(self, number: int, stake: int = 100) -> httpx2.Response:
        """One order at ABP."""
        return self.client.post("/place-orders", json={"orders": [order(number, stake)]})

    def cancel(self, *order_ids: int) -> httpx2.Response:
        """A cancel of orders at ABP."""
        return self.client.post("/cancel-orders", json={"orderIds": list(order_ids)})

    def books(self) -> dict[str, Any]:
        """The venue's truth."""
        found: dict[str, Any] = self.client.get("/paper/orders").json()
        return found


def order(number: int, stake: int = 100) -> dict[str, Any]:
    """An order of ABP's, its reference told by its number."""
    return {
        "requestUuid": str(UUID(int=number)),
        "fixtureId": "id1",
        "outcomeId": 101,
        "orderPrice": 1.95,
        "orderStake": stake,
        "userRef": "desk-7",
        "testOrder": False,
        "expiresAt": "2036-02-07T12:00:00Z",
    }


@contextmanager
def simulated(
    told: dict[str, Any],
    seed: int = 7,
    clock: Callable[[], datetime] = lambda: NOON,
    name: str = "abp",
) -> Generator[Simulated]:
    """Serve a venue with this script until the block ends."""
    venue = made(name, Script.model_validate(told), seed, clock)
    keys = dict(keys_for(name, seed, []))
    with (
        free_port() as port,
        running(application_of(venue, keys), port),
        httpx2.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"x-api-key": next(iter(keys.values()))},
            timeout=3,
        ) as client,
    ):
        yield Simulated(venue, client, port, keys)
