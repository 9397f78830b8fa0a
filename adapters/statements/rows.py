"""From what a row says, in the dialect's messages, to a row of a statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.statements.objects import fields_of
from adapters.statements.ports import Tools
from domain.events import Claims, Filled, FillVoided, Terms, UnknownValueSeen
from domain.lifecycle import Status
from domain.listing import Listing
from domain.messages import MatchedTotal, Message, Notice, OrderMessage, Said
from domain.notices import UnreadableValue
from domain.statement import NO_CLAIMS, NO_TERMS, Place, StatementFill, StatementRow
from domain.values import Account, BadAmount, Name, amount
from domain.wire import Line, Unreadable

SOME_DAY = datetime(1970, 1, 1, tzinfo=UTC)
"""A list says how things are, whenever it was fetched: translating it needs no time."""

_ONLY_ROW = re.compile(r"^(?:body\.)?(?:data\.)?\w+(?:\[0\]|\.0)[.:] ?")
_TERMS = tuple(field.name for field in fields(Terms))
_CLAIMS = tuple(field.name for field in fields(Claims) if field.name != "records")


@dataclass(slots=True)
class _Found:
    """What the messages of one row have told so far."""

    names: dict[Name, None]
    terms: Terms
    claims: Claims
    fills: dict[str, StatementFill]
    unknown: UnknownValueSeen | None = None


class Rows:
    """Translates the rows of one list, one at a time, through the venue's own dialect."""

    def __init__(
        self,
        listing: Listing,
        tools: Tools,
        owner: Account,
        envelope: Mapping[str, Any],
        ask: str | None,
    ) -> None:
        self._listing = listing
        self._dialect = tools.dialect
        self._envelope = envelope
        self._said = Line("statement", 2, SOME_DAY, owner, "received", exchange="list")
        http = {"method": "GET", "path": ask or listing.ask}
        self._asked = Line("statement", 1, SOME_DAY, owner, "sent", exchange="list", http=http)

    def row(self, value: object, place: Place, at: datetime | None = None) -> StatementRow | None:
        """The row; None for one that tells nothing of an order. `Unreadable` when it is none.

        `at` is when it was told, if before the rest.
        """
        fields = fields_of(value)
        if (stranger := another(self._listing, fields, self._said.owner)) is not None:
            raise Unreadable(stranger)
        messages = self._messages(value)
        found = _Found({}, NO_TERMS, NO_CLAIMS, {})
        for message in messages:
            if isinstance(message, OrderMessage):
                _take(found, message)
            elif isinstance(message, Notice) and isinstance(message.event, UnreadableValue):
                raise Unreadable(message.event.value)
        tells = found.claims is not NO_CLAIMS or found.fills
        if not tells and found.unknown is not None:
            word = found.unknown
            raise Unreadable(f"{word.field}: {word.value[:60]!r} is in no document")
        if not tells or not (found.names or found.fills):
            return None
        if self._listing.rests:
            _of_the_rest(found)
        return StatementRow(
            names=tuple(found.names),
            place=place,
            terms=found.terms,
            claims=found.claims,
            fills=tuple(found.fills.values()) if found.fills or found.claims.records else None,
            profit=_profit(fields, self._listing.profit),
            updated_at=_changed(fields, self._listing.changed),
            at=at,
            unknown=found.unknown,
        )

    def _messages(self, value: object) -> Sequence[Message]:
        if self._listing.read is not None:
            return self._listing.read(value)
        body: object = value
        if self._listing.rows:
            body = wrapped(self._envelope, self._listing.rows, [value])
        said = replace(self._said, http={"status": 200, "body": body})
        return self._dialect.translate(said, self._asked)


def _of_the_rest(found: _Found) -> None:
    """Of what came to rest: the size is not the order's, and "nothing matched" is of this part."""
    found.terms = replace(found.terms, size=None)
    if found.claims.status is Status.NEW:
        found.claims = replace(found.claims, status=None)


def another(listing: Listing, fields: Mapping[str, Any], owner: Account) -> str | None:
    """Why these are not the account's orders; None when they are, or nobody says whose they are.

    Wallets are the same in any case of their letters; an account that we call by another name than
    its wallet is held against none.
    """
    ours = owner.account.lower()
    for name in listing.whose:
        told = fields.get(name)
        if not isinstance(told, str) or _is_wallet(told) != _is_wallet(ours):
            continue
        if told.strip().lower() != ours:
            return f"{name}: of account {told[:60]!r}, not of {owner.account!r}"
    return None


def _is_wallet(text: str) -> bool:
    return text.strip().lower().startswith("0x")


def in_row(reason: str) -> str:
    """The reason, without the place in the answer: each row is translated as the only one."""
    return _ONLY_ROW.sub("", reason).replace("Value error, ", "")


def wrapped(envelope: Mapping[str, Any], way: Sequence[str], rows: object) -> dict[str, Any]:
    """The envelope of an answer with these rows in it."""
    first, *rest = way
    inner = wrapped(fields_of(envelope.get(first)), rest, rows) if rest else rows
    return {**envelope, first: inner}


def _take(found: _Found, message: OrderMessage) -> None:
    found.names.update(dict.fromkeys(message.names))
    found.terms = _joined(found.terms, message.terms, _TERMS)
    for said in message.said_in:
        _hear(found, said, message, message.said_in_currency)
    for said in message.said:
        _hear(found, said, message, None)


def _hear(found: _Found, said: Said, message: OrderMessage, currency: str | None) -> None:
    match said:
        case MatchedTotal():
            pass  # of the order or of a part of it: what the list says of the whole, it claims
        case Filled():
            found.fills[said.fill_id] = StatementFill(
                fill_id=said.fill_id,
                size=said.size,
                price=said.price,
                at=message.occurred_at,
                provisional=said.provisional,
                fee=said.fee,
                currency=currency,
            )
        case FillVoided():
            known = found.fills.get(said.fill_id) or StatementFill(fill_id=said.fill_id)
            found.fills[said.fill_id] = replace(known, gone=True)
        case UnknownValueSeen():
            found.unknown = said
        case _:
            claims = getattr(said, "claims", None)
            if isinstance(claims, Claims):
                records = claims.records or found.claims.records
                found.claims = replace(_joined(found.claims, claims, _CLAIMS), records=records)


def _joined(known: Any, more: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - Terms or Claims
    """What the first tells, and what only the second does."""
    changes = {
        name: value
        for name in names
        if getattr(known, name) is None and (value := getattr(more, name)) is not None
    }
    return replace(known, **changes) if changes else known


def _profit(fields: Mapping[str, Any], name: str | None) -> Decimal | None:
    try:
        return None if name is None or fields.get(name) is None else amount(fields[name])
    except BadAmount as error:
        raise Unreadable(f"{name}: {error}") from error


def _changed(fields: Mapping[str, Any], name: str | None) -> datetime | None:
    """When the row last changed: evidence, so that what cannot be read is not told."""
    value = None if name is None else fields.get(name)
    if not isinstance(value, str):
        return None
    try:
        told = datetime.fromisoformat(value.strip())
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
