"""What can go wrong with the log's database, each error with what to try next."""

from __future__ import annotations


class LogError(Exception):
    """Something about the log's database that a person has to know."""


class Unreachable(LogError):
    """The database did not answer, or was busy for too long; nothing is known to be broken."""


class NotReady(LogError):
    """The database has no schema yet, or one of an older version."""


class NewerDatabase(LogError):
    """The database was upgraded by a newer version of the program."""


class Damaged(LogError):
    """The log was changed behind the program's back; `breakwater verify` tells where."""


class UnknownCause(ValueError):
    """An event names a wire line that is not in the log; nothing was stored."""
