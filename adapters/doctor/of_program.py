"""Judgements about the program and its settings: versions, the settings file, keys, connections."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from os import devnull
from typing import Final, NamedTuple

from adapters.doctor.verdict import Verdict, attention, counted, note, ok

PYTHON_MIN: Final = (3, 11)
EVENTSOURCING: Final = "9.5.6"
"""The event model of the log is this one's; 10 has another."""
SQLALCHEMY: Final = ((2, 1, 9), (2, 2))
SECRET_MODE_MAX: Final = 0o600


class Versions(NamedTuple):
    """What the program runs on; None for a library that is not there."""

    program: str
    python: tuple[int, int, int]
    eventsourcing: str | None
    sqlalchemy: str | None


class ConnectionSeen(NamedTuple):
    """A connection of the settings: whether its key is there, and why it cannot be reached."""

    name: str
    key_found: bool
    key_is: str
    trouble: str | None


class Key(NamedTuple):
    """A key of the gateways that is in force."""

    key_id: str
    scopes: Sequence[str]


class Secret(NamedTuple):
    """Under what the keys are hashed. `mode` None: there is no file."""

    is_set: bool
    path: str
    mode: int | None


def versions(seen: Versions) -> Verdict:
    """The interpreter and the libraries are those that the program was tested with."""
    python = ".".join(map(str, seen.python))
    if seen.python[:2] < PYTHON_MIN:
        return attention(f"Python {python} is too old", "install Python 3.11 or newer, then `make`")
    if seen.eventsourcing != EVENTSOURCING:
        found = seen.eventsourcing or "missing"
        return attention(
            f"eventsourcing is {found}, the log needs {EVENTSOURCING}", "requirements/install run"
        )
    least, below = SQLALCHEMY
    if seen.sqlalchemy is None or not least <= _numbers(seen.sqlalchemy) < below:
        found = seen.sqlalchemy or "missing"
        return attention(
            f"SQLAlchemy is {found}, 2.1.9 or a later 2.1 is needed", "requirements/install run"
        )
    return ok(
        f"breakwater {seen.program}, Python {python}, eventsourcing {seen.eventsourcing}, "
        f"SQLAlchemy {seen.sqlalchemy}"
    )


def settings_file(path: str | None, trouble: str | None) -> Verdict:
    """The settings can be read, and every one fits."""
    if trouble is not None:
        return attention(trouble, f"BREAKWATER_SETTINGS={devnull} breakwater settings")
    return ok("no settings file; defaults and environment" if path is None else f"{path} is valid")


def connections(seen: Sequence[ConnectionSeen], *, online: bool) -> Verdict:
    """Every account at a venue has its key, and answers when that was asked for."""
    if not seen:
        return ok("none are set")
    without = [one for one in seen if not one.key_found]
    if without:
        told = ", ".join(f"{one.name} ({one.key_is})" for one in without)
        return attention(f"no key is found for {told}", "breakwater connections list")
    away = [f"{one.name}: {one.trouble}" for one in seen if one.trouble is not None]
    if away:
        return attention(f"not reachable: {'; '.join(away)}", "breakwater connections list")
    told = f"{counted(len(seen), 'connection')}, every key is there"
    return ok(f"{told}, all reachable" if online else f"{told}; --online tries to reach them")


def keys(seen: Sequence[Key], known: Collection[str], secret: Secret) -> Verdict:
    """Every key in force opens something, and can be recognised."""
    lame = [one.key_id for one in seen if not set(one.scopes) & set(known)]
    if lame:
        return attention(
            f"no scope that this program knows: {', '.join(lame)}; they open nothing",
            f"breakwater keys revoke {lame[0]}",
        )
    if seen and not secret.is_set and secret.mode is None:
        return attention(
            f"{counted(len(seen), 'key')} in force, and neither {secret.path} nor the setting "
            "keys_secret is here: none can be recognised",
            "start it in the directory where the keys were made, or set BREAKWATER_KEYS_SECRET",
        )
    if not secret.is_set and secret.mode is not None and secret.mode & ~SECRET_MODE_MAX:
        return attention(
            f"{secret.path} can be read by others (mode {secret.mode:o})",
            f"chmod 600 {secret.path}",
        )
    return ok(f"{counted(len(seen), 'key')} in force" if seen else "none were given out")


def outlived(environment: Mapping[str, str], known: Collection[str]) -> Verdict:
    """Every variable of ours in the environment is one that is read."""
    wrong = sorted(
        name
        for name in environment
        if name.startswith("BREAKWATER_")
        and not name.startswith("BREAKWATER_TEST_")
        and name.partition("__")[0].removeprefix("BREAKWATER_").lower() not in known
    )
    if wrong:
        return note(f"{', '.join(wrong)} is read by nothing", "breakwater settings")
    return ok("every BREAKWATER_ variable is read")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
