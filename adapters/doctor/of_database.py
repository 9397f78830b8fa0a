"""Judgements about the database: schema, promises, room, clock, chain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from adapters.doctor.verdict import Verdict, attention, counted, note, ok

FREE_BYTES_MIN: Final = 512 * 1024 * 1024
CLOCKS_APART_MAX: Final = timedelta(seconds=2)
_MIB: Final = 1024 * 1024
_NO_DATABASE: Final = ("malformed", "not a database", "not a SQLite database")
"""What SQLite says of a file that was cut, or is something else."""


class Sqlite(NamedTuple):
    """What a file of SQLite promises. `damage`: what its quick check says, None: nothing."""

    version: str
    journal_mode: str
    synchronous: str
    checked: bool
    damage: str | None


class Postgres(NamedTuple):
    """What a server of PostgreSQL promises."""

    version: str
    fsync: str
    full_page_writes: str
    synchronous_commit: str
    timezone: str


class Disk(NamedTuple):
    """Room where the database lies; `free` None: it is another machine's."""

    place: str
    free: int | None
    used: int


class Clocks(NamedTuple):
    """The time here, at the database, and of the last event."""

    here: datetime
    there: datetime
    newest: datetime | None


class ChainEnd(NamedTuple):
    """What walking along the chain found; `damage` None: nothing."""

    walked: int
    head: int
    damage: str | None
    whole: bool


def reachable(database: str, trouble: str | None, *, is_there: bool = True) -> Verdict:
    """The database answers."""
    if not is_there:
        return note(f"{database} is not there yet: the first command makes it", "breakwater demo")
    if trouble is not None and any(word in trouble for word in _NO_DATABASE):
        return attention(
            f"{database} is damaged, or no database at all",
            "restore a backup and keep this file for proof, or name another by --database",
        )
    if trouble is not None:
        return attention(trouble, "start the database, or name another by --database")
    return ok(f"{database} answers")


def schema(state: str, revision: str) -> Verdict:
    """The tables are those of this program."""
    match state:
        case "current":
            return ok(f"revision {revision}")
        case "newer":
            return attention(
                f"upgraded by a newer version of Breakwater (this one knows {revision})",
                "install that version",
            )
        case "empty":
            return attention("there are no tables yet", "breakwater db upgrade")
        case _:
            return attention(
                "tables of an older version", "back it up, then `breakwater db upgrade`"
            )


def sqlite(seen: Sqlite, durability: str) -> Verdict:
    """The file is whole, and survives what the settings say that it survives."""
    told = f"SQLite {seen.version}, journal_mode={seen.journal_mode}"
    if seen.damage is not None:
        return attention(
            f"the file is damaged: {seen.damage}", "restore a backup; keep this file for proof"
        )
    if seen.journal_mode != "wal":
        return attention(f"{told}: readers and writers wait for each other", "breakwater db status")
    if durability == "full" and seen.synchronous not in {"FULL", "EXTRA"}:
        return attention(
            f"synchronous={seen.synchronous}: a power cut may take what was acknowledged",
            "set durability to full",
        )
    checked = (
        "quick check passed" if seen.checked else "too large for a quick check; --full does it"
    )
    return ok(f"{told}, synchronous={seen.synchronous}, {checked}")


def postgres(seen: Postgres, durability: str) -> Verdict:
    """The server survives what the settings say that it survives."""
    for name, value in (("fsync", seen.fsync), ("full_page_writes", seen.full_page_writes)):
        if value != "on":
            return attention(
                f"{name}={value}: a power cut may destroy the database",
                f"ALTER SYSTEM SET {name} = on; then SELECT pg_reload_conf()",
            )
    if durability == "full" and seen.synchronous_commit == "off":
        return attention(
            "synchronous_commit=off: a power cut may take what was acknowledged",
            "ALTER SYSTEM SET synchronous_commit = on; then SELECT pg_reload_conf()",
        )
    told = f"PostgreSQL {seen.version}, synchronous_commit={seen.synchronous_commit}"
    if seen.timezone.upper() not in {"UTC", "ETC/UTC", "GMT", "Z"}:
        return note(f"{told}; who asks by SQL sees times of {seen.timezone}, not UTC")
    return ok(f"{told}, UTC")


def disk(seen: Disk) -> Verdict:
    """There is room to go on, and to rebuild the read models beside the old ones."""
    used = f"the database has {seen.used // _MIB:,} MiB"
    if seen.free is None:
        return ok(f"{used}; its server's disk cannot be seen from here")
    told = f"{seen.free // _MIB:,} MiB are free at {seen.place}, {used}"
    if seen.free < FREE_BYTES_MIN:
        return attention(told, f"free some room at {seen.place}, or move the database")
    if seen.free < seen.used:
        return note(f"{told}: a rebuild of the read models may not fit")
    return ok(told)


def clocks(seen: Clocks) -> Verdict:
    """This machine's clock and the database's agree, and the log is not from the future."""
    apart = abs(seen.here - seen.there)
    if apart > CLOCKS_APART_MAX:
        return attention(
            f"this machine's clock and the database's are {apart.total_seconds():.1f} s apart",
            "timedatectl status, here and there",
        )
    if seen.newest is not None and seen.newest - seen.here > CLOCKS_APART_MAX:
        ahead = (seen.newest - seen.here).total_seconds()
        return attention(
            f"the last event was recorded {ahead:.1f} s from now: a clock was wrong, or is",
            "timedatectl status",
        )
    return ok(f"{apart.total_seconds():.3f} s apart")


def chain(seen: ChainEnd) -> Verdict:
    """The log was not changed, as far as was looked."""
    if seen.damage is not None:
        return attention(f"the log was altered: {seen.damage}", "breakwater verify")
    if seen.whole:
        return ok(f"whole, {counted(seen.walked, 'event')}")
    return ok(
        f"the last {counted(seen.walked, 'event')} of {seen.head:,} are whole; "
        "--full or `breakwater verify` walks all of it"
    )
