"""A venue somewhere else: what its clients ask is kept and passed on, what it answers is kept too.

A client needs another base URL and nothing else: path, query, body and headers go on as they came.
What opens anything goes on with them and is never stored.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response

from adapters.gateways.exact import Exact
from adapters.gateways.frame import Recording
from adapters.transport.http import Answer, HttpCall, HttpTransport
from adapters.transport.losses import Fate, Lost
from adapters.transport.pacing import Pace
from domain.values import Account

CALLERS_MAX = 1_000
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OPENING = frozenset(
    {
        *("authorization", "cookie", "x-abp-api-key", "x-api-key", "x-auth-token", "x-signature"),
        *("x-access-token", "x-api-secret", "x-session-token", "x-csrf-token"),
    }
)
"""What opens something goes on beside the recording, not through it; of further headers the log
keeps the values of an allow-list alone."""
_NOT_PASSED = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"),
        *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_NOT_RETURNED = _NOT_PASSED | {"content-encoding", "date", "server"}


class _AsTheClientPleases(Pace):
    """The client keeps the venue's limits, or learns of them from the venue."""

    def __init__(self) -> None:
        super().__init__((), time.monotonic)

    def hold(self, seconds: float) -> None:
        """Whoever was told to wait is the client."""
        del seconds


@dataclass(slots=True)
class Upstream:
    """One venue at one address; an account for each set of credentials that a client comes with."""

    venue: str
    base_url: str
    open_recording: Callable[[Account], Recording]
    secret: bytes
    """What keys are named under: without it nobody can tell which key a name is of."""
    account: str | None = None
    """Whose traffic it is, where that is known. Else each key is an account: `key-…`."""
    _callers: dict[bytes, HttpTransport] = field(default_factory=dict[bytes, HttpTransport])

    async def passed_on(self, call: HttpCall, credentials: Mapping[str, str]) -> Answer:
        """The venue's answer; raise `Lost` when there is none."""
        told = "\n".join(f"{name}: {value}" for name, value in sorted(credentials.items()))
        key = hashlib.blake2b(told.encode(), key=self.secret[:64]).digest()
        caller = self._callers.get(key)
        if caller is None:
            if len(self._callers) >= CALLERS_MAX:
                await self._callers.pop(next(iter(self._callers))).close()
            owner = Account(self.venue, self.account or f"key-{key.hex()[:12]}")
            recording = self.open_recording(owner)
            caller = HttpTransport(self.base_url, recording, _AsTheClientPleases(), credentials)
            self._callers[key] = caller
        return await caller.send(call)

    async def close(self) -> None:
        """Let the connections go."""
        for caller in self._callers.values():
            await caller.close()


def passing_on(upstream: Upstream) -> APIRouter:
    """Every path that is nobody else's, passed on."""
    routes = APIRouter()

    @routes.api_route("/{path:path}", methods=list(METHODS), include_in_schema=False)
    async def any_path(path: str, request: Request) -> Response:
        """Whatever the venue answers."""
        del path
        headers = {
            name: value for name, value in request.headers.items() if name not in _NOT_PASSED
        }
        call = HttpCall(
            request.method,
            request.url.path,
            request.query_params.multi_items(),
            {name: value for name, value in headers.items() if name not in _OPENING},
            await request.body(),
        )
        opening = {name: value for name, value in headers.items() if name in _OPENING}
        try:
            answer = await upstream.passed_on(call, opening)
        except Lost as lost:
            status = 504 if lost.fate is Fate.TIMEOUT else 502
            return Exact({"detail": f"the venue did not answer: {lost.fate.value}"}, status)
        kept = {name: told for name, told in answer.headers.items() if name not in _NOT_RETURNED}
        return Response(answer.body, answer.status, kept)

    return routes
