"""What the breaks are asked: which are open, whose they are, how bad, and how the desk sees them.

What proves a break and what people decided about it meet here, when somebody asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, not_, or_, select

from domain.desk import Evidence
from domain.desk_decisions import OVERRIDE
from domain.desk_state import TO_DO, Act, Desk, Work, status_of
from domain.flags.severity import AS_CATALOGUED, Policy, Severity, at_stake, rated
from domain.flags.systemic import Burst
from projections.desk import state_of
from projections.queries import PAGE, Record
from projections.tables import breaks, desk, orders

BREAK_FIELDS: Sequence[str] = [
    "break_id",
    "code",
    "name",
    "severity",
    "kind",
    "order_key",
    "venue",
    "account",
    "opened_at",
    "closed_at",
    "age_s",
    "status",
    "ours",
    "theirs",
    "difference",
    "witness",
    "clears_when",
    "rule_version",
    "note",
]
"""A flag as the format page has it."""

DESK_FIELDS: Sequence[str] = [
    "owner",
    "decided_by",
    "decided_at",
    "reason",
    "approved_by",
    "comments",
    "worked_at",
    "at_stake",
    "severity_by_default",
    "severity_because",
]
"""What the desk adds to it. `decided_by` made the decision that `status` tells."""

BESIDE_THE_BOOKS = frozenset({OVERRIDE, "INT-01", "INT-02", "INT-03"})
"""What the desk did, and what befell this machine: the books are the same on every other."""

Policies = Mapping[str, Policy]
"""What makes a break worse, by venue; a venue that is not named leaves it as its code has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which breaks: None and nothing do not narrow.

    Without `statuses` those that somebody still has to work; with `everything` all that there
    ever were. Ages run from `older`, which is in, to `younger`, which is not.
    """

    venue: str | None = None
    account: str | None = None
    codes: Sequence[str] = ()
    owner: str | None = None
    unowned: bool = False
    older: timedelta | None = None
    younger: timedelta | None = None
    statuses: frozenset[Work] = frozenset()
    severities: frozenset[Severity] = frozenset()
    notes: bool = False
    everything: bool = False
    within: Burst | None = None
    without: Sequence[Burst] = ()

    @property
    def shown(self) -> frozenset[Work]:
        """The states that are listed."""
        return self.statuses or (frozenset(Work) if self.everything else TO_DO)


def break_list(
    connection: Connection,
    at: datetime,
    wanted: Wanted = Wanted(),
    policies: Policies | None = None,
) -> Iterator[Record]:
    """Flags as of `at`, the oldest first. One whose grace period is not over does not show."""
    return map(shown, records(connection, at, wanted, policies))


def records(
    connection: Connection, at: datetime, wanted: Wanted, policies: Policies | None = None
) -> Iterator[Record]:
    """As `break_list`, with what its answer leaves out: the age, and the order's currency."""
    query = narrowed(_selected(), wanted, at)
    query = query.order_by(breaks.c.opened_at, breaks.c.code, breaks.c.break_id)
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        record = _told(dict(row), at, policies or {})
        if _fits(record, wanted):
            yield record


def find_break(
    connection: Connection, break_id: str, at: datetime, policies: Policies | None = None
) -> Record | None:
    """One flag by its id, or by the start of it when that is unambiguous."""
    exact = breaks.c.break_id == break_id
    near = breaks.c.break_id.startswith(break_id, autoescape=True)
    found = connection.execute(_selected().where(or_(exact, near)).limit(2)).mappings().all()
    return shown(_told(dict(found[0]), at, policies or {})) if len(found) == 1 else None


