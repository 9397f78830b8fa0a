"""What a rule about an account looks at: what other rules found in its streams, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.values import Account

UNRESOLVED = frozenset({"CXL-06", "CXL-10", "CXL-11", "EXI-04", "EXI-05"})
"""Codes of orders of which nobody can tell whether and how much of them is still live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """So much of an order may be live at worst, from one moment to another (None: still).

    `witness` are the positions of the events that prove it.
    """

    order: str
    opened_at: datetime
    closed_at: datetime | None
    amount: Decimal
    currency: str | None
    witness: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blindness:
    """Messages of a feed were not seen up to `at`, and nothing replays them.

    `orders`: some order of the account was on the book then. `covered`: the first statement of all
    orders that was of a later time; its moment and position.
    """

    what: str
    at: datetime
    witness: tuple[int, ...]
    orders: bool
    covered: tuple[datetime, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHistory:
    """What of an account its own streams do not tell one by one."""

    owner: Account
    exposures: Sequence[Exposure] = ()
    blind: Sequence[Blindness] = ()
