"""Where the log meets those who read it from outside: whose events, which of them, as CloudEvents.

An account's key is shown what happened to the account's orders, cancels and statements, and what
is worth knowing about its recordings. What people at the desk decide about its breaks is theirs:
it is shown to auditors, as is what checks of this machine found (docs/adr/0082).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from adapters.bootstrap import App
from adapters.codec import TOPICS, BrokenState, UnknownTopic
from adapters.eventlog.errors import Damaged, LogError, Unreachable
from adapters.eventlog.selecting import LogSelector, Narrowing, Selected
from adapters.eventlog.tailing import Tail
from adapters.gateways.outgoing import (
    BeyondTheEnd,
    CannotBeRead,
    EventPage,
    NoSuchType,
    NotReachable,
)
from adapters.publishing.asyncapi import asyncapi
from adapters.publishing.cloudevents import FAMILIES, Told, told
from adapters.publishing.schemas import schemas
from domain.values import Account

__all__ = ["BeyondTheEnd", "Narrowing", "NoSuchType", "Outgoing", "kinds_of"]

AT_ONCE: Final = 250
"""Rows that are read at a time: a page is not larger than it may be by more than these."""
AT_ONCE_BYTES_MAX: Final = 1 << 20
INTERNAL: Final = tuple(sorted(f"{kind.__name__}:%" for kind in FAMILIES["desk"]))
"""What only auditors see, whichever account it is about."""
_NAMES: Final = frozenset(topic.partition(":")[0] for topic in TOPICS.values())


class Read(NamedTuple):
    """Events, how far the log was looked through for them, and how far it reaches."""

    events: Sequence[Told]
    until: int
    head: int


class Outgoing:
    """The log of one app, as others are shown it."""

    def __init__(self, app: App) -> None:
        self._log = LogSelector(app.engine)
        self._tail = Tail(self._log)

    def page(
        self, owner: Account | None, after: int, limit: int, types: Sequence[str], bytes_max: int
    ) -> EventPage:
        """What is behind `after`: `limit` events, or as many as `bytes_max` has room for."""
        only = Narrowing(owner, kinds=kinds_of(types), besides=None if owner is None else INTERNAL)
        try:
            found, until, head = self.read(only, after, limit, bytes_max)
        except Unreachable as error:
            raise NotReachable("the database does not answer now; try again") from error
        except (LogError, UnknownTopic, BrokenState) as error:
            raise CannotBeRead(f"{error}; see `breakwater verify`") from error
        events = [(event.position, event.body) for event in found]
        return EventPage(events, until, unchanging=until < head or len(events) == limit)

    def read(self, only: Narrowing, after: int, limit: int, bytes_max: int) -> Read:
        """Up to `limit` events behind `after`; what cannot be told ends them, and then is raised.

        Raise `BeyondTheEnd` when the log does not reach so far.
        """
        found: list[Told] = []
        until, size = after, 0
        while True:
            wanted = min(limit - len(found), AT_ONCE)
            selected = _before_a_hole(self._log.select(until, wanted, only), until, only)
            if after > selected.head:
                raise BeyondTheEnd(
                    f"position {after} is behind the end of this log, {selected.head}: it is of "
                    "another log, or this one was restored; compare ids, then begin where they part"
                )
            if selected.until == until < selected.head and not found:
                raise Damaged(f"position {until + 1} is not in the log")
            for row in selected.rows:
                try:
                    event = told(*row)
                except (UnknownTopic, BrokenState):
                    if found:  # what comes before it is whole: the next page says what is wrong
                        return Read(found, row.position - 1, selected.head)
                    raise
                if found and size + len(event.body) > bytes_max:
                    return Read(found, row.position - 1, selected.head)
                found.append(event)
                size += len(event.body)
            until = selected.until
            if len(selected.rows) < wanted or len(found) == limit:
                return Read(found, until, selected.head)

    def follow(self, only: Narrowing, after: int) -> Iterator[Sequence[Told]]:
        """What is behind `after`, and then what comes, as it comes; it never ends by itself."""
        until = after
        with self._log.heard() as wait:
            while True:
                found, until, head = self.read(only, until, AT_ONCE, AT_ONCE_BYTES_MAX)
                if found:
                    yield found
                if until == head:
                    wait()

    async def beyond(self, position: int, at_most_s: float) -> bool:
        """Whether the log reaches beyond `position`; waits for it for so long."""
        return await self._tail.beyond(position, at_most_s)

    @property
    def is_closed(self) -> bool:
        """Nobody is told anything any more."""
        return self._tail.is_closed

    def close(self) -> None:
        """End what follows the log."""
        self._tail.close()

    def join(self) -> None:
        """Return when nothing of it runs any more."""
        self._tail.join()

    def described(self) -> Mapping[str, Any]:
        """The feed as an AsyncAPI document."""
        return asyncapi()

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """The JSON Schema of events of this stored name and version."""
        return schemas().get(name)


def _before_a_hole(selected: Selected, after: int, only: Narrowing) -> Selected:
    """What comes before the first position that is missing; whoever sees all would notice it."""
    if only != Narrowing():
        return selected
    places = enumerate(selected.rows, after + 1)
    hole = next((at for at, row in places if row.position != at), after + len(selected.rows) + 1)
    if hole > selected.until:
        return selected
    return Selected(selected.rows[: hole - after - 1], hole - 1, selected.head)


def kinds_of(types: Sequence[str]) -> Sequence[str] | None:
    """The types as patterns of stored names; raise `NoSuchType` for what nothing is called."""
    if not types:
        return None
    patterns: list[str] = []
    for name in types:
        if name in _NAMES:
            patterns.append(f"{name}:%")
        elif name in TOPICS.values():
            patterns.append(name)
        else:
            raise NoSuchType("no events are called so; docs/feed and /v1/asyncapi.json list them")
    return patterns
