"""The views for SQL users: what each column of them means.

A contract: a view of one version never loses, renames or retypes a column. What must change becomes
a view of the next version beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.values import Choice


class Kind(Choice):
    """What sort of value a column holds."""

    TEXT = "text"
    EXACT = "exact"
    WHOLE = "whole"
    TRUTH = "truth"
    MOMENT = "moment"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Told:
    """One column: its name, what sort of value it holds, and what it means."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One view: its rows, what tells them apart, and whose positions it follows.

    `follows` are the projections that its rows are made from.
    """

    name: str
    version: int
    meaning: str
    key: tuple[str, ...]
    follows: tuple[str, ...]
    columns: tuple[Told, ...]

    @property
    def dataset(self) -> str:
        """What the view is about, in one word."""
        return self.name.removeprefix("rpt_").removesuffix(f"_v{self.version}")


def columns(text: str) -> tuple[Told, ...]:
    """The columns that a table of words tells: name, kind, meaning, one line each."""
    told: list[Told] = []
    for line in text.strip().splitlines():
        name, kind, meaning = line.split(maxsplit=2)
        told.append(Told(name, Kind(kind), meaning))
    return tuple(told)
