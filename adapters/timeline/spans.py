"""Times and spans of time, as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

MINUTE_S = 60


def seconds(time: timedelta) -> str:
    """A span in seconds, without digits that say nothing."""
    text = (
        f"{time.total_seconds():.6f}"
        if abs(time) < timedelta(milliseconds=1)
        else (f"{time.total_seconds():.3f}")
    )
    return text.rstrip("0").rstrip(".")


def span(time: timedelta) -> str:
    """A span of time as people say it: `4 min 12 s`."""
    whole = int(time.total_seconds())
    if whole < MINUTE_S:
        return f"{seconds(time)} s"
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    parts = ((days, "d"), (hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def clock(moment: datetime) -> str:
    """A moment to the millisecond."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"[:-3]
