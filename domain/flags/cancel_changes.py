"""A cancel while a change of the order is under way: which of the two the venue takes first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.events import AmendRequested
from domain.flags.cancel_evidence import over
from domain.flags.cancel_repeats import SETTLED
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded


def cancel_during_replace(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-28: we asked to cancel the order while a change of it was unresolved.

    Which of its ids the cancel hit decides the outcome. Cleared when both are resolved, or by the
    end of the order. No FIX matrix covers it.
    """
    amends = {item.event.amend_ref: item for item in history.of(AmendRequested)}
    for request in history.requests.values():
        index, cancel_id = request.index, request.event.cancel_id
        for ref, state in history.before(index).amends.items():
            if ref not in amends or state in SETTLED or over(history, index - 1):
                continue
            entry = request.recorded
            yield Flag(
                code="CXL-28",
                key=(str(cancel_id), ref),
                opened_at=entry.observed_at,
                closed_at=closing(entry.observed_at, _both(history, index, cancel_id, ref)),
                witness=places(amends[ref].recorded, entry),
                note=f"We asked to cancel the order while our change {ref} of it was on its way.",
            )


def _both(history: History, index: int, cancel_id: UUID, ref: str) -> Recorded | None:
    """When both the change and the cancel were resolved, or there was nothing left of them."""
    for later in range(index, len(history.events)):
        order = history.states[later]
        changed = order.amends[ref] in SETTLED
        if over(history, later) or (changed and order.cancels[cancel_id].state in SETTLED):
            return history.events[later]
    return None


RULES = (OrderRule("CXL-28", frozenset({AmendRequested}), cancel_during_replace, since=2),)
"""The rule about a cancel that crosses a change."""
