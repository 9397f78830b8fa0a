"""Venues that an installed package adds, each part under a group of entry points of its own.

`breakwater.dialects` names what reads the venue, `breakwater.codecs` what speaks to it, and
`breakwater.servers` a module that serves its API over the paper books (`routes`, `order_id`). A
part is loaded when it is needed first. One that cannot be loaded is told of and left out: whoever
works with another venue must not suffer for it.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import structlog

DIALECTS = "breakwater.dialects"
CODECS = "breakwater.codecs"
SERVERS = "breakwater.servers"

log = structlog.get_logger()


class NotWritten(Exception):
    """A scaffolded venue has come to what is not its own yet; the text says what to write there."""


@cache
def _points(group: str) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=group))


def names(group: str) -> frozenset[str]:
    """The venues that something is added for, without loading it."""
    return frozenset(point.name for point in _points(group))


@cache
def part(group: str, venue: str) -> Any:  # noqa: ANN401 - anybody's: a class, a function, a module
    """What is added for this venue; None: nothing, or nothing that can be loaded."""
    for point in _points(group):
        if point.name == venue:
            try:
                return point.load()
            except Exception as error:  # noqa: BLE001 - anybody's code, and not what was asked for
                log.warning(
                    "a venue cannot be loaded", venue=venue, module=point.value, why=str(error)
                )
    return None


def added(group: str) -> dict[str, Any]:
    """What is added, by the venue's name."""
    parts = {venue: part(group, venue) for venue in sorted(names(group))}
    return {venue: found for venue, found in parts.items() if found is not None}
