"""An account at each venue that we serve, with orders that rest there and are in our books."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog

from adapters.bootstrap import App, opened
from adapters.clients.port import Ask
from adapters.gateways.abp.routes import router as abp_router
from adapters.gateways.abp.socket import socket as abp_socket
from adapters.live import new_capture, recorder_of
from adapters.settings import Settings
from adapters.speaking import Line, line_of
from domain.requests import ScopeKind
from domain.values import Account
from tests.adapters.gateways import fourcasters, predictstreet
from tests.adapters.gateways.serving import Served, serving

KEY_FILE = "venue.key"
DATABASE = "sqlite:///books.db"


@dataclass
class Desk:
    """An account: its venue as a test sees it, and how to place there."""

    owner: Account
    served: Served
    key: str
    places: Callable[[Served, int], list[str]]

    def place(self, count: int) -> list[str]:
        """Orders that rest; their ids."""
        return self.places(self.served, count)

    def live(self) -> list[Any]:
        """What is on the venue's own book."""
        book = self.served.frame.book
        found: list[Any] = self.served.do(lambda: list(book.live(self.owner.account)))
        return found

    def settings(self, directory: Path, *, base_url: str | None = None, **more: str) -> Path:
        """The settings file that leads there, and the file of the key."""
        (directory / KEY_FILE).write_text(f"{self.key}\n")
        port = self.served.port
        told = {
            "venue": self.owner.venue,
            "account": self.owner.account,
            "base_url": base_url or f"http://127.0.0.1:{port}",
            "ws_url": f"ws://127.0.0.1:{port}/orders/ws",
            "key_file": str(directory / KEY_FILE),
            **more,
        }
        lines = [f'database_url = "sqlite:///{directory}/books.db"', "[connections.desk]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in told.items()]
        path = directory / "breakwater.toml"
        path.write_text("\n".join(lines) + "\n")
        return path


def _abp(served: Served, count: int) -> list[str]:
    orders = [
        {
            "requestUuid": str(UUID(int=number + 1)),
            "fixtureId": "id1",
            "outcomeId": 101,
            "orderPrice": 1.95,
            "orderStake": 100,
            "userRef": "desk-7",
            "testOrder": False,
            "expiresAt": "2026-02-07T20:00:00Z",
        }
        for number in range(count)
    ]
    with served.client(**{"x-api-key": "acme-key"}) as client:
        ids: list[str] = []
        for start in range(0, count, 100):
            answer = client.post("/place-orders", json={"orders": orders[start : start + 100]})
            ids.extend(str(row["orderId"]) for row in answer.json()["acceptedOrders"])
    return ids


def _predictstreet(served: Served, count: int) -> list[str]:
    headers = {"x-api-key": predictstreet.OWN, "x-user-wallet": predictstreet.ACME}
    ids: list[str] = []
    with served.client(**headers) as client:
        for number in range(count):
            told = predictstreet.order(clientOrderId=f"c{number}")
            ids.append(client.post("/api/orders/place", json=told).json()["orderId"])
    return ids


def _fourcasters(served: Served, count: int) -> list[str]:
    with fourcasters.ordering(served) as orders:
        return [orders.rest() for _ in range(count)]


@pytest.fixture
def quiet() -> Iterator[None]:
    """What the gateways log stays out of what a command prints."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    yield
    structlog.reset_defaults()


@contextmanager
def abp() -> Generator[Desk]:
    """ABP."""
    with serving("abp", lambda frame, feed: [abp_router(frame), abp_socket(frame, feed)]) as served:
        yield Desk(Account("abp", "acme"), served, "acme-key", _abp)


@contextmanager
def street() -> Generator[Desk]:
    """PredictStreet."""
    with predictstreet.street() as served:
        owner = Account("predictstreet", predictstreet.ACME)
        yield Desk(owner, served, predictstreet.OWN, _predictstreet)


@contextmanager
def casters() -> Generator[Desk]:
    """4casters."""
    with fourcasters.house() as served:
        owner = Account("fourcasters", "acme")
        yield Desk(owner, served, fourcasters.ACME, _fourcasters)


DESKS = {"abp": abp, "predictstreet": street, "fourcasters": casters}


def learned(desk: Desk, ids: list[str], settings: Settings | None = None) -> None:
    """Our books hear of these orders."""
    chosen = settings or Settings()
    with opened(chosen) as app, recorder_of(app) as recorder:
        line = line_of(chosen, desk.owner)
        session = recorder.session(desk.owner, new_capture(desk.owner, "lookup"))

        async def asked() -> None:
            async with line.client(session) as client:
                await client.read_open()  # at 4casters an order's own page tells no size
                await client.look_up([Ask(ScopeKind.ORDERS, tuple(ids))])

        asyncio.run(asked())


@contextmanager
def books(desk: Desk) -> Generator[tuple[App, Line]]:
    """Our books and the way to the venue."""
    settings = Settings()
    with opened(settings) as app:
        app.runner.catch_up()
        yield app, line_of(settings, desk.owner)
