"""The consumer of the how-to gets every event, as printed."""

from __future__ import annotations

import re
import subprocess
import sys

from adapters.bootstrap_publishing import Target
from tests.adapters.jetstream.publishers import events, fill, log_of, once
from tests.gates import tree
from tests.nats_server import NatsServer

PAGE = tree.ROOT / "docs" / "howto" / "publish-to-nats.md"


def test_the_consumer_of_the_how_to(sqlite_url: str, server: NatsServer) -> None:
    (recipe,) = re.findall(r"^```python\n(.*?)^```", tree.text(PAGE), re.MULTILINE | re.DOTALL)
    with log_of(sqlite_url) as app:
        fill(app, 2)
        once(app, Target(server.url))
        due = events(app)
    command = [sys.executable, "-c", recipe]
    found: list[list[list[str]]] = []
    for _ in range(2):
        got = subprocess.run(  # noqa: S603 - what the page prints
            command, env={"NATS_URL": server.url}, capture_output=True, text=True, check=False
        )
        assert got.returncode == 0, got.stderr
        found.append([line.split()[:2] for line in got.stdout.splitlines()])
    every = [[str(one.position), one.topic] for one in due]
    assert found == [every, []], "asked again, it gets what it has not acknowledged: nothing"
