"""A server for each test, and a log with events of several accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nats_server import NatsServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A running server with JetStream."""
    found = NatsServer(tmp_path / "nats")
    found.start()
    yield found
    found.kill()
