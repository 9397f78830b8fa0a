"""What can be set from outside, each with its default: environment variables, `.env` not read."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[Decimal, Field(gt=0, le=86_400 * 366)]
"""A span of time in seconds, with fractions if need be; at most a year."""

DEFAULT_DATABASE_URL = "sqlite:///breakwater.db"


class Settings(BaseSettings):
    """Read from `BREAKWATER_…`; a value that does not fit is an error that names it."""

    model_config = SettingsConfigDict(env_prefix="BREAKWATER_", extra="ignore", frozen=True)

    database_url: str = DEFAULT_DATABASE_URL
    """SQLite file or PostgreSQL database."""

    durability: Literal["full", "normal"] = "full"
    """`full`: what is acknowledged survives a power cut. `normal`: it survives a crash of the
    program; the last batches may be lost in a power cut."""

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


def span(seconds: Decimal) -> timedelta:
    """The seconds of a setting as a span of time, exact to the microsecond."""
    return timedelta(microseconds=int(seconds * 1_000_000))
