"""Session tokens: a login with the account's name and its key gives one; a key is one by itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.gateways.clients import Client
from adapters.gateways.frame import Frame

LIFETIME = timedelta(days=30)
SESSIONS_MAX = 10_000
"""More are not kept: the oldest login has to be done again."""
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class _Session:
    key: str
    until: datetime


class Sessions:
    """Who is logged in. A key that is revoked takes its sessions with it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._open: dict[str, _Session] = {}

    def login(self, username: str, password: str) -> str | None:
        """A token for the account whose key the password is; None if it is not."""
        client = self._frame.clients.of(self._frame.venue, password)
        if client is None or client.owner.account != username:
            return None
        while len(self._open) >= SESSIONS_MAX:
            del self._open[next(iter(self._open))]
        token = secrets.token_urlsafe(32)
        self._open[token] = _Session(password, self._frame.clock() + LIFETIME)
        return token

    def logout(self, token: str) -> None:
        """The token opens nothing any more."""
        self._open.pop(bare(token), None)

    def client(self, token: str) -> Client | None:
        """Who the token stands for."""
        told = bare(token)
        session = self._open.get(told)
        if session is None:
            return self._frame.clients.of(self._frame.venue, told)
        if session.until <= self._frame.clock():
            del self._open[told]
            return None
        return self._frame.clients.of(self._frame.venue, session.key)


def bare(token: str) -> str:
    """The token without `Bearer `, which is optional."""
    return token[len(BEARER) :].strip() if token[: len(BEARER)].lower() == BEARER else token.strip()


def told_in(headers: Mapping[str, str], cookies: Mapping[str, str]) -> str | None:
    """The token of a request or a handshake: the header, or the cookie of a login."""
    return headers.get("authorization") or cookies.get("auth") or None
