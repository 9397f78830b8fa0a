"""When the venue of each account was last heard, by the lines at the ends of the captures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import select

from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.schema import captures, wire
from domain.values import Account

LOOKED_AT: Final = 50
"""So many lines of a capture, from its end, are searched for one that came from the venue."""


class _Line(msgspec.Struct, gc=False):
    venue: str
    account: str
    direction: str


_read = msgspec.json.Decoder(_Line).decode


class Heard:
    """Looks at the ends of the captures; what has not grown is not read again."""

    def __init__(self, log: SqlEventLog) -> None:
        self._log = log
        self._ends: dict[int, int] = {}
        self._newest: dict[Account, int] = {}

    def newest(self) -> Mapping[Account, int]:
        """When a message of each account's venue was last received, in microseconds."""
        last = (
            select(wire.c.seq)
            .where(wire.c.capture_id == captures.c.id)
            .order_by(wire.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        with self._log.engine.connect() as connection:
            for number, end in connection.execute(select(captures.c.id, last)):
                if end is None or self._ends.get(number) == end:
                    continue
                query = (
                    select(wire.c.observed_at, wire.c.raw)
                    .where(wire.c.capture_id == number, wire.c.seq <= end)
                    .order_by(wire.c.seq.desc())
                    .limit(LOOKED_AT)
                )
                for at, raw in connection.execute(query):
                    if self._took(at, raw):
                        break
                self._ends[number] = end
        return self._newest

    def _took(self, at: int, raw: Any) -> bool:  # noqa: ANN401 - bytes, as the driver has them
        try:
            line = _read(bytes(raw))
        except msgspec.MsgspecError:
            return False  # set aside: nobody knows who said it
        if line.direction != "received":
            return False
        owner = Account(line.venue, line.account)
        self._newest[owner] = max(self._newest.get(owner, 0), at)
        return True
