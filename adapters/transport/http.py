"""One request to a venue over HTTP: stored, sent, and its answer or its loss stored.

Nobody learns of an answer before that is stored.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import httpx2

from adapters.recording.lines import HttpReceived, HttpSent, Intent
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import Fate, Lost, TooLarge, fate_of
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds, Message, Recording, recorded, stored

__all__ = ["Answer", "Bounds", "HttpCall", "HttpTransport", "Message", "Recording"]


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request of ours. Credentials are no part of it: they are added when it leaves."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the venue said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates count: read once for all accounts, it takes 20 ms."""
    return httpx2.create_ssl_context(trust_env=False)


class HttpTransport:
    """The venue's HTTP side, for one account."""

    def __init__(
        self,
        base_url: str,
        recording: Recording,
        pace: Pace,
        credentials: Mapping[str, str],
        bounds: Bounds | None = None,
    ) -> None:
        self._recording = recording
        self._pace = pace
        self._bounds = bounds or Bounds()
        self._credentials = credentials
        timeout = httpx2.Timeout(self._bounds.answer_s, connect=self._bounds.connect_s)
        self._client = httpx2.AsyncClient(
            base_url=base_url,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(),
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()

    async def send(self, call: HttpCall, intent: Intent | None = None) -> Answer:
        """The venue's answer; raise `Lost` when none came: it knows whether it may be done."""
        await self._pace.take()
        exchange = self._recording.exchange()
        sent = HttpSent(
            exchange, call.method, call.path, call.query, tuple(call.headers.items()), call.body
        )
        leaving = Sent(sent, intent=intent)
        answer = await recorded(self._recording, exchange, leaving, lambda: self._exchanged(call))
        received = HttpReceived(exchange, answer.status, tuple(answer.headers.items()), answer.body)
        await stored(self._recording, Received(received))
        if (wait := _retry_after(answer)) is not None:
            self._pace.hold(wait)
        return answer

    async def _exchanged(self, call: HttpCall) -> Answer:
        try:
            async with (
                asyncio.timeout(self._bounds.connect_s + self._bounds.answer_s),
                self._client.stream(
                    call.method,
                    call.path,
                    params=list(call.query),
                    headers={**_ASKED, **call.headers, **self._credentials},
                    content=call.body or None,
                ) as response,
            ):
                body = await self._body(response)
                return Answer(response.status_code, dict(response.headers), body)
        except TimeoutError as error:
            raise Lost(Fate.TIMEOUT, "the answer took too long") from error
        except Exception as error:
            fate = fate_of(error)
            if fate is None:
                raise
            raise Lost(fate, f"{type(error).__name__}: {error}"[:200]) from error

    async def _body(self, response: httpx2.Response) -> bytes:
        """The body, unpacked here so that neither its bytes nor what they become are unbounded."""
        most = self._bounds.body_bytes_max
        unpack = _unpacker(response.headers.get("content-encoding", ""))
        taken, body = 0, bytearray()
        async for chunk in response.aiter_raw():
            taken += len(chunk)
            if taken > most:
                raise TooLarge(f"more than {most} bytes")
            body += unpack(chunk, most - len(body) + 1)
            if len(body) > most:
                raise TooLarge(f"unpacks to more than {most} bytes")
        return bytes(body)


_ASKED = {
    "accept": "application/json",
    "accept-encoding": "gzip",
    "content-type": "application/json",
}


_Unpack = Callable[[bytes, int], bytes]
"""From a chunk and the room that is left for what it becomes."""


def _unpacker(encoding: str) -> _Unpack:
    match encoding.strip().lower():
        case "" | "identity":
            return lambda chunk, _room: chunk
        case "gzip" | "deflate":
            stream = zlib.decompressobj(zlib.MAX_WBITS | 32)

            def unpacked(chunk: bytes, room: int) -> bytes:
                try:
                    return stream.decompress(chunk, room)
                except zlib.error as error:
                    raise httpx2.DecodingError(f"bad {encoding}: {error}") from error

            return unpacked
        case _:
            raise httpx2.DecodingError(f"an encoding that was not asked for: {encoding!r}")


def _retry_after(answer: Answer) -> float | None:
    """How long the venue wants to be left alone, in seconds; at most a minute is believed."""
    told = answer.headers.get("retry-after", "")
    if answer.status not in {429, 503} or not told.isdigit():
        return None
    return float(min(int(told), 60))
