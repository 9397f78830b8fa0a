"""The projection `breaks`: every flag that the rules find, open or closed, with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Table, select

from domain.events import Cancelled
from domain.flags.account_history import UNRESOLVED
from domain.flags.catalogue import CATALOGUE
from domain.flags.flag import RULES_VERSION, Flag, Thresholds, break_id
from domain.flags.history import History, Link, NoticeHistory, RequestHistory
from domain.flags.rules import examine_notice, examine_order, examine_request, examine_runs
from domain.flags.run_history import RunHistory
from domain.recorded import Recorded
from domain.requests import CancelOpened
from domain.standing import standing
from domain.values import Account
from projections import accounts, bulk, outside, overrides
from projections.batch import DESK, NOTICE, REQUEST, RUN, Batch
from projections.cancels import needs_links
from projections.columns import Row
from projections.tables import breaks, cancel_links, cancels

NAME = "breaks"
VERSION = RULES_VERSION
TABLES: tuple[Table, ...] = (breaks,)
DEFAULTS = Thresholds()
HistoriesOf = overrides.HistoriesOf
Limits = Mapping[str, Thresholds]
"""Thresholds by venue; a venue that is not named has the defaults."""


def flag_row(
    flag: Flag, subject: UUID, owner: Account, order: UUID | None, exposed: Decimal | None = None
) -> Row:
    """The row of one flag; `exposed` may have been live at worst when it opened."""
    entry = CATALOGUE[flag.code]
    about = flag.order or order
    key = str(subject)  # a UUID is written out in Python code: once, for most flags are of orders
    return (
        break_id(flag, subject),
        key,
        flag.code,
        entry.name,
        entry.severity,
        entry.kind,
        key if about is subject else None if about is None else str(about),
        owner.venue,
        owner.account,
        flag.opened_at,
        flag.closed_at,
        flag.ours,
        flag.theirs,
        flag.difference,
        f"[{', '.join(map(str, flag.witness))}]",
        entry.clears_when,
        flag.note,
        RULES_VERSION,
        exposed,
    )


def order_rows(history: History, limits: Limits) -> list[Row]:
    """The flags of an order; none for a stream that was merged into another."""
    if history.order.merged_into is not None:
        return []
    owner = history.owner
    found = examine_order(history, limits.get(owner.venue, DEFAULTS))
    return [
        flag_row(flag, history.stream, owner, history.stream, _exposed(history, flag))
        for flag in found
    ]


def _exposed(history: History, flag: Flag) -> Decimal | None:
    """How much of an order that leaves its fate open may have been live when the flag opened."""
    if flag.code not in UNRESOLVED:
        return None
    order = history.states[0]
    for entry, state in zip(history.events, history.states, strict=True):
        if entry.observed_at <= flag.opened_at:
            order = state
    return standing(order).remaining_max


def request_rows(
    stream: UUID, events: Sequence[Recorded], links: Sequence[Link], limits: Limits
) -> list[Row]:
    """The flags of a cancel request."""
    owner = events[0].owner
    history = RequestHistory(stream, events, links)
    found = examine_request(history, limits.get(owner.venue, DEFAULTS))
    return [flag_row(flag, stream, owner, None) for flag in found]


def notice_rows(stream: UUID, events: Sequence[Recorded], limits: Limits) -> list[Row]:
    """The flags of a notice about the recording or a feed."""
    owner = events[0].owner
    found = examine_notice(NoticeHistory(stream, events), limits.get(owner.venue, DEFAULTS))
    return [flag_row(flag, stream, owner, None) for flag in found]


def run_rows(stream: UUID, events: Sequence[Recorded], limits: Limits) -> list[Row]:
    """The flags that an account's statements prove."""
    owner = events[0].owner
    found = examine_runs(RunHistory(stream, events), limits.get(owner.venue, DEFAULTS))
    return [flag_row(flag, stream, owner, None) for flag in found]


def read_links(
    connection: Connection, cancel_ids: Iterable[str], table: Table = cancel_links
) -> dict[str, list[Link]]:
    """What the orders said of these requests, as the projection `cancels` keeps it."""
    found: dict[str, list[Link]] = {cancel_id: [] for cancel_id in cancel_ids}
    for cancel_id in found:
        rows = connection.execute(select(table).where(table.c.cancel_id == cancel_id))
        found[cancel_id] = [
            Link(
                cancel_id=UUID(row.cancel_id),
                order=UUID(row.order_key),
                venue_order_id=row.venue_order_id,
                asked=row.asked,
                requested=row.requested,
                outcome=row.outcome,
                reason=row.reason,
                raw_reason=row.raw_reason,
                cancelled=None if row.cancelled is None else Decimal(row.cancelled),
                matched_before=row.matched_before,
                matched_in_flight=row.matched_in_flight,
                matched_after=row.matched_after,
                took_off_at=row.took_off_at,
                position=row.last_position,
            )
            for row in rows
        ]
    return found


