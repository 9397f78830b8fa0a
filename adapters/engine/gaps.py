"""Lines that a capture jumps over: told once, and told again when they have been found."""

from __future__ import annotations

from datetime import datetime

from adapters.codec import moment
from adapters.engine.ports import EngineLog
from adapters.engine.working import Moment, WorkingSet
from domain.ids import notice_stream
from domain.notices import LinesFound, LinesMissing
from domain.values import Account


def report_gaps(log: EngineLog, work: WorkingSet, owner: Account, capture: str) -> None:
    """Record each stretch of missing lines of `capture`, and each earlier one that came since.

    The notices of a capture share one stream, so that what is open is known from its events.
    """
    stream = work.get(owner, notice_stream("lines", capture))
    open_gaps: dict[tuple[int, int], LinesMissing] = {}
    for entry in stream.events:
        event = entry.event
        if isinstance(event, LinesMissing):
            open_gaps[event.first, event.last] = event
        elif isinstance(event, LinesFound):
            open_gaps.pop((event.first, event.last), None)
    gaps = {(gap.first, gap.last): gap for gap in log.gaps(capture)}
    for first, last in sorted(open_gaps.keys() - gaps.keys()):
        at = _moment(log, capture, last + 1)
        work.record(
            stream,
            LinesFound(capture=capture, first=first, last=last),
            Moment(capture, last + 1, at, f"found{first}"),
        )
    for first, last in sorted(gaps.keys() - open_gaps.keys()):
        at = _moment(log, capture, last + 1)
        event = LinesMissing(
            venue=owner.venue, account=owner.account, capture=capture, first=first, last=last
        )
        work.record(stream, event, Moment(capture, last + 1, at, f"missing{first}"))


def _moment(log: EngineLog, capture: str, seq: int) -> datetime:
    """When the line after the gap was seen."""
    return moment(log.observed_at(capture, seq))
