"""`/v1/events`: the log as CloudEvents, a page at a time or as it grows, for a key's account.

A page that is as large as it may be never changes: the log only grows. Positions that are another
account's are passed over, and `next` says how far the page reaches, so that a reader who asks after
`next` misses nothing and gets nothing twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response, Security
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Clients
from adapters.gateways.exact import Exact
from adapters.gateways.metering import Meters
from adapters.gateways.outgoing import (
    BeyondTheEnd,
    CannotBeRead,
    EventPage,
    Events,
    NoSuchType,
    NotReachable,
)
from adapters.gateways.streaming import PACE, EventStream, Listener, Pace, Streaming
from adapters.gateways.v1 import BEARER, KEY, LIMIT_MAX, Known, reader
from domain.values import Account

LIMIT = 100
POSITION_MAX = (1 << 63) - 1
PAGE_BYTES_MAX = 4 << 20
"""A page of large events ends here, before its limit; `next` says where to go on."""
UNCHANGING = "private, max-age=31536000, immutable"

After = Annotated[int, Query(ge=0, le=POSITION_MAX, description="Events behind this position")]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Events of a page, at most")]
Types = Annotated[
    list[str] | None,
    Query(
        alias="type",
        max_length=LIMIT,
        description="Only these: `Filled` (every version) or `Filled:1`; may be given again",
    ),
]
LastId = Annotated[
    int | None, Header(alias="last-event-id", ge=0, le=POSITION_MAX, description="Where to go on")
]


def events(
    source: Events,
    clients: Clients,
    venues: Sequence[str],
    pace: Pace = PACE,
    meters: Meters | None = None,
) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["Events"])
    whose = reader(clients, venues)
    streaming = Streaming(source, pace, meters or Meters(), Counter())

    def lasting(
        request: Request,
        key: Annotated[str | None, Security(KEY)],
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    ) -> Listener:
        ask = partial(whose, request, key, bearer)
        ask()
        return Listener(request.state.key_id, ask)

    reads, follows = Depends(whose), Depends(lasting)

    @routes.get("/events", summary="Events", operation_id="v1_events", responses=_TOLD)
    def page(
        owner: Account | None = reads,
        after: After = 0,
        limit: Limit = LIMIT,
        types: Types = None,
        known: Known = None,
    ) -> Response:
        """The events behind a position, in the order of the log."""
        found = asked(partial(source.page, owner, after, limit, types or (), PAGE_BYTES_MAX))
        told = b'{"events":[%b],"count":%d,"next":%d}' % (
            b",".join(body for _, body in found.events),
            len(found.events),
            found.next,
        )
        headers = _headers(told, unchanging=found.unchanging)
        if known is not None and _is_known(headers["etag"], known):
            return Response(status_code=304, headers=headers)
        return Response(told, media_type="application/json", headers=headers)

    @routes.get(
        "/events/stream",
        summary="Events as they come",
        operation_id="v1_events_stream",
        responses=_STREAMED,
    )
    def stream(
        listener: Listener = follows,
        after: After = 0,
        types: Types = None,
        last: LastId = None,
    ) -> Response:
        """Server-sent events: what is behind a position, and then each event as it is stored."""
        begin = after if last is None else last
        asked(partial(source.page, listener.whose(), begin, 1, types or (), 1))
        return EventStream(streaming, listener, begin, types or ())

    _describe(routes, source)
    return routes


def _describe(routes: APIRouter, source: Events) -> None:
    """What a reader needs to know beforehand: no key opens more of it."""

    @routes.get(
        "/events/types/{name}",
        summary="The JSON Schema of one type of events",
        operation_id="v1_events_type",
        responses={404: _problem("Nothing that is stored is called so")},
    )
    def schema(name: str) -> Response:
        """By stored name and version, as `type` of an event has it."""
        found = source.schema(name)
        if found is None:
            raise HTTPException(404, "no events are called so; /v1/asyncapi.json lists them")
        return Exact(found)

    @routes.get("/asyncapi.json", summary="The feed described", operation_id="v1_asyncapi")
    def asyncapi() -> Response:
        """The feed as an AsyncAPI 3.0 document."""
        return Exact(source.described())


def asked(page: Callable[[], EventPage]) -> EventPage:
    """The page, or the answer that says why there is none."""
    try:
        return page()
    except NoSuchType as error:
        raise HTTPException(422, str(error)) from error
    except BeyondTheEnd as error:
        raise HTTPException(409, str(error)) from error
    except CannotBeRead as error:
        raise HTTPException(500, str(error)) from error
    except NotReachable as error:
        raise HTTPException(503, str(error), headers={"retry-after": "1"}) from error


def _headers(body: bytes, *, unchanging: bool) -> dict[str, str]:
    mark = hashlib.blake2b(body, digest_size=16).hexdigest()
    return {
        "etag": f'"{mark}"',
        "vary": "authorization, x-api-key",
        "cache-control": UNCHANGING if unchanging else "private, no-cache",
    }


def _is_known(tag: str, known: str) -> bool:
    named = {part.strip().removeprefix("W/") for part in known.split(",")}
    return tag in named or "*" in named


def _problem(words: str) -> dict[str, Any]:
    detail = {"type": "object", "properties": {"detail": {"type": "string"}}}
    return {"description": words, "content": {"application/json": {"schema": detail}}}


_REFUSED: dict[int | str, dict[str, Any]] = {
    401: _problem("No key, or one that is good no more"),
    403: _problem("The key is not good for reading"),
    409: _problem("The position is behind the end of this log"),
    422: _problem("A parameter does not fit"),
    500: _problem("The log cannot be read"),
    503: _problem("The database does not answer now"),
}
_EVENT: Mapping[str, Any] = {
    "type": "object",
    "description": "A CloudEvent; the schema of its data is at /v1/events/types/{type}",
    "required": ["specversion", "id", "source", "type", "position", "data"],
}
_PAGE: Mapping[str, Any] = {
    "type": "object",
    "required": ["events", "count", "next"],
    "properties": {
        "events": {"type": "array", "items": _EVENT},
        "count": {"type": "integer", "description": "How many events the page has"},
        "next": {
            "type": "integer",
            "description": "Ask for what is behind it; nothing is left when it is what was asked",
        },
    },
}
_TOLD: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page", "content": {"application/json": {"schema": _PAGE}}},
    304: {"description": "As it was"},
    **_REFUSED,
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Each event with its position as `id`",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    429: _problem("The key follows as many streams as it may"),
    **_REFUSED,
}
