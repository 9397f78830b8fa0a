"""Exit codes (formats/capture.md), and the errors of the command line itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """What a script learns from the way a command ends."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    CONFIGURATION = 3
    NOT_FOUND = 4
    CONFLICT = 5
    UNREACHABLE = 6
    INTEGRITY = 7
    FAULT = 70


class NotFound(Exception):
    """What was asked for is not there; the text ends with what to try next."""


class Usage(Exception):
    """The command was asked wrongly."""


def several_called(name: str, found: Sequence[Mapping[str, Any]]) -> NotFound:
    """What to raise when a name is that of several orders: whose they are, and how to say which."""
    whose = ", ".join(f"{one['order_key']} ({one['venue']} {one['account']})" for one in found)
    return NotFound(
        f"{len(found)} orders are called {name!r}: {whose}; name one by its key, or add --venue "
        "and --account"
    )
