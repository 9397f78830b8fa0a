"""Gives keys out, recognises them, takes them back.

A key is shown once, when it is made. What is stored is its HMAC-SHA-256 under a secret that is not
in the database: who reads the table can neither use a key nor try candidates.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from adapters.keys.schema import api_keys

SECRET_BYTES = 32
PEPPER_BYTES_MIN = 16

Connecting = Callable[[], AbstractContextManager[Connection]]


class PepperTooShort(ValueError):
    """The secret under which keys are hashed is too short to protect anything."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a key opens."""

    key_id: str
    venue: str
    account: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """A new key. `secret` is the whole of it and is never shown again."""

    key_id: str
    secret: str


def spelled(venue: str, key_id: str, secret: str) -> str:
    """A key in the venue's own spelling: clients check the shape of theirs."""
    if venue == "predictstreet":
        return f"ps_live_{key_id}_{secret}"
    return f"bw_{key_id}_{secret}"


class Keys:
    """The keys of one database."""

    def __init__(
        self, reading: Connecting, writing: Connecting, pepper: bytes, clock: Callable[[], datetime]
    ) -> None:
        if len(pepper) < PEPPER_BYTES_MIN:
            raise PepperTooShort(
                f"the secret of the keys has {len(pepper)} bytes and needs {PEPPER_BYTES_MIN}; "
                "set BREAKWATER_KEYS_SECRET to a long random text"
            )
        self._reading = reading
        self._writing = writing
        self._pepper = pepper
        self._clock = clock

    def create(self, venue: str, account: str, scopes: Collection[str]) -> Made:
        """Make a key for an account's traffic."""
        key_id = secrets.token_hex(8)
        secret = spelled(venue, key_id, secrets.token_urlsafe(SECRET_BYTES))
        row = {
            "key_id": key_id,
            "venue": venue,
            "account": account,
            "scopes": ",".join(sorted(scopes)),
            "digest": self._digest(secret),
            "created_at": self._clock().isoformat(),
        }
        with self._writing() as connection:
            connection.execute(insert(api_keys), row)
        return Made(key_id, secret)

    def open(self, venue: str, secret: str) -> Opened | None:
        """What this key opens at this venue; None when it is none, was revoked, or is another's."""
        query = select(api_keys).where(
            api_keys.c.digest == self._digest(secret),
            api_keys.c.venue == venue,
            api_keys.c.revoked_at.is_(None),
        )
        with self._reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _opened(row)

    def listed(self) -> Iterator[Mapping[str, Any]]:
        """Every key that was ever made, without what would open anything."""
        query = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.key_id)
        with self._reading() as connection:
            for row in connection.execute(query).mappings():
                yield {
                    "key_id": row["key_id"],
                    "venue": row["venue"],
                    "account": row["account"],
                    "scopes": row["scopes"].split(","),
                    "created_at": datetime.fromisoformat(row["created_at"]),
                    "revoked_at": _moment(row["revoked_at"]),
                }

    def revoke(self, key_id: str) -> bool:
        """Take a key back; false when there is none that is in force."""
        change = (
            update(api_keys)
            .where(api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=self._clock().isoformat())
        )
        with self._writing() as connection:
            return connection.execute(change).rowcount == 1

    def _digest(self, secret: str) -> bytes:
        return hmac.digest(self._pepper, secret.encode("utf-8", "replace"), hashlib.sha256)


def _opened(row: RowMapping) -> Opened:
    scopes = frozenset(row["scopes"].split(","))
    return Opened(row["key_id"], row["venue"], row["account"], scopes)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
