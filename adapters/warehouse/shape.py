"""What lines of a dataset look like in every kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.values import Choice
from projections.reporting import Kind, Told

Values = Sequence[str | int | None]


class Action(Choice):
    """What a line does to what was issued before it."""

    NEW = "NEW"
    CORRECTION = "CORRECTION"
    CANCEL = "CANCEL"


ISSUED: tuple[Told, ...] = (
    Told("action", Kind.TEXT, "NEW, CORRECTION (in place of the line before) or CANCEL."),
    Told("line_id", Kind.TEXT, "What the line is called: the same for each of its corrections."),
    Told("computed_at_position", Kind.WHOLE, "The log position that the line was computed at."),
    Told("corrects_position", Kind.WHOLE, "The one of the line before; null for a NEW one."),
)
"""What stands before the columns of every line."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A dataset's name, the version of its columns, and the columns of its files."""

    dataset: str
    version: int
    told: tuple[Told, ...]

    @property
    def columns(self) -> tuple[Told, ...]:
        """Every column of a file."""
        return (*ISSUED, *self.told)

    def places(self, *kinds: Kind) -> list[int]:
        """Where the columns of these kinds stand in a line."""
        return [place for place, column in enumerate(self.columns) if column.kind in kinds]
