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
from adapters.gateways.upstream_entry import NOT_PASSED, Entry, entry_of
from adapters.gateways.upstream_sockets import passing_sockets
from adapters.transport.http import Answer, HttpCall, HttpTransport
from adapters.transport.losses import Fate, Lost
from adapters.transport.pacing import Pace
from domain.values import Account

CALLERS_MAX = 1_000
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NOT_RETURNED = NOT_PASSED | {"content-encoding", "date", "server"}


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

    async def passed_on(self, call: HttpCall, comes: Entry) -> Answer:
        """The venue's answer; raise `Lost` when there is none."""
        key = self._key(comes.names)
        caller = self._callers.get(key)
        if caller is None:
            if len(self._callers) >= CALLERS_MAX:
                await self._callers.pop(next(iter(self._callers))).close()
            recording = self.recording(comes.names)
            pace = _AsTheClientPleases()
            caller = HttpTransport(self.base_url, recording, pace, comes.opening)
            self._callers[key] = caller
        return await caller.send(call)

    def recording(self, credentials: Mapping[str, str]) -> Recording:
        """A new recording of whoever comes with these credentials."""
        name = self.account or f"key-{self._key(credentials).hex()[:12]}"
        return self.open_recording(Account(self.venue, name))

    def _key(self, credentials: Mapping[str, str]) -> bytes:
        told = "\n".join(f"{name}: {value}" for name, value in sorted(credentials.items()))
        return hashlib.blake2b(told.encode(), key=self.secret[:64]).digest()

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
        comes = entry_of(request)
        call = HttpCall(
            request.method,
            request.url.path,
            request.query_params.multi_items(),
            comes.headers,
            await request.body(),
        )
        try:
            answer = await upstream.passed_on(call, comes)
        except Lost as lost:
            status = 504 if lost.fate is Fate.TIMEOUT else 502
            return Exact({"detail": f"the venue did not answer: {lost.fate.value}"}, status)
        kept = {name: told for name, told in answer.headers.items() if name not in _NOT_RETURNED}
        return Response(answer.body, answer.status, kept)

    routes.include_router(passing_sockets(upstream.base_url, upstream.recording))
    return routes
