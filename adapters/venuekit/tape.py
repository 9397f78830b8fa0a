"""A recording in memory, and what can be done to its lines before they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from adapters.captures.ndjson import item
from adapters.clock import utc_now
from adapters.recording import lines
from adapters.recording.recorder import Received, Sent
from domain.values import Account
from domain.wire import Line, Read

Json = Any
Message = Sent | Received | lines.Loss


@dataclass(slots=True)
class Tape:
    """One account's messages as the lines of a capture."""

    owner: Account
    capture: str
    clock: Callable[[], datetime] = utc_now
    lines: list[bytes] = field(default_factory=list[bytes])
    exchanges: int = 0

    def exchange(self) -> str:
        """A new name."""
        self.exchanges += 1
        return f"x{self.exchanges}"

    def told(self, *messages: Message) -> Future[None]:
        """Keep them; done at once."""
        for message in messages:
            self.lines.append(self._line(message))
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def _line(self, message: Message) -> bytes:
        at = None if isinstance(message, lines.Loss) else message.at
        seq = len(self.lines) + 1
        place = lines.Place(self.capture, seq, at or self.clock(), self.owner)
        match message:
            case Sent():
                return lines.sent(place, message.message, message.intent)
            case Received():
                return lines.received(place, message.message)
            case lines.Loss():
                return lines.lost(place, message)


def read(raw: bytes, number: int = 1) -> Read:
    """A line as the engine reads it."""
    found = item("tape", number, raw)
    assert isinstance(found, Read), f"no line of a capture: {found}"
    return found


def answers(told: Iterable[bytes]) -> list[tuple[Line, Line]]:
    """Each line that came (or was lost) with its request, in order."""
    found: list[tuple[Line, Line]] = []
    requests: dict[str, Line] = {}
    for raw in told:
        line = read(raw).line
        if line.exchange is None:
            continue
        if line.direction == "sent":
            requests[line.exchange] = line
        elif line.exchange in requests:
            found.append((requests[line.exchange], line))
    return found


def json_of(raw: bytes) -> Json:
    """A line as JSON, its numbers exact."""
    return json.loads(raw, parse_float=Decimal)


def raw_of(told: Json) -> bytes:
    """JSON as a line, its numbers as they were written."""
    return _written(told).encode()


def _written(told: Json) -> str:
    if isinstance(told, dict):
        fields = cast("dict[str, Json]", told)
        return "{" + ",".join(f"{json.dumps(k)}:{_written(v)}" for k, v in fields.items()) + "}"
    if isinstance(told, list):
        return "[" + ",".join(map(_written, cast("Iterable[Json]", told))) + "]"
    return str(told) if isinstance(told, Decimal) else json.dumps(told)


def altered(raw: bytes, change: Callable[[Json], None]) -> bytes:
    """The line with a change made to its JSON."""
    told = json_of(raw)
    change(told)
    return raw_of(told)


def content(told: Json) -> Json:
    """What the venue said in a line: the body, or the frame."""
    return told["http"].get("body") if "http" in told else told["ws"]["frame"]


def replaced(told: Json, said: Json) -> None:
    """Let the venue have said something else."""
    if "http" in told:
        told["http"]["body"] = said
    else:
        told["ws"]["frame"] = said


def renumbered(told: Sequence[bytes]) -> list[bytes]:
    """The lines as they stand now, numbered anew: another recording of the same day."""
    found: list[bytes] = []
    for number, raw in enumerate(told, 1):
        line = json_of(raw)
        line["seq"] = number
        line["capture"] = f"{line['capture']}-again"
        found.append(raw_of(line))
    return found


Path = tuple[str | int, ...]


def paths(told: Json, at: Path = ()) -> Iterable[Path]:
    """The place of every value inside a JSON value, outermost first."""
    inner: Iterable[tuple[str | int, Json]] = ()
    if isinstance(told, dict):
        inner = cast("dict[str, Json]", told).items()
    elif isinstance(told, list):
        inner = enumerate(cast("Iterable[Json]", told))
    for name, value in inner:
        yield (*at, name)
        yield from paths(value, (*at, name))


def with_value(told: Json, at: Path, value: Json) -> Json:
    """A copy with another value at a place; `...` takes it away."""
    copy = deepcopy(told)
    held = copy
    for name in at[:-1]:
        held = held[name]
    if value is ...:
        del held[at[-1]]
    else:
        held[at[-1]] = value
    return copy
