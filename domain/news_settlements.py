"""What is news about the money that came of an order's matches."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from domain import events as e
from domain.news import noted
from domain.order import Order

_COMPARED = tuple(field.name for field in fields(e.Settlement) if field.name != "settled_at")


def settled(
    order: Order, item: e.Settled | e.SettlementRevised, source: e.Source
) -> list[e.OrderEvent]:
    """The first word is news, so is what it had left out, and so is another word: a revision.

    Lists tell settled rows again: one that was settled before the word that counts is old.
    """
    known = order.settled.get(item.fill_id)
    if known is None:
        return [item]
    fresh, differs = _against(known, item.settlement)
    if not (fresh or differs) or _older(item.settlement, known):
        return noted(item.fill_id or "settlement", source)
    merged = replace(known, **_told(item.settlement))
    kind = e.SettlementRevised if differs else e.Settled
    return [kind(settlement=merged, fill_id=item.fill_id)]


def _told(settlement: e.Settlement) -> dict[str, Any]:
    """The fields that are told."""
    values = ((field.name, getattr(settlement, field.name)) for field in fields(e.Settlement))
    return {name: value for name, value in values if value is not None}


def _against(known: e.Settlement, told: e.Settlement) -> tuple[bool, bool]:
    """Whether something is told that was not, and whether something is told otherwise."""
    fresh = differs = False
    for name in _COMPARED:
        before, now = getattr(known, name), getattr(told, name)
        if now is not None and now != before:
            fresh = fresh or before is None
            differs = differs or before is not None
    return fresh, differs


def _older(told: e.Settlement, known: e.Settlement) -> bool:
    now, before = told.settled_at, known.settled_at
    return now is not None and before is not None and now < before