def evident(connection: Connection, at: datetime) -> Iterator[Record]:
    """The breaks that the evidence leaves open, whatever the desk says of them."""
    standing = or_(breaks.c.closed_at.is_(None), breaks.c.closed_at > at)
    query = select(breaks).where(
        breaks.c.opened_at <= at,
        standing,
        breaks.c.kind == "break",
        breaks.c.code.not_in(BESIDE_THE_BOOKS),
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield dict(row)


def evidence_of(record: Mapping[str, Any], at: datetime, position: int) -> Evidence:
    """A listed break as somebody sees it at this moment and log position."""
    names = (
        "code",
        "note",
        "rule_version",
        "opened_at",
        "closed_at",
        "ours",
        "theirs",
        "difference",
    )
    told = {name: record[name] for name in names}
    return Evidence(**told, witness=tuple(record["witness"]), as_of=at, log_position=position)


def _selected() -> Select[Any]:
    worked = desk.c
    return select(
        breaks,
        worked.owner,
        worked.comments,
        worked.desk_version,
        worked.acts,
        worked.worked_at,
        orders.c.remaining_max,
        orders.c.currency,
    ).select_from(
        breaks.outerjoin(desk, worked.break_id == breaks.c.break_id).outerjoin(
            orders, orders.c.order_key == breaks.c.order_key
        )
    )


def narrowed(query: Select[Any], wanted: Wanted, at: datetime) -> Select[Any]:
    """The query over `breaks` and `desk`, of those alone that columns tell to be wanted."""
    columns = breaks.c
    tests: list[ColumnElement[bool]] = [columns.opened_at <= at]
    if wanted.within is not None:
        tests.append(_in(wanted.within))
    tests.extend(not_(_in(burst)) for burst in wanted.without)
    if wanted.venue is not None:
        tests.append(columns.venue == wanted.venue)
    if wanted.account is not None:
        tests.append(columns.account == wanted.account)
    if wanted.codes:
        tests.append(columns.code.in_(wanted.codes))
    if wanted.owner is not None:
        tests.append(desk.c.owner == wanted.owner)
    if wanted.unowned:
        tests.append(desk.c.owner.is_(None))
    if wanted.older is not None:
        tests.append(columns.opened_at <= at - wanted.older)
    if not (wanted.notes or wanted.everything):
        tests.append(columns.kind == "break")
    if Work.CLOSED not in wanted.shown:
        tests.append(or_(columns.closed_at.is_(None), columns.closed_at > at))
    return query.where(*tests)


def _in(burst: Burst) -> ColumnElement[bool]:
    columns = breaks.c
    venue, account, code = burst.kind
    return and_(
        columns.venue == venue,
        columns.account == account,
        columns.code == code,
        columns.opened_at.between(burst.first, burst.last),
    )


def _fits(record: Record, wanted: Wanted) -> bool:
    """What only the record itself tells: how it stands with the desk, its age, how bad it is."""
    age = record["age"]
    return (
        record["status"] in wanted.shown
        and (not wanted.severities or record["severity"] in wanted.severities)
        and (wanted.older is None or age >= wanted.older)
        and (wanted.younger is None or age < wanted.younger)
    )


def shown(record: Record) -> Record:
    """The fields of a break that are told."""
    return {name: record[name] for name in (*BREAK_FIELDS, *DESK_FIELDS)}


def _told(record: Record, at: datetime, policies: Policies) -> Record:
    closed_at = record["closed_at"]
    if closed_at is not None and closed_at > at:
        closed_at = record["closed_at"] = None
    age = (closed_at or at) - record["opened_at"]
    record["age"] = age
    record["age_s"] = int(age.total_seconds())
    record["witness"] = json.loads(record["witness"])
    state = state_of(record)
    work = status_of(state, evidence_of(record, at, 0))
    record["status"] = work.value
    stake = at_stake(
        record["code"], record["difference"], record["remaining_max"], record["theirs"]
    )
    default = record["severity"]
    rating = rated(default, stake, age, policies.get(record["venue"], AS_CATALOGUED))
    act = _act(state, work)
    record.update(
        severity=rating.severity.value,
        severity_by_default=default,
        severity_because=list(rating.because),
        at_stake=stake,
        comments=state.comments,
        decided_by=None if act is None else act.by,
        decided_at=None if act is None else act.at,
        reason=None if act is None else act.reason,
        approved_by=None if act is None else act.approved_by,
    )
    return record


def _act(state: Desk, work: Work) -> Act | None:
    """The decision that the status tells."""
    match work:
        case Work.ACKNOWLEDGED:
            return state.acknowledged
        case Work.AWAITING_APPROVAL:
            return state.proposed
        case Work.OPEN | Work.CLOSED:
            return None
        case _:
            return state.standing
