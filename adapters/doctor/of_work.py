"""Judgements about the work: read models, lines set aside, unknown outcomes, leases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from adapters.doctor.verdict import Verdict, attention, counted, note, ok

BEHIND_MAX: Final = 10_000
"""Who is more events behind tells of the past."""
ASIDE_SHARE_MAX: Final = 100
"""One line in so many may be set aside before it looks as if a venue had changed its format."""


class Stand(NamedTuple):
    """Where a read model stands; `stored` and `wanted`: by which version of its rules."""

    name: str
    behind: int
    stored: int
    wanted: int


class Held(NamedTuple):
    """A lease that somebody took and has not given back."""

    name: str
    holder: str
    expires_at: datetime
    in_force: bool


class Published(NamedTuple):
    """A stream that the log is published to."""

    name: str
    behind: int


def projections(stands: Sequence[Stand]) -> Verdict:
    """The read models are by this program's rules and not far behind."""
    old = [one.name for one in stands if one.stored not in {0, one.wanted}]
    if old:
        return attention(
            f"made by other rules than this program's: {', '.join(old)}",
            "breakwater projections rebuild",
        )
    behind = max((one.behind for one in stands), default=0)
    if behind > BEHIND_MAX:
        return attention(
            f"{behind:,} events behind the log", "breakwater orders (any command catches up)"
        )
    return ok(f"{behind:,} events behind the log" if behind else "current")


def dead_letters(left_out: Sequence[tuple[str, str]]) -> Verdict:
    """Every stream is in every read model; `left_out`: those that are not, with the reason."""
    if not left_out:
        return ok("none")
    names = sorted({name for name, _ in left_out})
    return attention(
        f"{counted(len(left_out), 'stream')} left out of {', '.join(names)}: {left_out[0][1]}",
        f"breakwater projections rebuild {names[0]}",
    )


def quarantine(aside: int, lines: int) -> Verdict:
    """What could not be read is little of what came."""
    if not aside:
        return ok("nothing is set aside")
    told = f"{counted(aside, 'line')} set aside, {lines:,} read"
    if aside * ASIDE_SHARE_MAX > aside + lines:
        return attention(f"{told}: has a venue changed its format?", "breakwater quarantine")
    return note(told, "breakwater quarantine")


def unknown_outcomes(orders: int, cancels: int) -> Verdict:
    """Nothing that we sent has an outcome that nobody knows."""
    if not orders and not cancels:
        return ok("none")
    return attention(
        f"{counted(orders, 'order')} uncertain, {counted(cancels, 'cancel')} of unknown outcome",
        "breakwater resolve",
    )


def leases(held: Sequence[Held]) -> Verdict:
    """Whoever took a lease still has it, or gave it back."""
    if not held:
        return ok("none are held")
    told = ", ".join(
        f"{one.name} by {one.holder} until {one.expires_at:%H:%M:%S} UTC"
        for one in held
        if one.in_force
    )
    over = [one for one in held if not one.in_force]
    if over:
        ended = ", ".join(f"{one.name} (last {one.holder})" for one in over)
        free = f"ended without being given back, free for the next: {ended}"
        return note(f"{told}; {free}" if told else free)
    return ok(told)


def publishers(seen: Sequence[Published]) -> Verdict:
    """What is published is not far behind the log."""
    if not seen:
        return ok("nothing is published")
    told = ", ".join(f"{one.name}: {counted(one.behind, 'event')} behind" for one in seen)
    if any(one.behind > BEHIND_MAX for one in seen):
        return attention(told, "breakwater publish nats")
    return note(told, "breakwater publish nats") if any(one.behind for one in seen) else ok(told)
