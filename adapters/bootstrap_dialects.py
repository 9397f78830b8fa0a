"""How each venue speaks: where its dialect is, imported when the venue is met first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module

from adapters import added
from domain.wire import Dialect

OURS: Mapping[str, str] = {
    "abp": "adapters.venues.abp.translate:AbpDialect",
    "canonical": "adapters.venues.canonical.translate:CanonicalDialect",
    "fourcasters": "adapters.venues.fourcasters.translate:FourcastersDialect",
    "predictstreet": "adapters.venues.predictstreet.translate:PredictStreetDialect",
}
"""A further venue is one more line here, or a package that adds it."""


class ByVenue(MutableMapping[str, Dialect]):
    """The dialects by venue. The venues are known at once; a dialect is made when it is asked for.

    A dialect that a package adds and that cannot be loaded is none: the venue is not known then.
    """

    def __init__(self) -> None:
        self._made: dict[str, Dialect] = {}
        self._venues = dict.fromkeys((*OURS, *sorted(added.names(added.DIALECTS))))

    def __getitem__(self, venue: str) -> Dialect:
        if venue not in self._made:
            if venue not in self._venues:
                raise KeyError(venue)
            self._made[venue] = self._make(venue)
        return self._made[venue]

    def __setitem__(self, venue: str, dialect: Dialect) -> None:
        self._venues[venue] = None
        self._made[venue] = dialect

    def __delitem__(self, venue: str) -> None:
        del self._venues[venue]
        self._made.pop(venue, None)

    def __contains__(self, venue: object) -> bool:
        return venue in self._venues

    def __iter__(self) -> Iterator[str]:
        return iter(self._venues)

    def __len__(self) -> int:
        return len(self._venues)

    def _make(self, venue: str) -> Dialect:
        made = added.part(added.DIALECTS, venue)  # a package may speak for one of ours
        if made is None and venue in OURS:
            module, name = OURS[venue].split(":")
            made = getattr(import_module(module), name)
        if made is None:
            del self._venues[venue]
            raise KeyError(venue)
        dialect: Dialect = made()
        return dialect


DIALECTS = ByVenue()
"""How every venue speaks that this program knows, or a package that is installed."""
