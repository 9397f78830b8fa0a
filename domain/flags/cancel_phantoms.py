"""Cancels that did not take the order off the venue's book, whatever their answer said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.events import Cancelled, DuplicateReported, Filled, OrderReported
from domain.flags.cancel_evidence import (
    left,
    older,
    proof,
    quoted,
    says_live,
    says_over,
    seen_after,
)
from domain.flags.cancel_late_fills import fills_after
from domain.flags.claims import same_message
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded
from domain.values import plain


@dataclass(frozen=True, slots=True)
class _Sign:
    """What shows the order live after its cancel, until the venue shows it over."""

    since: datetime
    until: datetime | None
    witness: tuple[int, ...]
    live: str
    note: str


def phantom_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-25: the order was cancelled, and later the venue shows it live or matches it.

    A report that is older than the cancel by the venue's clock shows nothing. Cleared when a later
    report shows the order over, when a further cancel is confirmed, or when the match that was
    made after the cancel is voided. NT #4288.
    """
    if OrderReported not in history.kinds and Filled not in history.kinds:
        return
    wholes = [cancel for cancel in history.of(Cancelled) if cancel.event.whole]
    if not wholes:
        return
    signs = sorted((*_live(history, wholes), *_matched(history)), key=lambda sign: sign.since)
    name = quoted(wholes[0].event.cancel_id)
    for number, sign in enumerate(_joined(signs), start=1):
        yield Flag(
            code="CXL-25",
            key=(name,) if number == 1 else (name, str(number)),
            opened_at=sign.since,
            closed_at=sign.until,
            witness=proof(history, wholes[0].event.cancel_id, *sign.witness),
            note=sign.note,
            ours="CANCELLED",
            theirs=sign.live,
        )


def _live(history: History, wholes: list[At[Cancelled]]) -> Iterator[_Sign]:
    """The reports after a cancel that show the order live."""
    for report in history.of(OrderReported):
        entry, claims = report.recorded, report.event.claims
        if claims is None or not says_live(claims):
            continue
        for cancel in wholes:
            after = seen_after(entry, cancel.recorded) and not older(entry, cancel.recorded)
            if not after or same_message(entry, cancel.recorded):
                continue
            rest = left(claims)
            live = str(claims.status) if rest is None else plain(rest)
            what = "as live" if rest is None else f"with {live} still on the book"
            note = f"The venue shows the order {what} after it had confirmed the cancel."
            yield from _sign(history, cancel, entry, entry, (live, note))
            break


def _matched(history: History) -> Iterator[_Sign]:
    """The matches that the venue made after a cancel."""
    for found in fills_after(history):
        live = plain(found.fill.event.size)
        note = f"The venue matched {live} of the order after it had cancelled it."
        for sign in _sign(history, found.cancel, found.fill.recorded, found.shown, (live, note)):
            void = found.taken_back
            if void is None:
                yield sign
            else:
                back = max(sign.since, void.observed_at)
                yield replace(sign, until=min(back, sign.until or back))


def _sign(
    history: History,
    cancel: At[Cancelled],
    evidence: Recorded,
    shown: Recorded,
    words: tuple[str, str],
) -> Iterator[_Sign]:
    """The sign that `evidence` is since `shown`; none if the venue had shown a newer end."""
    ends = [entry for entry in history.events if _ends(history, entry, evidence, shown)]
    end = min(ends, key=lambda entry: (entry.observed_at, entry.position), default=None)
    if end is None or seen_after(end, shown):
        witness = tuple(sorted((cancel.position, evidence.position)))
        until = None if end is None else end.observed_at
        yield _Sign(shown.observed_at, until, witness, *words)


def _ends(history: History, entry: Recorded, evidence: Recorded, shown: Recorded) -> bool:
    """The event shows the order over, later than the evidence showed it live.

    A cancel confirmed again counts only for a request that was sent since.
    """
    event = entry.event
    if isinstance(event, DuplicateReported) and event.what == "cancel":
        request = None if event.cancel_id is None else history.requests.get(event.cancel_id)
        if request is not None and seen_after(request.recorded, shown):
            return seen_after(entry, shown)
    if not isinstance(event, OrderReported | DuplicateReported) or not says_over(event.claims):
        return False
    if entry.occurred_at is not None and evidence.occurred_at is not None:
        return entry.occurred_at > evidence.occurred_at or (
            entry.occurred_at == evidence.occurred_at and seen_after(entry, shown)
        )
    return seen_after(entry, shown)


def _joined(signs: Iterable[_Sign]) -> Iterator[_Sign]:
    """The signs, with those that overlap told as one."""
    current: _Sign | None = None
    for sign in signs:
        if current is None:
            current = sign
        elif current.until is None or sign.since <= current.until:
            until = None
            if current.until is not None and sign.until is not None:
                until = max(current.until, sign.until)
            witness = tuple(sorted({*current.witness, *sign.witness}))
            current = replace(current, until=until, witness=witness)
        else:
            yield current
            current = sign
    if current is not None:
        yield current


RULES = (OrderRule("CXL-25", frozenset({Cancelled}), phantom_cancel),)
"""The rule about cancels that were none."""
