"""When an answer was true, as far as it tells: the venue's own clock, or ours when it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 10**11
"""A count since 1970 as large as this is of milliseconds, or the year is past 5000."""
AGREE = timedelta(seconds=2)
"""`Date` has whole seconds and an answer travels: when ours is so near, it is the same, finer."""


def moment(text: object) -> datetime | None:
    """The instant that an RFC 3339 time with its zone names; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        told = datetime.fromisoformat(text.strip())
        return None if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def answered(headers: Mapping[str, object], seen: datetime | None) -> datetime | None:
    """The time of an answer: its server time, its date, or when this side saw it."""
    told = {name.lower(): str(value) for name, value in headers.items()}
    server = _server_time(told.get("x-server-time", ""))
    if server is not None:
        return server
    date = _date(told.get("date", ""))
    if date is None or (seen is not None and timedelta(0) <= seen - date < AGREE):
        return seen
    return date


def _server_time(text: str) -> datetime | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return moment(text)
    count = int(text[:20])
    try:
        return EPOCH + timedelta(milliseconds=count if count >= MILLISECONDS_FROM else count * 1000)
    except OverflowError:
        return None


def _date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
