"""What is exported: rows with named fields, and what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list to be written: one row per record, its fields in order.

    `about` tells where it comes from, so that whoever opens the file later knows: as of when,
    narrowed how, from which log.
    """

    title: str
    fields: Sequence[str]
    rows: Iterable[Mapping[str, Any]]
    about: Sequence[tuple[str, Any]]
