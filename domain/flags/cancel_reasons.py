"""Refusals of a cancel in words that are in none of the venue's tables of reasons."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import CancelRejected
from domain.flags.cancel_evidence import proof, quoted
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History, RequestHistory
from domain.flags.rule import OrderRule, RequestRule
from domain.recorded import Recorded
from domain.requests import CancelAnswered, CancelAnswerStray, CancelRefused


def cancel_reason_unmapped(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-34: the venue refused to cancel the order with words that are not in its table.

    Cleared by adding the words to the table and reading the traffic again. FIX CxlRejReason 99.
    """
    told: set[tuple[str, ...]] = set()
    for refusal in history.of(CancelRejected):
        event = refusal.event
        key = (quoted(event.cancel_id), event.raw_reason or "")
        if event.mapped or key in told:
            continue
        told.add(key)
        witness = proof(history, event.cancel_id, refusal.position)
        yield _unmapped(key, refusal.recorded, event.raw_reason, witness)


def request_reason_unmapped(history: RequestHistory, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-34 for a request: it was refused as a whole, or an id that nobody here knows was.

    An order of ours that was refused in such words has the flag itself. Cleared as there.
    """
    told: set[tuple[str, ...]] = set()
    for answer in history.events:
        event = answer.event
        keys: dict[tuple[str, ...], str | None] = {}
        if isinstance(event, CancelRefused) and not event.mapped:
            keys["request", event.raw_reason or ""] = event.raw_reason
        elif isinstance(event, CancelAnswered | CancelAnswerStray):
            for outcome in event.outcomes:
                if outcome.order is None and not outcome.mapped:
                    name = outcome.venue_order_id or outcome.asked or ""
                    keys[name, outcome.raw_reason or ""] = outcome.raw_reason
        for key, words in keys.items():
            if key not in told:
                told.add(key)
                yield _unmapped(key, answer, words, (answer.position,))


def _unmapped(
    key: tuple[str, ...], entry: Recorded, words: str | None, witness: tuple[int, ...]
) -> Flag:
    said = "without a word" if not (words or "").strip() else f"with “{words}”"
    return Flag(
        code="CXL-34",
        key=key,
        opened_at=entry.observed_at,
        witness=witness,
        note=f"The venue refused the cancel {said}, which is not in its table of reasons: "
        "what it means for the order is not known.",
        theirs=words,
    )


RULES = (
    OrderRule("CXL-34", frozenset({CancelRejected}), cancel_reason_unmapped),
    RequestRule("CXL-34", request_reason_unmapped),
)
"""The rules about reasons that nobody has mapped."""
