"""The part of bootstrap that joins statements with the readers of files and the venues' lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.captures import har, split
from adapters.captures.exact import parse
from adapters.captures.files import is_har
from adapters.captures.unpacking import Unpacked
from adapters.engine.reconciling import Ran, Reconciliation, declared
from adapters.eventlog.store import Store
from adapters.statements.ports import Tools
from adapters.statements.reading import read_statement
from adapters.venues.abp.lists import LISTINGS as ABP
from adapters.venues.canonical.lists import LISTINGS as CANONICAL
from adapters.venues.fourcasters.lists import LISTINGS as FOURCASTERS
from adapters.venues.predictstreet.lists import LISTINGS as PREDICTSTREET
from domain.listing import Listing
from domain.messages import Message
from domain.statement import Statement
from domain.values import Account
from domain.wire import Dialects, Item, Line, Unreadable
from projections.reconciliation_books import SqlBooks

__all__ = ["Ran", "declared", "knows", "reconciled", "statement_of"]

LISTINGS: Mapping[str, Sequence[Listing]] = {
    "abp": ABP,
    "canonical": CANONICAL,
    "fourcasters": FOURCASTERS,
    "predictstreet": PREDICTSTREET,
}
"""The lists that each venue documents; a further venue is one more line here."""


class NoDialect:
    """What stands in for the dialect of a venue without one: its statements are CSVs."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """Nothing can be read."""
        del request
        raise Unreadable(f"no dialect for venue {line.owner.venue!r}")


def statement_of(
    dialects: Dialects, owner: Account, paths: Sequence[str], mapping: str | None
) -> Statement:
    """The statement that these files are, read in the venue's own words or by a column mapping."""
    tools = Tools(
        unpack=Unpacked,
        lines=split.lines,
        parse=_value,
        is_har=is_har,
        har=_har,
        dialect=dialects.get(owner.venue) or NoDialect(),
        listings=LISTINGS.get(owner.venue, ()),
    )
    return read_statement(owner, paths, tools, mapping=mapping)


def _value(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    return parse(raw)[0]


def _har(source: str, data: bytes, venue: str | None) -> Iterable[Item]:
    return har.read(source, data, venue=venue)


def reconciled(
    connection: Connection, store: Store, statement: Statement, as_of: datetime, own_ref: str
) -> Ran:
    """Hold a statement against the books that the connection reads, and record the run."""
    return Reconciliation(store, SqlBooks(connection), statement, as_of, own_ref).run()


def knows(connection: Connection, owner: Account) -> bool:
    """There is any order of this account."""
    return SqlBooks(connection).knows(owner)
