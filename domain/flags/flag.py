"""A flag: one thing that does not add up, with its proof and what would clear it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from domain.ids import derived
from domain.making import quickly_made
from domain.recorded import Recorded


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One finding of one rule.

    `key` tells two findings of one rule on one subject apart and does not depend on positions.
    A flag stands from `opened_at` until `closed_at`; a rule that waits for a grace period gives an
    `opened_at` that may lie after everything the log has seen, and the flag shows once that time
    has come. `witness` are the log positions of the events that prove it. `order` names the order
    when the subject is a request.
    """

    code: str
    key: tuple[str, ...]
    opened_at: datetime
    witness: tuple[int, ...]
    note: str
    closed_at: datetime | None = None
    ours: str | None = None
    theirs: str | None = None
    difference: str | None = None
    order: UUID | None = None


def break_id(flag: Flag, subject: UUID) -> str:
    """The id of the break that this flag is, the same in every derivation."""
    return str(derived("break", flag.code, subject, *flag.key))


def closing(opened: datetime, clear: Recorded | None) -> datetime | None:
    """When a flag that opened at `opened` was cleared, never before it opened."""
    return None if clear is None else max(opened, clear.observed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How much a venue is given before a rule speaks: spans of time, sizes, shares, counts."""

    ack: timedelta = timedelta(seconds=10)
    """An answer to a cancel (CXL-10, CXL-12)."""
    explain: timedelta = timedelta(seconds=60)
    """The reports that explain a cancel refused as too late (CXL-06)."""
    fill: timedelta = timedelta(seconds=10)
    """The match records behind a reported total (FIL-05)."""
    idle: timedelta = timedelta(seconds=60)
    """The closing report of an order with nothing left (QTY-12)."""
    placed: timedelta = timedelta(seconds=10)
    """The acknowledgement of a new order (EXI-05)."""
    late: timedelta = timedelta(seconds=60)
    """From the venue's clock to ours (STR-08)."""
    bulk: timedelta = timedelta(seconds=10)
    """The per-order reports behind a bulk cancel's count (CXL-20)."""
    sla: timedelta = timedelta(seconds=2)
    """From our asking for a cancel to the venue's answer, by the venue's clock (CXL-33)."""
    scope: timedelta = timedelta(seconds=2)
    """A cancel of an order that a request did not name looks like that request's (CXL-23)."""
    storm: timedelta = timedelta(seconds=10)
    """The time in which repeated cancels of one order are counted (CXL-27)."""
    storm_min: int = 5
    """So many cancels of one order in that time are a loop (CXL-27)."""
    expiry: timedelta = timedelta(seconds=2)
    """How near to its expiry a cancel by the venue looks like it (CXL-32)."""
    confirm: timedelta = timedelta(hours=1)
    """The confirmation of a match that the venue may still take back (FIL-16)."""
    clock: timedelta = timedelta(seconds=2)
    """How far the venue's clock may be ahead of ours, or behind what it answers (STR-07)."""
    settled: timedelta = timedelta(seconds=60)
    """The report that what remained of a settled order lapsed (ECO-03)."""
    statement_by: time | None = None
    """By when (UTC) a statement is expected every day; None: none is (STR-11)."""
    exposure_max: Decimal | None = None
    """What may be live at worst of an account's unresolved orders; None: no limit (ECO-06)."""
    dust_max: Decimal = Decimal("0.01")
    """A remainder of this size or less is dust (FIL-19)."""
    plain_odds: bool = True
    """A plain price above 1 is decimal odds, and one below it a probability (FIL-09, FIL-10)."""
    average_max: Decimal = Decimal("0.0001")
    """How far a told average may be from that of the matches, as a share of it (FIL-11)."""


RULES_VERSION = 2
"""The version of the rule set; a change of any answer that a rule gives raises it."""
