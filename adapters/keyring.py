"""Where the keys of the gateways meet the database, and the secret under which they are hashed."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from adapters.bootstrap import App
from adapters.clock import utc_now
from adapters.gateways.clients import Client, Scope
from adapters.keys.store import Keys
from adapters.settings import Settings
from domain.values import Account

__all__ = ["KeyedClients", "Scope", "keys_of", "keys_secret"]

SECRET_FILE = "breakwater.secret"  # noqa: S105 - the name of a file
SECRET_BYTES = 32


def keys_of(app: App) -> Keys:
    """The keys of the app's database."""
    return Keys(app.reading, app.writing, keys_secret(app.settings), utc_now)


def keys_secret(settings: Settings) -> bytes:
    """The secret that is set, or the one that this directory keeps; made when there is none."""
    if settings.keys_secret is not None:
        return settings.keys_secret.get_secret_value().encode()
    path = Path(SECRET_FILE)
    if not path.exists():
        _make(path)
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    """Write a secret that only this user may read, whole or not at all; the first to do so wins."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_hex(SECRET_BYTES).encode())
    try:
        path.hardlink_to(half)
    except FileExistsError:
        pass  # another program was faster: its secret is the one
    finally:
        half.unlink()


REMEMBERED_S = 2.0
"""A key that was recognised is not looked up again for so long; a revoked one ends within it."""
REMEMBERED_MAX = 10_000


class KeyedClients:
    """Callers by their keys, as the gateways ask for them."""

    def __init__(self, keys: Keys, now: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._now = now
        self._known: dict[tuple[str, bytes], tuple[float, Client]] = {}

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key this is."""
        mark = venue, hashlib.sha256(secret.encode("utf-8", "replace")).digest()
        known = self._known.get(mark)
        if known is not None and known[0] > self._now():
            return known[1]
        client = self._looked_up(venue, secret)
        self._known.pop(mark, None)
        if client is not None:
            if len(self._known) >= REMEMBERED_MAX:
                self._known.clear()
            self._known[mark] = self._now() + REMEMBERED_S, client
        return client

    def _looked_up(self, venue: str, secret: str) -> Client | None:
        opened = self._keys.open(venue, secret)
        if opened is None:
            return None
        owner = Account(opened.venue, opened.account)
        return Client(opened.key_id, owner, frozenset(map(Scope, opened.scopes)))
