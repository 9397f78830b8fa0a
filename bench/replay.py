"""Replay: a log's own lines read anew, against selecting and decoding the events that come of it.

The floor is that of `bench.rebuild`: every event selected through the driver and decoded, and
dropped. A replay parses and translates each line, decides, and stores lines, events and read models
in a new SQLite file; with `--check` each event is looked up in the log in use and compared, too.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial

from adapters.bootstrap import App, opened
from adapters.bootstrap_diff import Side, differences
from adapters.bootstrap_replay import Chunk, Places, checked, of_log, private, replayed
from adapters.settings import Settings
from bench.databases import KINDS, Databases, databases
from bench.measure import Took, best, show, times, took
from bench.rebuild import fill, read_postgresql, read_sqlite
from domain.wire import Item


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench replay", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", choices=KINDS, action="append")
    chosen = parser.parse_args(arguments)
    for kind in chosen.on or KINDS:
        with databases(kind) as place:
            _measure(place, chosen.events, chosen.rounds)


def _measure(place: Databases, events: int, rounds: int) -> None:
    url = place.fresh()
    with opened(Settings(database_url=url)) as log:
        fill(log, events)
        log.runner.catch_up()
        read = read_sqlite if place.kind == "sqlite" else read_postgresql
        count = read(log)
        found = best(
            rounds,
            {
                "SELECT + decode": lambda: took(partial(read, log)),
                "replay": lambda: took(partial(_replay, log, check=False)),
                "replay --check": lambda: took(partial(_replay, log, check=True)),
                "diff --retranslate": lambda: took(partial(_retranslated, log)),
            },
        )
    floor = found["SELECT + decode"]
    show(
        f"replay of {count:,} events; {place.durability(url)}",
        [
            ("", "wall s", "cpu s", "events/s", "to the floor"),
            *((name, *_figures(this, count, floor)) for name, this in found.items()),
        ],
    )


def _figures(this: Took, count: int, floor: Took) -> tuple[str, str, str, str]:
    return (
        f"{this.wall_s:.2f}",
        f"{this.cpu_s:.2f}",
        f"{count / this.wall_s:,.0f}",
        times(this.wall_s / floor.wall_s),
    )


def _replay(log: App, *, check: bool) -> None:
    with private(log.settings) as app:
        held = checked(log, app)

        def stored(_chunk: Chunk, lines: Places) -> None:
            if check:
                held.advance(lines)

        found = replayed(app, of_log(log, _every), stored)
        if check:
            held.finish(found.places)


def _retranslated(log: App) -> None:
    url = log.settings.database_url
    with differences(log.settings, Side(url, url)) as found:
        assert found.divergence() is None
        for rows in (
            found.orders(),
            found.flags(),
            found.fills(),
            found.cancels(),
            found.activity(),
        ):
            assert not list(rows)


def _every(_item: Item) -> bool:
    return True


if __name__ == "__main__":
    main()
