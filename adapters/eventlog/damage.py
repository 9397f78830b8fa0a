"""What a verification finds: where a log was changed first, and how it looks."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "edit",
    "deletion",
    "insertion",
    "reorder",
    "truncation",
    "altered",
    "wire",
    "checkpoint",
    "captures",
    "names",
    "quarantine",
    "seal",
    "projection",
]


class Damage(NamedTuple):
    """Where the log was changed first, and how it looks. Position 0: beside the chain."""

    position: int
    kind: Kind
    what: str


class Found(Exception):
    """The first damage: the walk ends here."""

    def __init__(self, position: int, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.damage = Damage(position, kind, what)