def counted_requests(connection: Connection, histories: Sequence[History]) -> set[str]:
    """The requests of these orders whose answer was a bare count: only links tell their flags."""
    ids = {str(cancel_id) for history in histories for cancel_id in history.order.cancels}
    if not ids:
        return set()
    counted: set[str] = set()
    listed = sorted(ids)
    for start in range(0, len(listed), bulk.KEYS_MAX):
        part = listed[start : start + bulk.KEYS_MAX]
        query = select(cancels.c.cancel_id).where(
            cancels.c.cancel_id.in_(part), cancels.c.needs_links.is_(True)
        )
        counted.update(connection.execute(query).scalars())
    return counted


class Breaks:
    """Writes the flags of touched streams; a request may need its own history from the log."""

    def __init__(self, limits: Limits, histories: HistoriesOf) -> None:
        self._limits = limits
        self._histories = histories

    def made_of(self, batch: Batch, history: History) -> list[Row]:
        """The flags of an order, made once for a step."""
        return batch.made(NAME, history.stream, partial(order_rows, history, self._limits))

    def apply(self, connection: Connection, batch: Batch, histories: Sequence[History]) -> None:
        """Find the flags of every touched stream anew and put them in place of the old."""
        rows: list[Row] = []
        requests = dict(batch.of(REQUEST))
        counted = counted_requests(connection, histories) - {str(key) for key in requests}
        if counted:
            for stream, events in self._histories([UUID(key) for key in counted]).items():
                requests[stream] = [item for item in events if item.position <= batch.until]
        for history in histories:
            rows.extend(self.made_of(batch, history))
        linked = [str(key) for key, events in requests.items() if needs_links(events)]
        links = read_links(connection, linked)
        for stream, events in requests.items():
            rows.extend(request_rows(stream, events, links.get(str(stream), ()), self._limits))
        for stream, events in batch.of(NOTICE):
            rows.extend(notice_rows(stream, events, self._limits))
        for stream, events in batch.of(RUN):
            rows.extend(run_rows(stream, events, self._limits))
        subjects = [*batch.histories, *(UUID(key) for key in counted)]
        bulk.delete(connection, breaks, "subject", [str(key) for key in dict.fromkeys(subjects)])
        bulk.upsert(connection, breaks, rows)
        rows.extend(self._outside_scope(connection, batch, histories, rows))
        rows.extend(self._of_accounts(connection, batch))
        bulk.upsert(connection, breaks, self._overrides(connection, batch, rows))

    def _outside_scope(
        self,
        connection: Connection,
        batch: Batch,
        histories: Sequence[History],
        rows: Sequence[Row],
    ) -> list[Row]:
        """The orders that went with a cancel of others, of what the step touches."""
        asked: dict[Account, list[datetime]] = {}
        for _, events in batch.of(REQUEST):
            for entry in events:
                if isinstance(entry.event, CancelOpened):
                    asked.setdefault(entry.owner, []).append(entry.observed_at)
        unasked = outside.unasked_of(rows)
        unasked.extend(outside.after_requests(connection, asked, self._limits))
        touched = {item.stream for item in histories if Cancelled in item.kinds}
        touched.update(one.order for one in unasked)
        subjects = [str(outside.subject_of(order)) for order in touched]
        bulk.delete(connection, breaks, "subject", subjects)

        def known(streams: Sequence[UUID]) -> Mapping[UUID, Sequence[Recorded]]:
            told = {key: batch.histories[key] for key in streams if key in batch.histories}
            more = self._histories([key for key in streams if key not in told])
            for key, events in more.items():
                told[key] = [item for item in events if item.position <= batch.until]
            return {key: events for key, events in told.items() if events}

        found = outside.rows_of(connection, unasked, known, self._limits, flag_row)
        bulk.upsert(connection, breaks, found)
        return found

    def _of_accounts(self, connection: Connection, batch: Batch) -> list[Row]:
        """The flags of the accounts that the step touches, from the rows that now stand."""
        owners = dict.fromkeys(events[0].owner for events in batch.histories.values())
        subjects = [str(accounts.subject_of(owner)) for owner in owners]
        bulk.delete(connection, breaks, "subject", subjects)
        rows = [
            row
            for owner in owners
            for row in accounts.rows_of(
                connection, owner, self._limits.get(owner.venue, DEFAULTS), flag_row
            )
        ]
        bulk.upsert(connection, breaks, rows)
        return rows

    def _overrides(self, connection: Connection, batch: Batch, rows: Sequence[Row]) -> list[Row]:
        """What contradicts the desk's overrides: of the breaks found anew, and of those worked."""
        found = {str(row[0]): row for row in rows}
        stories = dict(batch.of(DESK))
        forced = overrides.forced(connection, list(found))
        known = self._histories([stream for stream in forced if stream not in stories])
        for stream, events in known.items():
            stories[stream] = [item for item in events if item.position <= batch.until]
        return overrides.rows_of(connection, stories.items(), found, self._histories, flag_row)
