"""An event of the log as others get it: CloudEvents 1.0 in JSON, one pure function of a log row.

`docs/adr/0081-an-event-leaves-as-it-is-stored.md` says what each attribute is and why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast, get_args
from urllib.parse import quote
from uuid import UUID

import msgspec

from adapters.codec import TOPICS, BrokenState, UnknownTopic, moment
from adapters.publishing.shapes import amount_written, reader
from domain.desk import DeskEvent
from domain.events import OrderEvent
from domain.notices import NoticeEvent
from domain.requests import RequestEvent
from domain.runs import RunEvent

SPECVERSION: Final = "1.0"
MEDIA_TYPE: Final = "application/cloudevents+json"
SCHEMA_PREFIX: Final = "urn:breakwater:event:"
"""A stored name and version behind it is the name of the schema of the event's data."""

FAMILIES: Final[Mapping[str, tuple[type, ...]]] = {
    "orders": get_args(OrderEvent),
    "cancels": get_args(RequestEvent),
    "notices": get_args(NoticeEvent),
    "runs": get_args(RunEvent),
    "desk": get_args(DeskEvent),
}
"""What streams there are, by the kinds of their events: the first part of a subject."""

_FAMILY: Final[Mapping[str, str]] = {
    TOPICS[kind]: family for family, kinds in FAMILIES.items() for kind in kinds
}
_READERS: Final[Mapping[str, Callable[[bytes], Any]]] = {
    topic: reader(kind) for kind, topic in TOPICS.items()
}


class CloudEvent(msgspec.Struct, omit_defaults=True, gc=False):
    """The attributes, in the order in which they are written."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    dataschema: str
    position: int
    streamversion: int
    venue: str
    account: str
    observedtime: str
    recordedtime: str
    occurredtime: str | msgspec.UnsetType = msgspec.UNSET
    capture: str | msgspec.UnsetType = msgspec.UNSET
    seq: int | msgspec.UnsetType = msgspec.UNSET
    data: Any = msgspec.UNSET


class Told(NamedTuple):
    """An event on its way out: where it stands, whose it is, and its JSON."""

    position: int
    event_id: str
    topic: str
    venue: str
    account: str
    body: bytes


_encode = msgspec.json.Encoder(enc_hook=amount_written).encode


def told(  # noqa: PLR0913, PLR0917 - the columns of a log row, in order
    position: int,
    stream: UUID,
    version: int,
    topic: str,
    state: bytes,
    recorded_at: int,
    capture: str | None,
    seq: int | None,
) -> Told:
    """The event of a log row; raise `UnknownTopic` or `BrokenState` naming the position."""
    try:
        stored = _READERS[topic](state)
    except KeyError as error:
        raise UnknownTopic(
            f"position {position} holds {topic!r}, which this program does not know; "
            "it was written by a newer version"
        ) from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BrokenState(f"position {position} ({topic}): {error}") from error
    occurred = stored.occurred
    event = CloudEvent(
        SPECVERSION,
        stored.id,
        source_of(stored.venue, stored.account),
        topic,
        f"{_FAMILY[topic]}/{stream}",
        stored.observed if occurred is msgspec.UNSET else occurred,
        SCHEMA_PREFIX + topic,
        position,
        version,
        stored.venue,
        stored.account,
        stored.observed,
        _time(recorded_at),
        occurred,
        msgspec.UNSET if capture is None else capture,
        msgspec.UNSET if seq is None else seq,
        stored.data,
    )
    return Told(position, stored.id, topic, stored.venue, stored.account, _encode(event))


def cloudevent(*row: Any) -> dict[str, Any]:  # noqa: ANN401 - as `told` takes it
    """The same as a mapping, for whoever wants its parts."""
    return cast("dict[str, Any]", json.loads(told(*row).body, parse_float=Decimal))


@lru_cache(maxsize=4096)
def source_of(venue: str, account: str) -> str:
    """Whose event it is, as a URI reference."""
    return f"/venues/{quote(venue, safe='')}/accounts/{quote(account, safe='')}"


@lru_cache(maxsize=4096)
def _time(recorded_at: int) -> str:
    return moment(recorded_at).isoformat(timespec="microseconds").replace("+00:00", "Z")
