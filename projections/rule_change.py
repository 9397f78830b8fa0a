"""What a change of the rules would do to the breaks: every history examined under both versions.

The log is read stream by stream and nothing is written, so memory stays flat whatever its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from domain.flags.flag import Flag, Thresholds
from domain.flags.history import NoticeHistory, RequestHistory, order_history
from domain.flags.rule_change import Shift, changes
from domain.flags.rules import (
    examine_account,
    examine_notice,
    examine_order,
    examine_request,
    examine_runs,
)
from domain.flags.run_history import RunHistory
from domain.recorded import Recorded
from domain.values import Account
from projections import accounts
from projections.batch import NOTICE, ORDER, REQUEST, RUN, family
from projections.breaks import DEFAULTS, Limits, flag_row, read_links
from projections.cancels import needs_links
from projections.tables import breaks

Record = dict[str, Any]
Examine = Callable[[int], list[Flag]]
"""The flags of one history by the rules of a version."""

_COLUMNS = [column.name for column in breaks.columns]


@dataclass(frozen=True, slots=True)
class Between:
    """Two versions of the rules, the moment that they are judged at, and the limits of both."""

    old: int
    new: int
    at: datetime
    limits: Limits


def changed_flags(
    connection: Connection,
    streams: Iterable[tuple[UUID, Sequence[Recorded]]],
    between: Between,
) -> Iterator[Record]:
    """Each flag that the two versions do not tell alike, as a row of `breaks` with its `change`.

    `rule_version` is the version that found it: of a removed flag the old one. `stood` says that
    it was open by the old one; `before` is the row of a changed one by it. The rules about accounts
    are asked of the breaks that are stored, last.
    """
    for stream, events in streams:
        examine = _examined(connection, stream, events, between.limits)
        if examine is None:
            continue
        order = stream if family(events) == ORDER else None
        yield from _changed(stream, events[0].owner, order, examine, between)
    for owner in accounts.concerned(connection):
        examine = _of_account(connection, owner, between.limits.get(owner.venue, DEFAULTS))
        yield from _changed(accounts.subject_of(owner), owner, None, examine, between)


def _changed(
    subject: UUID, owner: Account, order: UUID | None, examine: Examine, between: Between
) -> Iterator[Record]:
    found = changes(subject, examine(between.old), examine(between.new), between.at)
    for shift, flag, stood, before in found:
        told = _row(flag, subject, owner, order)
        was = None if before is None else _row(before, subject, owner, order)
        version = between.old if shift is Shift.REMOVED else between.new
        extra = {"rule_version": version, "stood": stood, "before": was}
        yield {"change": shift.value, **told, **extra}


def _row(flag: Flag, stream: UUID, owner: Account, order: UUID | None) -> Record:
    return dict(zip(_COLUMNS, flag_row(flag, stream, owner, order), strict=True))


def _examined(
    connection: Connection, stream: UUID, events: Sequence[Recorded], limits: Limits
) -> Examine | None:
    """How one stream is examined; None for one that tells no flags of its own."""
    allowed = limits.get(events[0].owner.venue, DEFAULTS)
    about = family(events)
    if about == ORDER:
        return _of_order(stream, events, allowed)
    if about == REQUEST:
        key = str(stream)
        links = read_links(connection, [key])[key] if needs_links(events) else ()
        request = RequestHistory(stream, events, links)
        return lambda version: examine_request(request, allowed, version)
    if about == NOTICE:
        notice = NoticeHistory(stream, events)
        return lambda version: examine_notice(notice, allowed, version)
    if about == RUN:
        runs = RunHistory(stream, events)
        return lambda version: examine_runs(runs, allowed, version)
    return None


def _of_account(connection: Connection, owner: Account, allowed: Thresholds) -> Examine:
    history = accounts.history_of(connection, owner, allowed)
    return lambda version: examine_account(history, allowed, version)


def _of_order(stream: UUID, events: Sequence[Recorded], allowed: Thresholds) -> Examine | None:
    history = order_history(stream, events)
    if history.order.merged_into is not None:
        return None
    return lambda version: examine_order(history, allowed, version)
