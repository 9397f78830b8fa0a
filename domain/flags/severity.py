"""How bad a break is: by its code, and worse by what is at stake and by how long it has stood.

The catalogue gives the severity by default. A desk may raise it, never lower it: nobody silences a
code by a setting. Without a policy it stays as it is. What only informs stays information.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from domain.flags.catalogue import CATALOGUE
from domain.values import BadAmount, Choice, amount, plain


class Severity(Choice):
    """How bad something is, the mildest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


LADDER: tuple[Severity, ...] = tuple(Severity)

NO_AMOUNT = frozenset({"protocol", "sequence", "price", "info"})
"""Classes of codes whose difference counts messages, orders or seconds, or compares prices."""


SECONDS = frozenset({"CXL-33"})
"""Codes whose difference is a time."""

LIVE_AT_VENUE = frozenset({"CXL-25", "EXI-01", "EXI-02"})
"""Codes of what the venue holds live and we do not: our own books tell too little of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """From where on a break is worse than its code says, and from where on it is critical.

    None: never. More than the amount, or longer than the age, raises it.
    """

    raise_amount: Decimal | None = None
    critical_amount: Decimal | None = None
    raise_age: timedelta | None = None
    critical_age: timedelta | None = None


AS_CATALOGUED = Policy()


@dataclass(frozen=True, slots=True)
class Rating:
    """The severity in force, and why it is not the one by default (empty: it is)."""

    severity: Severity
    because: tuple[str, ...] = ()


def at_stake(
    code: str, difference: str | None, remaining: Decimal | None, theirs: str | None = None
) -> Decimal | None:
    """What a break is about, in the order's own unit: its difference, else what may still be live.

    Where the break says that more is live at the venue than we hold, it is what they say. None when
    nothing tells.
    """
    entry = CATALOGUE.get(code)
    no_size = code.startswith("STR-") or code in SECONDS
    if entry is None or no_size or entry.break_class in NO_AMOUNT:
        return remaining
    told = _size(difference)
    if told is None and code in LIVE_AT_VENUE:
        told = max((size for size in (_size(theirs), remaining) if size is not None), default=None)
    return remaining if told is None else told


def _size(text: str | None) -> Decimal | None:
    """The figure without its sign, if it is one."""
    if text is None:
        return None
    try:
        return abs(amount(text))
    except BadAmount:
        return None


def rated(default: str, stake: Decimal | None, age: timedelta, policy: Policy) -> Rating:
    """The severity of a break by what is at stake and by its age."""
    start = Severity(default)
    if start is Severity.INFO:
        return Rating(start)
    critical = (
        *_over(stake, policy.critical_amount, "at stake"),
        *_older(age, policy.critical_age),
    )
    if critical:
        worse = Severity.CRITICAL
        because = critical
    else:
        because = (*_over(stake, policy.raise_amount, "at stake"), *_older(age, policy.raise_age))
        worse = LADDER[min(LADDER.index(start) + len(because), len(LADDER) - 1)]
    return Rating(worse, because) if worse is not start else Rating(start)


def _over(stake: Decimal | None, limit: Decimal | None, what: str) -> Sequence[str]:
    if stake is None or limit is None or stake <= limit:
        return ()
    return (f"{plain(stake)} {what}, more than {plain(limit)}",)


def _older(age: timedelta, limit: timedelta | None) -> Sequence[str]:
    if limit is None or age <= limit:
        return ()
    return (f"it has stood for {_told(age)}, longer than {_told(limit)}",)


def _told(span: timedelta) -> str:
    """A span in the largest units that say it shortly: `3 d 4 h`."""
    left = int(span.total_seconds())
    parts: list[str] = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "no time"
