"""Who is calling: a key opens one account at one venue, for some kinds of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from domain.values import Account, Choice


class Scope(Choice):
    """What a key is good for; one does not bring another with it."""

    READ = "read"
    CANCEL = "cancel"
    PLACE = "place"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Client:
    """A caller that was recognised."""

    key_id: str
    owner: Account
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether the key is good for it; `admin` is good for everything of its account."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class Clients(Protocol):
    """The keys that were given out."""

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key this is; None for one that was never given, or was revoked."""
        ...
