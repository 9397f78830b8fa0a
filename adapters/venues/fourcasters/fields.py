"""What is this venue's own in its fields: labels, words, rows, and one id in four spellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, PlainValidator

from adapters.venues.exact import text
from domain.wire import Unreadable

WORDS_LENGTH_MAX = 500


class WireModel(BaseModel):
    """A documented message: unknown fields are kept and not interpreted."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


def fields_of(value: object, where: str) -> Mapping[str, Any]:
    """`value` as a JSON object, or `Unreadable`."""
    if not isinstance(value, Mapping):
        raise Unreadable(f"{where}: not a JSON object")
    return cast("Mapping[str, Any]", value)


def rows_of(value: object, where: str) -> Sequence[object]:
    """`value` as a list of rows; documents and examples disagree on a single row: both are read."""
    if isinstance(value, Mapping):
        return [cast("Mapping[str, object]", value)]
    return items_of(value, where)


def items_of(value: object, where: str) -> Sequence[object]:
    """`value` as a JSON list, or `Unreadable`."""
    if not isinstance(value, list | tuple):
        raise Unreadable(f"{where}: not a JSON list")
    return cast("Sequence[object]", value)


def _label(value: object) -> str | None:
    """null, absent and "" all say that there is none (documented trap 10)."""
    return None if value is None else text(value) or None


def _words(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - pydantic reads ValueError only
    kept = "".join(sign if sign.isprintable() else " " for sign in value[:WORDS_LENGTH_MAX])
    return kept.strip() or None


Label = Annotated[str | None, PlainValidator(_label)]
"""A short text that may be missing; missing, null and empty are the same."""

Words = Annotated[str | None, PlainValidator(_words)]
"""What the venue says to a human: made printable, cut to a sane length."""

ORDER_ID = AliasChoices("orderID", "orderId", "sessionID", "sessionId")
"""One id, four spellings: the casing flips between request and answer, REST says session."""

GAME_ID = AliasChoices("gameID", "gameId")
