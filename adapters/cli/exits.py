"""Exit codes (formats/capture.md), and which error ends with which."""

from __future__ import annotations

from enum import IntEnum

from adapters.meanings import ERRORS, Meaning


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


_CODES = {
    Meaning.USAGE: Exit.USAGE,
    Meaning.CONFIGURATION: Exit.CONFIGURATION,
    Meaning.CONFLICT: Exit.CONFLICT,
    Meaning.UNREACHABLE: Exit.UNREACHABLE,
    Meaning.INTEGRITY: Exit.INTEGRITY,
}


def exit_of(error: BaseException) -> Exit | None:
    """The code that an error ends with; None for one that is a fault of ours."""
    if isinstance(error, NotFound | FileNotFoundError):
        return Exit.NOT_FOUND
    if isinstance(error, Usage | IsADirectoryError):
        return Exit.USAGE
    if isinstance(error, PermissionError):
        return Exit.CONFIGURATION
    for kind, meaning in ERRORS:
        if isinstance(error, kind):
            return _CODES[meaning]
    return None
