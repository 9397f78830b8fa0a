"""A route whose requests and answers are kept: an answer leaves when it is stored."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame
from adapters.recording.lines import HttpReceived, HttpSent

log = structlog.get_logger()

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Refuse = Callable[[HTTPException | RequestValidationError], Response]
"""How the venue puts an error."""


def recorded_by(frame: Frame, refuse: Refuse) -> type[APIRoute]:
    """A kind of route that keeps what a recognised caller asks and is answered.

    The handler puts the caller into `request.state.client`. Between what it does and its answer
    nothing else of the venue happens, as long as it does not wait: so the recording has the order
    in which things were.
    """

    class Recorded(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def recorded(request: Request) -> Response:
                at = frame.clock()
                body = await request.body()
                frame.book.expire()
                try:
                    answer = await handle(request)
                except (HTTPException, RequestValidationError) as error:
                    answer = refuse(error)
                except Exception:
                    log.exception("a fault of ours", request_id=_name(request))
                    answer = refuse(HTTPException(500, "Internal server error"))
                client: Client | None = getattr(request.state, "client", None)
                if client is not None:
                    request.state.account = client.owner.account
                    await _keep(frame, client, request, at, body, answer)
                return answer

            return recorded

    return Recorded


def _name(request: Request) -> str:
    """The request's name in the service's log (`adapters.gateways.door`)."""
    return getattr(request.state, "request_id", "-")


async def _keep(  # noqa: PLR0913, PLR0917 - both halves of an exchange, and whose they are
    frame: Frame, client: Client, request: Request, at: datetime, body: bytes, answer: Response
) -> None:
    exchange = frame.recording(client.owner).exchange()
    query, headers = request.query_params.multi_items(), request.headers.items()
    sent = HttpSent(exchange, request.method, request.url.path, query, headers, body)
    named = [*answer.headers.items(), ("x-request-id", _name(request))]
    ours = isinstance(answer, Exact)
    received = HttpReceived(exchange, answer.status_code, named, bytes(answer.body), ours)
    await frame.answered(client.owner, sent, at, received)
