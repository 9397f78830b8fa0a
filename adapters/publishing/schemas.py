"""JSON Schemas (2020-12) of the data of every stored event, made from the domain's dataclasses.

They say what leaves, not what is refused: fields may be added to a version, and words to a list of
words (`x-extensible-enum`), without a new one; `adapters.publishing.compatible` holds the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from adapters.codec import TOPICS
from adapters.publishing.cloudevents import SCHEMA_PREFIX
from domain.values import plain

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
AMOUNT: Final[Schema] = {
    "title": "Amount",
    "description": "An exact decimal as text, without exponent or trailing zeros. Never a float.",
    "type": "string",
    "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$",
}
TIME: Final[Schema] = {
    "title": "Time",
    "description": "RFC 3339 in UTC, up to microseconds.",
    "type": "string",
    "format": "date-time",
    "pattern": "Z$",
}
_PLAIN: Final[Mapping[object, Schema]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    UUID: {"type": "string", "format": "uuid"},
    NoneType: {"type": "null"},
}


def schemas() -> dict[str, Schema]:
    """The schema of each stored name and version, whole in itself."""
    return {topic: schema_of(kind, topic) for kind, topic in TOPICS.items()}


def schema_of(kind: type[Any], topic: str) -> Schema:
    """The schema of the data of one kind of event."""
    definitions: dict[str, Schema] = {}
    told = _object(kind, definitions)
    whole: Schema = {"$schema": DIALECT, "$id": SCHEMA_PREFIX + topic, **told}
    if definitions:
        whole["$defs"] = dict(sorted(definitions.items()))
    return whole


def _object(kind: type[Any], definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    columns = fields(kind)
    told: Schema = {
        "title": kind.__name__,
        "description": cleandoc(kind.__doc__ or ""),
        "type": "object",
        "properties": {
            column.name: _field(column, hints[column.name], definitions) for column in columns
        },
    }
    needed = [column.name for column in columns if column.default is MISSING]
    if needed:
        told["required"] = needed
    return told


def _field(column: Field[Any], hint: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - a type annotation
    """What may be absent is never null: then nobody told it, or it is the default that stands."""
    if column.default is not MISSING and get_origin(hint) in {UnionType, Union}:
        options = tuple(option for option in get_args(hint) if option is not NoneType)
        hint = Union[options]  # noqa: UP007 - made of a list
    told = _typed(hint, definitions)
    if column.default is MISSING or column.default is None:
        return told
    return {**told, "default": _shown(column.default)}


def _typed(hint: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401, PLR0911 - a type annotation; one way out for each
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {UnionType, Union}:
        return {"anyOf": [_typed(option, definitions) for option in arguments]}
    if origin is tuple and Ellipsis in arguments:
        return {"type": "array", "items": _typed(arguments[0], definitions)}
    if origin is tuple:
        parts = [_typed(part, definitions) for part in arguments]
        size = len(parts)
        return {"type": "array", "prefixItems": parts, "minItems": size, "maxItems": size}
    if issubclass(hint, Decimal):
        return _defined("Amount", AMOUNT, definitions)
    if issubclass(hint, datetime):
        return _defined("Time", TIME, definitions)
    if issubclass(hint, Enum):
        words: Schema = {
            "title": hint.__name__,
            "description": cleandoc(hint.__doc__ or ""),
            "type": "string",
            "x-extensible-enum": sorted(str(word.value) for word in hint),
        }
        return _defined(hint.__name__, words, definitions)
    return _part(hint, definitions)


def _part(kind: type[Any], definitions: dict[str, Schema]) -> Schema:
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is no part of an event")
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # before its fields: it may stand in one of them
        definitions[name] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _defined(name: str, schema: Schema, definitions: dict[str, Schema]) -> Schema:
    definitions.setdefault(name, dict(schema))
    return {"$ref": f"#/$defs/{name}"}


def _shown(default: object) -> object:
    """A default as JSON has it."""
    if isinstance(default, Decimal):
        return plain(default)
    if isinstance(default, Enum):
        return str(default.value)
    if isinstance(default, tuple):
        return []
    return {} if is_dataclass(default) else default
