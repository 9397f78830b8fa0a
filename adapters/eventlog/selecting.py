"""The log a page at a time, narrowed to one account and some kinds of events; nothing is missed.

Positions are given in the order of commits and without gaps (`adapters.eventlog.log`): what was
looked at up to the head will never have anything new between.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Engine,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.elements import CompilerElement

from adapters.eventlog.driver import Statement, compiled
from adapters.eventlog.queries import EVENT_COLUMNS
from adapters.eventlog.reading import LogReader
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import events
from adapters.eventlog.subscription import POSTGRES_POLL_S, SQLITE_POLL_S
from adapters.eventlog.wake import bell_of, listening
from domain.values import Account

SPAN: Final = 100_000
"""So many positions are looked at for one page at most: an account with few events among many is
told how far the page reaches instead of being kept waiting."""

_ID: Final = len(b'{"id":"00000000-0000-0000-0000-000000000000"')
"""What stands before the owner in every stored event (`adapters.codec`); ids are of one length."""

_text = msgspec.json.Encoder().encode


class Narrowing(NamedTuple):
    """Which events: of one account or venue (None: of all); of some kinds, or of all but some.

    Kinds are stored names as LIKE has them: `Filled:%`. A version that this program does not know
    is among them, so that it is told and not passed over.
    """

    owner: Account | None = None
    venue: str | None = None
    kinds: Sequence[str] | None = None
    besides: Sequence[str] | None = None


class Selected(NamedTuple):
    """Events that were asked for, and how far the log was looked through for them."""

    rows: Sequence[LogRow]
    until: int
    head: int


class LogSelector(LogReader):
    """Reads the log for those who may see a part of it, or want one."""

    def __init__(self, engine: Engine, span: int = SPAN) -> None:
        super().__init__(engine)
        self._span = span
        self._narrowed: dict[tuple[bool, bool, bool], Statement] = {}

    def select(self, after: int, limit: int, only: Narrowing) -> Selected:
        """Up to `limit` events after `after`.

        The head is read first: what is stored later has a position after it, and `until` is never
        beyond it.
        """
        head = self.head().position
        until = min(head, after + self._span)
        if until <= after:
            return Selected((), after, head)
        parameters: dict[str, Any] = {"position": after, "until": until, "most": limit}
        mark = _mark(only)
        if mark is not None:
            parameters |= {"mark": mark, "length": len(mark)}
        for name in ("kinds", "besides"):
            patterns: Sequence[str] | None = getattr(only, name)
            if patterns is not None:
                parameters[name] = json.dumps(list(patterns)) if self._sqlite else list(patterns)
        rows = self._log_rows(self._fetch_sql(self._statement(only), parameters))
        return Selected(rows, rows[-1].position if len(rows) == limit else until, head)

    @contextmanager
    def heard(self) -> Generator[Callable[[], None]]:
        """What waits until something was appended since it last did, or it is time to look."""
        bell = bell_of(self.engine)
        stop = listening(self.engine)
        rung = bell.rings

        def wait() -> None:
            nonlocal rung
            bell.wait(rung, SQLITE_POLL_S if self._sqlite else POSTGRES_POLL_S)
            rung = bell.rings

        try:
            yield wait
        finally:
            stop()

    def _statement(self, only: Narrowing) -> Statement:
        key = (_mark(only) is not None, only.kinds is not None, only.besides is not None)
        if key not in self._narrowed:
            self._narrowed[key] = compiled(self.engine, _query(*key, sqlite=self._sqlite))
        return self._narrowed[key]


def owner_mark(owner: Account) -> bytes:
    """The bytes that follow the id in every stored event of this account, and in no other."""
    return b',"venue":%b,"account":%b,"observed":' % (_text(owner.venue), _text(owner.account))


def _mark(only: Narrowing) -> bytes | None:
    if only.owner is not None:
        return owner_mark(only.owner)
    return None if only.venue is None else b',"venue":%b,"account":' % _text(only.venue)


def _query(owned: bool, named: bool, besides: bool, *, sqlite: bool) -> CompilerElement:  # noqa: FBT001 - which of the three there are, as they are kept
    where: list[ColumnElement[bool]] = [
        events.c.position > bindparam("position", type_=BigInteger()),
        events.c.position <= bindparam("until", type_=BigInteger()),
    ]
    if owned:
        length = bindparam("length", type_=Integer())
        mark = bindparam("mark", type_=LargeBinary())
        where.append(func.substr(events.c.state, _ID + 1, length) == mark)
    if named:
        where.append(_among("kinds", sqlite=sqlite))
    if besides:
        where.append(~_among("besides", sqlite=sqlite))
    most = bindparam("most", type_=BigInteger())
    return select(*EVENT_COLUMNS).where(*where).order_by(events.c.position).limit(most)


def _among(name: str, *, sqlite: bool) -> ColumnElement[bool]:
    """The stored name is like one of the patterns of this parameter."""
    if sqlite:
        listed = func.json_each(bindparam(name)).table_valued("value")
        return select(listed).where(events.c.topic.like(listed.c.value)).correlate(events).exists()
    pattern = func.unnest(bindparam(name, type_=ARRAY(Text))).column_valued("pattern")
    return select(pattern).where(events.c.topic.like(pattern)).correlate(events).exists()
