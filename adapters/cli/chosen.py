"""What was said before the command's name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options of the program itself; each command finds them in its context."""

    database: str | None
