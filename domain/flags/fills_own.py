"""Matches with ourselves."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Filled
from domain.flags.claims_spans import places
from domain.flags.fills_small import taken_back
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.values import plain


def self_match(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A match between two orders of ours (anomalies: FIL-21).

    Told on the order whose record names the other. Cleared when the match is taken back.
    """
    for fill in history.of(Filled):
        other = fill.event.against
        if other is None:
            continue
        entry, fill_id = fill.recorded, fill.event.fill_id
        taken = history.first(fill.index, taken_back(fill_id))
        price = fill.event.price
        at = "" if price is None else f" at {plain(price.value)}"
        yield Flag(
            code="FIL-21",
            key=(fill_id,),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, taken),
            witness=places(entry),
            note=f"Match {fill_id} of {plain(fill.event.size)}{at} was with an order of our own, "
            f"{other}.",
            theirs=str(other),
        )


RULES = (OrderRule("FIL-21", frozenset({Filled}), self_match, since=2),)
"""The rule about matches with ourselves."""
