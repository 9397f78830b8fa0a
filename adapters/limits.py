"""How much a venue is given before a rule speaks: every limit with its unit and its default.

A field here has the name of its counterpart in `domain.flags.flag.Thresholds`, with the unit behind
it: `ack_s_max` sets `ack`, in seconds.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import time, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from adapters.desk_policy import DeskPolicy
from domain.flags.flag import Thresholds

Seconds = Annotated[Decimal, Field(gt=0, le=86_400 * 366)]
"""A span of time in seconds, with fractions if need be; at most a year."""

SPAN = "_s_max"
"""How the name of a limit ends that is a span of time in seconds."""


class Limits(DeskPolicy):
    """The limits of one venue, or of all."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    ack_s_max: Seconds = Decimal(10)
    """An answer to a cancel may take this long (CXL-10, CXL-12)."""

    explain_s_max: Seconds = Decimal(60)
    """The reports that explain a refused cancel may take this long (CXL-06)."""

    fill_s_max: Seconds = Decimal(10)
    """The match records behind a total may take this long (FIL-05)."""

    idle_s_max: Seconds = Decimal(60)
    """An order with nothing left may stay open this long (QTY-12)."""

    placed_s_max: Seconds = Decimal(10)
    """The acknowledgement of a new order may take this long (EXI-05)."""

    late_s_max: Seconds = Decimal(60)
    """A report may lag behind the venue's clock this long (STR-08)."""

    bulk_s_max: Seconds = Decimal(10)
    """The per-order reports behind a bulk cancel's count may take this long (CXL-20)."""

    sla_s_max: Seconds = Decimal(2)
    """The venue's answer to a cancel is expected within this time (CXL-33)."""

    scope_s_max: Seconds = Decimal(2)
    """An order cancelled unasked this soon after a cancel of others may have gone with them
    (CXL-23)."""

    storm_s_max: Seconds = Decimal(10)
    """Cancels of one order within this time are counted together (CXL-27)."""

    storm_min: int = Field(default=5, ge=2, le=1_000_000)
    """So many cancels of one order within that time are a loop (CXL-27)."""

    expiry_s_max: Seconds = Decimal(2)
    """A cancel by the venue this near to the order's expiry looks like it (CXL-32)."""

    confirm_s_max: Seconds = Decimal(3600)
    """A match may stay provisional this long (FIL-16)."""

    clock_s_max: Seconds = Decimal(2)
    """The venue's clock may be ahead of ours by this much (STR-07)."""

    settled_s_max: Seconds = Decimal(60)
    """The report that the rest of a settled order lapsed may take this long (ECO-03)."""

    statement_by: time | None = None
    """A statement is expected by this time (UTC) every day, `07:00`; not set: none is (STR-11)."""

    exposure_max: Annotated[Decimal, Field(ge=0)] | None = None
    """So much of an account's unresolved orders may be live at worst, in each currency; not set: no
    limit (ECO-06)."""

    dust_max: Decimal = Field(default=Decimal("0.01"), ge=0)
    """A remainder of this size or less is dust (FIL-19)."""

    plain_odds: bool = True
    """A plain price above 1 is decimal odds, else what is paid (FIL-09, FIL-10)."""

    average_max: Decimal = Field(default=Decimal("0.0001"), ge=0, lt=1)
    """A told average price may differ from that of the matches by this share of it (FIL-11)."""


def span(seconds: Decimal) -> timedelta:
    """The seconds of a setting as a span of time, exact to the microsecond."""
    return timedelta(microseconds=int(seconds * 1_000_000))


def thresholds_of(limits: Limits) -> Thresholds:
    """The limits as the rules ask for them."""
    told: dict[str, Any] = {
        name.removesuffix(SPAN): span(value) if name.endswith(SPAN) and value is not None else value
        for name, value in limits
        if name in Limits.model_fields
    }
    return Thresholds(**{field.name: told[field.name] for field in fields(Thresholds)})
