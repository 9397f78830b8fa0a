"""How an event is stored: a name and version of our own, and JSON that a human can read.

The domain's dataclasses are the only definition. msgspec reads and writes them without a second
model and was the fastest of those measured (docs/performance.md, "codec"). The stored name is the
event's own name and never a class path: `Cancelled:1`. Fields that are absent or at their default
are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from domain.events import Event
from domain.recorded import Pending, Recorded
from domain.values import Account

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

KINDS: tuple[type, ...] = get_args(Event)
"""Every kind of event that is stored."""

VERSIONS: Mapping[str, int] = {kind.__name__: 1 for kind in KINDS}
"""The version that each kind is written with."""

TOPICS: Mapping[type, str] = {kind: f"{kind.__name__}:{VERSIONS[kind.__name__]}" for kind in KINDS}


class UnknownTopic(LookupError):
    """The log holds an event of a name or version that this program does not know."""


class BrokenState(ValueError):
    """The stored bytes of an event do not fit its definition."""


def micros(moment: datetime) -> int:
    """Microseconds since the epoch, exactly."""
    return (moment - EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The aware UTC time that `micros` made."""
    return EPOCH + timedelta(microseconds=value)


Mirror = Callable[[Any], Any]
_MIRRORS: dict[type, Mirror] = {}


def _mirror(kind: type) -> Mirror:
    """A function that copies a `kind` into a struct which is written without its defaults.

    msgspec leaves defaults out for its own structs only; the structs are made from the
    dataclasses, so that these stay the one definition.
    """
    found = _MIRRORS.get(kind)
    if found is not None:
        return found
    hints = get_type_hints(kind)
    columns: list[Any] = []
    nested: list[tuple[int, Callable[[Any], Any], Any, Any]] = []
    for index, column in enumerate(fields(kind)):
        column_type: Any = Any
        inner = _inner(hints[column.name])
        default = column.default
        if inner is None:
            column_type = hints[column.name]
        else:
            copied = default if default is MISSING or default is None else inner(default)
            nested.append((index, inner, default, copied))
            default = copied
        if default is MISSING:
            columns.append((column.name, column_type))
        else:
            columns.append((column.name, column_type, default))
    struct = msgspec.defstruct(
        kind.__name__, columns, omit_defaults=True, kw_only=False, frozen=True, gc=False
    )
    names = [column.name for column in fields(kind)]
    read = attrgetter(*names) if len(names) > 1 else None

    def mirror(value: Any) -> Any:  # noqa: ANN401 - any dataclass of the domain
        values = list(read(value)) if read else [getattr(value, names[0])] if names else []
        for index, convert, default, copied in nested:
            inside = values[index]
            if inside is not None:  # msgspec leaves out the very object that is the default
                values[index] = copied if inside == default else convert(inside)
        return struct(*values)

    _MIRRORS[kind] = mirror
    return mirror


def _inner(hint: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 - a type annotation
    """How to copy a field that holds a dataclass or a tuple of them; None for plain values."""
    for option in (hint, *get_args(hint)):
        if is_dataclass(option) and isinstance(option, type):
            if get_origin(hint) is tuple:
                each = _mirror(option)
                return lambda items: tuple(each(item) for item in items)
            return _mirror(option)
    return None


def _time_written(value: Any) -> str:  # noqa: ANN401 - whatever msgspec does not know
    """A time of a subclass, as msgspec writes a time; freezegun's times are of one."""
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is no part of an event")
    return value.isoformat().replace("+00:00", "Z")


def _time_read(kind: Any, value: str) -> Any:  # noqa: ANN401 - a class that msgspec does not know
    """A time, when this module was imported while freezegun stood in for the real class.

    Every other type of a fact is known to msgspec, or the readers could not be made.
    """
    return kind.fromisoformat(value)


class _Envelope(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """What stands around an event's data; a time that the venue did not tell is left out."""

    id: UUID
    venue: str
    account: str
    observed: datetime
    occurred: datetime | None = None
    data: Any = None


_encode = msgspec.json.Encoder(enc_hook=_time_written).encode


def encode(pending: Pending) -> tuple[str, bytes]:
    """The stored name and bytes of an event."""
    _, _, owner, event_id, occurred_at, observed_at, _, _, event = pending
    kind = type(event)
    mirror = _MIRRORS.get(kind) or _mirror(kind)
    stored = _Envelope(
        event_id, owner.venue, owner.account, observed_at, occurred_at, mirror(event)
    )
    return TOPICS[kind], _encode(stored)


def _decoder(kind: type) -> Callable[[bytes], Any]:
    envelope = msgspec.defstruct(
        f"Stored{kind.__name__}",
        [
            ("id", UUID),
            ("venue", str),
            ("account", str),
            ("observed", datetime),
            ("data", kind),
            ("occurred", datetime | None, None),
        ],
        gc=False,
    )
    return msgspec.json.Decoder(envelope, dec_hook=_time_read).decode


DECODERS: Mapping[str, Callable[[bytes], Any]] = {
    topic: _decoder(kind) for kind, topic in TOPICS.items()
}
"""How the bytes of each stored name are read: into an envelope around the event."""
_OWNERS: dict[tuple[str, str], Account] = {}
_OWNERS_MAX = 100_000


def _owner(venue: str, account: str) -> Account:
    owner = _OWNERS.get((venue, account))
    if owner is None:
        if len(_OWNERS) >= _OWNERS_MAX:
            _OWNERS.clear()
        owner = _OWNERS[venue, account] = Account(venue, account)
    return owner


_recorded_at = lru_cache(maxsize=4096)(moment)
"""All events of a batch were recorded at one moment."""


def decode(  # noqa: PLR0913, PLR0917 - the columns of a log row, in order
    position: int,
    stream: UUID,
    version: int,
    topic: str,
    state: bytes,
    recorded_at: int,
    capture: str | None,
    seq: int | None,
) -> Recorded:
    """The event of a log row; raise `UnknownTopic` or `BrokenState` naming the position."""
    try:
        stored = DECODERS[topic](state)
    except KeyError as error:
        raise UnknownTopic(
            f"position {position} holds {topic!r}, which this program does not know; "
            "it was written by a newer version"
        ) from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BrokenState(f"position {position} ({topic}): {error}") from error
    return Recorded(
        position,
        stream,
        version,
        _owner(stored.venue, stored.account),
        stored.id,
        stored.occurred,
        stored.observed,
        _recorded_at(recorded_at),
        capture,
        seq,
        stored.data,
    )


def name_of(event: Event) -> str:
    """What the event is called where people and programs read it: `Cancelled`."""
    return type(event).__name__
