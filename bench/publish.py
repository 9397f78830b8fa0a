"""Publishing to NATS: the log's events into a stream, against reading and encoding them alone.

Two floors: `SELECT + encode` makes every message and drops it; `the same bytes` sends messages that
were made before, each batch acknowledged like ours, and writes nothing down. What is left between
their sum and ours is looking where the stream ends, the lease, and writing down each batch.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from adapters.bootstrap import App, opened
from adapters.bootstrap_publishing import Log, Publishing, Target
from adapters.jetstream.stream import Message, connected
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took
from bench.rebuild import fill
from tests.nats_server import NatsServer

NAMES = count()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench publish", description=__doc__)
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place, tempfile.TemporaryDirectory() as directory:
            server = NatsServer(Path(directory, "nats"))
            server.start()
            try:
                _measure(place, server, chosen.events, chosen.rounds)
            finally:
                server.kill()


def _measure(place: Databases, server: NatsServer, events: int, rounds: int) -> None:
    url = place.fresh()
    with opened(Settings(database_url=url)) as app:
        fill(app, events)
        made = _encoded(app, _target(server))
        total = sum(len(batch) for batch in made)
        found = best(
            rounds,
            {
                "SELECT + encode": lambda: took(partial(_encoded, app, _target(server))),
                "the same bytes": lambda: _sent(app, server),
                "publish nats": lambda: took(partial(_published, app, server)),
            },
        )
    floor = found["SELECT + encode"].wall_s + found["the same bytes"].wall_s
    show(
        f"{total:,} events published; {place.durability(url)}",
        [
            ("", "wall s", "cpu s", "events/s", "to both floors"),
            *((name, *_figures(this, total, floor)) for name, this in found.items()),
        ],
    )


def _figures(this: Took, total: int, floor: float) -> tuple[str, str, str, str]:
    return (
        f"{this.wall_s:.2f}",
        f"{this.cpu_s:.2f}",
        f"{total / this.wall_s:,.0f}",
        times(this.wall_s / floor),
    )


def _target(server: NatsServer) -> Target:
    """A stream that nobody has used yet."""
    number = next(NAMES)
    return Target(server.url, f"S{number}", f"p{number}")


def _encoded(app: App, target: Target) -> list[Sequence[Message]]:
    log, batches = Log(app, target), list[Sequence[Message]]()
    position = 0
    while batch := log.after(position):
        batches.append(batch)
        position = batch[-1].position
    return batches


def _sent(app: App, server: NatsServer) -> Took:
    target = _target(server)
    made = _encoded(app, target)
    return took(lambda: asyncio.run(_send(target, made)))


async def _send(target: Target, batches: Sequence[Sequence[Message]]) -> None:
    async with connected(target.url, target.stream, target.prefix) as stream:
        behind = 0
        for batch in batches:
            sent = await stream.send(batch, behind)
            assert sent.trouble is None, sent.trouble
            behind += sent.taken


def _published(app: App, server: NatsServer) -> None:
    asyncio.run(Publishing(app, _target(server), _untold).run(once=True))


def _untold(_: str) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    main()
