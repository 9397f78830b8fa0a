"""What stands in front of every route: a name for each request, a bound on its time, a log line."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.gateways.exact import BODY_BYTES_MAX, Exact

Seen = Callable[[str | None, str | None, int, float], None]
"""Told of each request: method, route, status, seconds."""
HEADER = "x-request-id"
BODY_S_MAX = 10.0
"""A body that is not all there by then is not waited for."""
TOO_LARGE = "the body is too large"
CLOSING = {"connection": "close"}
_NAME = re.compile(r"[\w.:-]{1,128}", re.ASCII)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """The way in. Logged are names, routes, statuses and times: nothing that a caller sent."""

    app: ASGIApp
    body_s_max: float = BODY_S_MAX
    seen: Seen | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket, from its first byte to its last."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        visit = _Visit(scope, receive, send, time.monotonic(), self.body_s_max)
        try:
            if (refused := visit.refused()) is not None:
                await refused(scope, visit.heard, visit.said)
            else:
                await self.app(scope, visit.heard, visit.said)
        except Exception:
            log.exception("a fault of ours", request_id=visit.name)
            if scope["type"] != "http" or visit.status:
                raise
            fault = Exact({"detail": "Internal server error"}, 500)
            await fault(scope, visit.heard, visit.said)
        finally:
            visit.logged()
            if self.seen is not None and scope["type"] == "http":
                self.seen(scope["method"], visit.route, visit.status, visit.took_s)


@dataclass(slots=True)
class _Visit:
    scope: Scope
    receive: Receive
    send: Send
    began: float
    body_s_max: float
    name: str = ""
    status: int = 0
    is_read: bool = False
    taken: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.headers = Headers(scope=self.scope)
        given = self.headers.get(HEADER, "")
        self.name = given if _NAME.fullmatch(given) else secrets.token_hex(8)
        self.scope.setdefault("state", {})["request_id"] = self.name

    def refused(self) -> Exact | None:
        """The answer to what is not let in at all."""
        if self.scope["type"] != "http":
            return None
        length = self.headers.get("content-length", "0")
        if len(length) > len(str(BODY_BYTES_MAX)) or int(length) > BODY_BYTES_MAX:
            return Exact({"detail": TOO_LARGE}, 413, headers=CLOSING)
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return Exact({"detail": "bodies are taken as they are, without encoding"}, 415)
        return None

    async def heard(self) -> Message:
        """What comes; a body must all be there in time, and be no larger than any request is."""
        if self.scope["type"] != "http" or self.is_read:
            return await self.receive()
        left = self.began + self.body_s_max - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0)):
                message = await self.receive()
        except TimeoutError as error:
            self.is_read = True
            raise HTTPException(408, "the body took too long", headers=CLOSING) from error
        self.is_read = not message.get("more_body", False)
        self.taken += len(message.get("body", b""))
        if self.taken > BODY_BYTES_MAX:
            self.is_read = True
            raise HTTPException(413, TOO_LARGE, headers=CLOSING)
        return message

    async def said(self, message: Message) -> None:
        """What leaves; every answer bears the request's name."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.name
        await self.send(message)

    @property
    def route(self) -> str | None:
        """Where it went, as the route is written; None when it went nowhere."""
        route: Any = self.scope.get("route")
        return getattr(route, "path", None)

    @property
    def took_s(self) -> float:
        """How long it has been here."""
        return time.monotonic() - self.began

    def logged(self) -> None:
        """One line about it."""
        log.info(
            "request" if self.scope["type"] == "http" else "socket",
            request_id=self.name,
            method=self.scope.get("method"),
            route=self.route,
            status=self.status or None,
            ms=round(self.took_s * 1000, 3),
            account=self.scope.get("state", {}).get("account"),
        )
