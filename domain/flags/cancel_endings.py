"""Orders that lapse, expiries that are called cancels, and how long a cancel took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.events import Cancelled, CancelRejected, CancelRequested, Expired, Initiator, Lapsed
from domain.flags.cancel_evidence import in_brackets
from domain.flags.claims_possible import status_told
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import Status
from domain.recorded import Recorded
from domain.values import plain

EXPECTED: Mapping[str, frozenset[str]] = {
    "predictstreet": frozenset({"cancelledbyresolve"}),
}
"""The reasons for which each venue's documents say that orders lapse, without blanks and case."""

EXPECTED_ANYWHERE = frozenset(
    {
        "closed",
        "eventoff",
        "eventstarted",
        "expired",
        "gamestart",
        "inplay",
        "lapsed",
        "marketclosed",
        "marketresolved",
        "marketsettled",
        "marketsuspended",
        "resolved",
        "start",
        "suspended",
        "suspension",
        "turnedinplay",
    }
)
"""Why an order lapses at any betting venue: suspended, in play, started, closed, resolved."""

_LETTERS = str.maketrans("", "", " _-.")


def lapse(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-31: a market event took the order, or a part of it, off the book.

    A note. Cleared as it opens when the reason is one for which orders are known to lapse at this
    venue. Betfair sizeLapsed, lapseStatusReasonCode.
    """
    for number, item in enumerate(history.of(Lapsed), 1):
        event, entry = item.event, item.recorded
        raw = (event.raw_reason or "").strip()
        word = raw.translate(_LETTERS).casefold()
        known = word in EXPECTED_ANYWHERE or word in EXPECTED.get(history.owner.venue, ())
        took = history.held(item.index).lapsed
        if item.index:
            took -= history.held(item.index - 1).lapsed
        yield Flag(
            code="CXL-31",
            key=(event.report_id or str(number),),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, entry if known else None),
            witness=(item.position,),
            note=f"{plain(took)} lapsed{in_brackets(raw and f'“{raw}”')}.",
            theirs=raw or None,
        )


def expiry_reported_as_cancel(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-32: the venue says that it cancelled the order when its time ran out.

    Cleared when the venue calls it expired, too; both words are kept. Polymarket GTD orders.
    """
    for cancel in history.of(Cancelled):
        event, entry = cancel.event, cancel.recorded
        expires = history.states[cancel.index].terms.expires_at
        by_venue = event.initiator is Initiator.VENUE and event.cancel_id is None
        if expires is None or not by_venue or not event.whole:
            continue
        away = abs(entry.by - expires)
        if away > limits.expiry:
            continue
        yield Flag(
            code="CXL-32",
            key=(event.report_id or "",),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, _called_expired(history, cancel.index)),
            witness=(cancel.position,),
            note=f"The venue says that it cancelled the order, {away.total_seconds():g} s from "
            f"its expiry at {expires:%H:%M:%S}.",
            ours=Status.EXPIRED.value,
            theirs=Status.CANCELLED.value,
        )
        return


def _called_expired(history: History, index: int) -> Recorded | None:
    said = {word.place for word in history.words if status_told(word) is Status.EXPIRED}
    for later in range(index + 1, len(history.events)):
        if later in said or isinstance(history.events[later].event, Expired):
            return history.events[later]
    return None


def cancel_sla_breach(history: History, limits: Thresholds) -> Iterable[Flag]:
    """CXL-33: the venue's answer to a cancel took longer than it should.

    From our asking, by our clock, to the answer by the venue's, or to when we saw it if that was
    earlier. A note that measures.
    """
    for request in history.requests.values():
        asked = request.recorded.observed_at
        for answer in history.answers.get(request.event.cancel_id, ()):
            if not isinstance(answer.event, Cancelled | CancelRejected):
                continue
            took = answer.recorded.by - asked
            if took > limits.sla:
                yield _slow(request.position, answer.recorded, asked, str(request.event.cancel_id))
            break


def _slow(position: int, answer: Recorded, asked: datetime, key: str) -> Flag:
    took = (answer.by - asked).total_seconds()
    return Flag(
        code="CXL-33",
        key=(key,),
        opened_at=answer.observed_at,
        witness=tuple(sorted({position, answer.position})),
        note=f"The venue took {took:g} s to answer the cancel.",
        theirs=f"{took:g} s",
    )


RULES = (
    OrderRule("CXL-31", frozenset({Lapsed}), lapse, since=2),
    OrderRule("CXL-32", frozenset({Cancelled}), expiry_reported_as_cancel, since=2),
    OrderRule("CXL-33", frozenset({CancelRequested}), cancel_sla_breach, since=2),
)
"""The rules about how and when an order went off the book."""
