"""A list of messages, read by the real engine: how the order stood after each of them."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

from adapters.bootstrap import App, open_files, opened
from adapters.settings import Settings
from domain.events import OrderEvent
from domain.evolve import fold
from domain.standing import standing
from domain.values import Account, Choice, Name, NameKind
from tests.building import NOON
from tests.oracle.amounts import Message

ORDER = Name(NameKind.CLIENT, "X")


class Player:
    """One engine over one database; each history is an account of its own."""

    def __init__(self, app: App, directory: Path) -> None:
        self._app = app
        self._tape = directory / "tape.ndjson"
        self._accounts = count(1)

    def play(self, told: Sequence[Message]) -> list[dict[str, Any]]:
        """How the order stood after each message."""
        account = f"desk-{next(self._accounts)}"
        lines = "".join(f"{line}\n" for line in _lines(told, account))
        self._tape.write_text(lines, encoding="utf-8")
        self._app.ingest(open_files([str(self._tape)]))
        owner = Account("canonical", account)
        stream = self._app.store.resolve([(owner, ORDER)])[owner, ORDER]
        history = self._app.store.histories([stream])[stream]
        return [
            _stood(
                [
                    cast("OrderEvent", entry.event)
                    for entry in history
                    if entry.seq is not None and entry.seq <= until
                ]
            )
            for until in range(1, len(told) + 1)
        ]


@contextmanager
def playing(directory: Path) -> Generator[Player]:
    """A player over a fresh database."""
    settings = Settings(database_url=f"sqlite:///{directory}/oracle.db", durability="normal")
    with opened(settings) as app:
        yield Player(app, directory)


def _lines(told: Sequence[Message], account: str) -> Iterator[str]:
    for seq, message in enumerate(told, 1):
        frame = {name: value for name, value in message.items() if name not in {"way", "error"}}
        line: dict[str, Any] = {
            "v": 1,
            "capture": account,
            "seq": seq,
            "at": (NOON + timedelta(seconds=seq)).isoformat(),
            "venue": "canonical",
            "account": account,
            "direction": message["way"],
            "frame": frame,
        }
        if "error" in message:
            line["error"] = message["error"]
        yield json.dumps(line)


def _stood(facts: list[OrderEvent]) -> dict[str, Any]:
    stands = standing(fold(facts))
    held = {field.name: getattr(stands.buckets, field.name) for field in fields(stands.buckets)}
    told = {field.name: getattr(stands, field.name) for field in fields(stands)}
    told.pop("buckets")
    return {
        **held,
        **{
            name: value.value if isinstance(value, Choice) else value
            for name, value in told.items()
        },
    }
