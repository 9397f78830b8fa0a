"""A rule: a small named function with its code, what it needs, and nothing else.

A rule holds from the version of the rule set `since` to the version `until`, both included (None:
to this day). One whose answer changes keeps its old function under the old versions, beside the
new one, so that both can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.flags.account_history import AccountHistory
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History, NoticeHistory, RequestHistory
from domain.flags.run_history import RunHistory

FindInOrder = Callable[[History, Thresholds], Iterable[Flag]]
FindInRequest = Callable[[RequestHistory, Thresholds], Iterable[Flag]]
FindInNotice = Callable[[NoticeHistory, Thresholds], Iterable[Flag]]
FindInRuns = Callable[[RunHistory, Thresholds], Iterable[Flag]]
FindInAccount = Callable[[AccountHistory, Thresholds], Iterable[Flag]]


@dataclass(frozen=True, slots=True)
class OrderRule:
    """Finds a code in an order's history; asked only when one of the kinds in `needs` occurred.

    With `differing` it finds nothing in an order of which every claim agrees, and is not asked.
    """

    code: str
    needs: frozenset[type]
    find: FindInOrder
    differing: bool = False
    since: int = 1
    until: int | None = None


@dataclass(frozen=True, slots=True)
class RequestRule:
    """Finds a code in a cancel request and what its orders say of it."""

    code: str
    find: FindInRequest
    since: int = 1
    until: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Finds a code in a notice about the recording or a feed."""

    code: str
    find: FindInNotice
    since: int = 1
    until: int | None = None


@dataclass(frozen=True, slots=True)
class RunRule:
    """Finds a code in what the statements of an account showed."""

    code: str
    find: FindInRuns
    since: int = 1
    until: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRule:
    """Finds a code in what the streams of an account tell only side by side."""

    code: str
    find: FindInAccount
    since: int = 1
    until: int | None = None


Rule = OrderRule | RequestRule | NoticeRule | RunRule | AccountRule


def holds(rule: Rule, version: int) -> bool:
    """The rule is one of this version of the rule set."""
    return rule.since <= version and (rule.until is None or version <= rule.until)
