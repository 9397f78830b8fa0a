"""Which subject an event is published to: one for each account at a venue, and back.

`PREFIX.<venue>.<account>`. A name may hold what a subject must not (dots, blanks, `*`, `>`): every
byte of its UTF-8 but letters, digits, `_` and `-` is written `%XX`. An empty name is `%`. A name of
more than `LONG` such characters is cut and ends in `%~` and a hash of all of it: the event itself
holds the whole name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote, urlsplit

EMPTY: Final = "%"
CUT: Final = "%~"
LONG: Final = 600
"""A subject has to fit a line of the protocol, whose default maximum is 4,096 bytes."""

_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_STREAM: Final = re.compile(r"[A-Za-z0-9_-]+")


class BadName(ValueError):
    """No server, stream or subject can be called so."""


def checked(servers: Sequence[str], stream: str, prefix: str) -> None:
    """Return when all of it can be used; raise `BadName` else."""
    for server in servers:
        parts = urlsplit(server)
        if parts.scheme not in {"nats", "tls", "ws", "wss"} or not parts.hostname:
            raise BadName("a server is named as in nats://127.0.0.1:4222")
    if not _STREAM.fullmatch(stream):
        raise BadName(f"{stream!r} is no name for a stream; use letters, digits, _ and -")
    if not _PREFIX.fullmatch(prefix):
        raise BadName(f"{prefix!r} cannot begin a subject; use letters, digits, _ and -, with dots")


@lru_cache(maxsize=4096)
def subject_of(prefix: str, venue: str, account: str) -> str:
    """The subject of an account's events."""
    return f"{prefix}.{token(venue)}.{token(account)}"


def token(name: str) -> str:
    """A name as a part of a subject; no two names give the same."""
    if not name:
        return EMPTY
    told = quote(name, safe="").replace(".", "%2E").replace("~", "%7E")
    if len(told) <= LONG:
        return told
    return f"{told[:LONG]}{CUT}{hashlib.sha256(name.encode()).hexdigest()}"


def named(told: str) -> str | None:
    """The name that a part of a subject stands for; None when it was cut."""
    if told == EMPTY:
        return ""
    return None if CUT in told else unquote(told)
