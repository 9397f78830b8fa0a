"""A replay line by line: what each line caused, as it is read."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import typer

from adapters.bootstrap import App
from adapters.bootstrap_replay import Chunk
from adapters.cli.listing import dumps, say
from domain.wire import Item, Read
from projections.life import witness

PAGE = 1_000


@dataclass(slots=True)
class Steps:
    """Prints each line with its events; `waits`: until somebody presses Enter."""

    app: App
    as_json: bool
    waits: bool
    _position: int = field(default=0, init=False)

    def show(self, chunk: Chunk) -> None:
        """Tell what was stored since the last time."""
        told: list[Mapping[str, Any]] = []
        while rows := self.app.store.after(self._position, PAGE):
            told += [witness(recorded) for recorded in rows]
            self._position = rows[-1].position
        for item in chunk.items:
            record = _line(item)
            if self.as_json:
                typer.echo(dumps({**record, "events": told}))
            else:
                _print(record, told)
        if self.waits and chunk.items:
            _enter()


def _line(item: Item) -> dict[str, Any]:
    if isinstance(item, Read):
        line = item.line
        return {
            "capture": line.capture,
            "seq": line.seq,
            "at": line.at,
            "venue": line.owner.venue,
            "account": line.owner.account,
            "direction": line.direction,
            "set_aside": None,
        }
    nothing = dict.fromkeys(("at", "venue", "account", "direction"))
    return {"capture": item.capture, "seq": item.seq, **nothing, "set_aside": item.reason}


def _print(record: Mapping[str, Any], told: list[Mapping[str, Any]]) -> None:
    place = f"{record['capture'] or '-'} {record['seq'] or '-'}"
    if record["set_aside"] is not None:
        say(f"{place} set aside: {record['set_aside']}")
    else:
        at = record["at"].strftime("%H:%M:%S.%f")
        say(f"{at} {place} {record['direction']} ({record['venue']})")
    for event in told:
        say(f"    {event['position']:>6} {event['event']}: {event['summary']}")


def _enter() -> None:
    sys.stderr.write("Enter: the next line; Ctrl-C: stop ")
    sys.stderr.flush()
    sys.stdin.readline()
