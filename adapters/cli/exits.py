"""Exit codes (formats/capture.md), and the errors of the command line itself."""

from __future__ import annotations

from enum import IntEnum


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
