"""A time as it is typed after an option."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.cli.exits import Usage


def moment(text: str | None, option: str) -> datetime | None:
    """The instant that the text names, in UTC; None when the option was not given."""
    if text is None:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"{option} {text!r} is no time; write it like 2026-02-07T12:00:00Z") from error
    if told.tzinfo is None:
        raise Usage(f"{option} {text!r} names no zone; write it like 2026-02-07T12:00:00Z")
    try:
        return told.astimezone(UTC)
    except OverflowError as error:
        raise Usage(f"{option} {text!r} is no time of the years 1 to 9999 in UTC") from error


def between(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """The instants of --from and --to, in this order."""
    first, last = moment(since, "--from"), moment(until, "--to")
    if first is not None and last is not None and last < first:
        raise Usage(f"--from {since} is after --to {until}; exchange them")
    return first, last
