"""The feed of one log on a real port, and its listeners."""

from __future__ import annotations

import json
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from adapters.bootstrap import App, opened
from adapters.bootstrap_feed import Outgoing
from adapters.gateways.app import create_app
from adapters.gateways.events import events
from adapters.gateways.streaming import PACE, Pace
from adapters.settings import Settings
from tests.adapters.feed.logs import VENUES, EveryAccount
from tests.adapters.gateways.serving import free_port, running

AUDITOR = "auditor:abp:nobody"
_CONTEXT = ssl.create_default_context()


@dataclass
class Followed:
    """A served log."""

    app: App
    outgoing: Outgoing
    keys: EveryAccount
    port: int

    def client(self, key: str = AUDITOR, **headers: str) -> httpx2.Client:
        """Somebody with this key."""
        url = f"http://127.0.0.1:{self.port}"
        told = {"x-api-key": key, **headers}
        return httpx2.Client(base_url=url, headers=told, verify=_CONTEXT, timeout=30)

    def get(self, path: str, key: str = AUDITOR, **headers: str) -> httpx2.Response:
        """One answer."""
        with self.client(key, **headers) as client:
            return client.get(path)


@contextmanager
def followed(url: str, pace: Pace = PACE) -> Generator[Followed]:
    """Serve the feed of a database until the block ends."""
    with opened(Settings(database_url=url)) as app:
        outgoing, keys = Outgoing(app), EveryAccount()
        routes = events(outgoing, keys, VENUES, pace)
        with free_port() as port, running(create_app([routes]), port):
            try:
                yield Followed(app, outgoing, keys, port)
            finally:
                outgoing.close()
                outgoing.join()


def messages(answer: httpx2.Response) -> Iterator[dict[str, Any]]:
    """The messages of a stream: their fields as told; a comment is a field without a name."""
    told: dict[str, Any] = {}
    for line in answer.iter_lines():
        if not line:
            if told:
                yield told
            told = {}
            continue
        name, _, value = line.partition(":")
        told[name] = json.loads(value) if name == "data" else value.strip()
