"""What a rule about statements looks at: an account's runs, and how each difference has stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from domain.recorded import Recorded
from domain.runs import (
    Aspect,
    Difference,
    DifferenceFound,
    DifferenceGone,
    DifferenceReturned,
    Key,
)


@dataclass(frozen=True, slots=True)
class Spell:
    """The newest time that a difference has stood, with its newest figures.

    `opened` showed it, `newest` told it with these figures, `gone` shows that it is no more.
    """

    difference: Difference
    opened: Recorded
    newest: Recorded
    gone: Recorded | None = None


@dataclass(frozen=True)
class RunHistory:
    """The recorded runs of one account and what they found."""

    stream: UUID
    events: Sequence[Recorded]

    def of(self, aspect: Aspect) -> Sequence[Spell]:
        """The differences of an aspect, in the order in which they were found."""
        return self._by_aspect.get(aspect, ())

    @cached_property
    def _by_aspect(self) -> dict[Aspect, list[Spell]]:
        found: dict[Aspect, list[Spell]] = {}
        for key, spell in self._spells.items():
            found.setdefault(key[0], []).append(spell)
        return found

    @cached_property
    def _spells(self) -> dict[Key, Spell]:
        spells: dict[Key, Spell] = {}
        for entry in self.events:
            event = entry.event
            if isinstance(event, DifferenceFound | DifferenceReturned):
                key = event.difference.key
                before = spells.get(key)
                stands = before is not None and before.gone is None
                opened = before.opened if before is not None and stands else entry
                spells[key] = Spell(event.difference, opened, entry)
            elif isinstance(event, DifferenceGone):
                key = event.difference.key
                spell = spells[key]
                spells[key] = Spell(spell.difference, spell.opened, spell.newest, entry)
        return spells
