"""Which error ends with which exit code; only a failure needs to know the errors of every room."""

from __future__ import annotations

from adapters.cli.exits import Exit, NotFound, Usage
from adapters.meanings import ERRORS, Meaning

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
