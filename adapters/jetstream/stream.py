"""A stream of a NATS server, written to by one publisher, each message behind the last it knows.

Messages are sent many at a time, each with the number that the stream must have reached before it
(`Nats-Expected-Last-Sequence`). So whatever fails in the middle, nothing after it is taken, and a
publisher whose place was taken by another one can add nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, Final, NamedTuple, cast

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import AuthorizationError, MaxPayloadError
from nats.errors import Error as NatsError
from nats.js.api import Header, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from adapters.jetstream.errors import Denied, Interrupted
from adapters.jetstream.resuming import End
from domain.ports import Conflict

CONNECT_S_MAX: Final = 3
ANSWER_S_MAX: Final = 5.0
"""A server that has not acknowledged by then is asked again where its stream ends."""
CONTENT_TYPE: Final = "application/cloudevents+json"
POSITION: Final = "Breakwater-Position"
_ID: Final = str(Header.MSG_ID.value)
_LAST: Final = str(Header.EXPECTED_LAST_SEQUENCE.value)
_STREAM: Final = str(Header.EXPECTED_STREAM.value)
_OVERLAP: Final = 10065
_OTHER_STREAM: Final = 10060


class Message(NamedTuple):
    """An event on its way to the server."""

    position: int
    event_id: str
    subject: str
    body: bytes


class Sent(NamedTuple):
    """How many messages, from the first, the stream has now; and why not the rest."""

    taken: int
    trouble: str | None


class Stream:
    """A stream, over one connection; when that is lost, it is over."""

    def __init__(self, client: Client, name: str) -> None:
        self.name = name
        self._client = client
        self._context: JetStreamContext = client.jetstream(timeout=ANSWER_S_MAX)  # pyright: ignore[reportUnknownMemberType] - untyped options
        self._inbox = client.new_inbox()
        self._number = 0
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def open(self, prefix: str) -> None:
        """Make the stream if there is none, and listen for acknowledgements."""
        try:
            await self._context.stream_info(self.name)
        except NotFoundError:
            await self._make(prefix)
        await self._client.subscribe(f"{self._inbox}.*", cb=self._heard)  # pyright: ignore[reportUnknownMemberType] - a bare Future

    async def end(self) -> End:
        """How the stream ends."""
        state = (await self._context.stream_info(self.name)).state
        if state.messages == 0:
            return End(state.last_seq)
        try:
            last = await self._context.get_msg(self.name, seq=state.last_seq)
        except NotFoundError:
            return End(state.last_seq)
        headers = cast("Mapping[str, str]", last.headers or {})  # pyright: ignore[reportUnknownMemberType] - a bare Dict
        position = headers.get(POSITION, "")
        known = int(position) if position.isdecimal() else None
        return End(state.last_seq, known, headers.get(_ID), is_there=True)

    async def send(self, messages: Sequence[Message], behind: int) -> Sent:
        """Add the messages behind number `behind`; return when every one was answered, or none is.

        What is not counted as sent was not taken, or is not known to be: ask for the `end`.
        """
        answers: list[asyncio.Future[dict[str, Any]]] = []
        trouble: str | None = None
        for index, message in enumerate(messages):
            try:
                answers.append(await self._send(message, behind + index))
            except MaxPayloadError:
                trouble = (
                    f"position {message.position} has {len(message.body)} bytes, more than the "
                    f"server takes ({self._client.max_payload}); raise its max_payload"
                )
                break
            except (NatsError, OSError) as error:
                trouble = f"the connection was lost ({type(error).__name__})"
                break
        if answers:
            await asyncio.wait(answers, timeout=ANSWER_S_MAX)
        for index, answer in enumerate(answers):
            refusal = _refusal(answer, behind + index + 1)
            if refusal is not None:
                self._forget(answers)
                return Sent(index, refusal)
        return Sent(len(answers), trouble)

    def lost(self) -> None:
        """The connection is gone: nobody waits for an answer that cannot come."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.cancel()
        self._waiting.clear()

    async def _send(self, message: Message, expected: int) -> asyncio.Future[dict[str, Any]]:
        self._number += 1
        token = str(self._number)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[token] = answer
        headers = {
            "Content-Type": CONTENT_TYPE,
            POSITION: str(message.position),
            _ID: message.event_id,
            _LAST: str(expected),
            _STREAM: self.name,
        }
        try:
            await self._client.publish(
                message.subject, message.body, reply=f"{self._inbox}.{token}", headers=headers
            )
        except BaseException:
            del self._waiting[token]
            raise
        return answer

    async def _heard(self, message: Msg) -> None:
        answer = self._waiting.pop(message.subject.rpartition(".")[2], None)
        if answer is None or answer.done():
            return
        if not message.data:  # the server's "nobody is there", told in a header
            answer.set_result({"error": {"description": "no stream takes this subject"}})
            return
        answer.set_result(json.loads(message.data, parse_float=Decimal))

    def _forget(self, answers: Sequence[asyncio.Future[dict[str, Any]]]) -> None:
        given_up = set(answers)
        self._waiting = {k: v for k, v in self._waiting.items() if v not in given_up}

    async def _make(self, prefix: str) -> None:
        subjects = [f"{prefix}.>"]
        try:
            await self._context.add_stream(StreamConfig(name=self.name, subjects=subjects))  # pyright: ignore[reportUnknownMemberType] - untyped options
        except APIError as error:
            if error.err_code != _OVERLAP:
                raise
            raise Conflict(
                f"another stream of the server takes {subjects[0]} already; name it by --stream, "
                "or publish under another --prefix"
            ) from error


def _refusal(answer: asyncio.Future[dict[str, Any]], due: int) -> str | None:
    """Why a message is not known to be in the stream at its place; None when it is."""
    if answer.cancelled():
        return "the connection was lost"
    if not answer.done():
        return f"the server did not acknowledge within {ANSWER_S_MAX:g} s"
    told = answer.result()
    error = told.get("error")
    if error is not None:
        if error.get("err_code") == _OTHER_STREAM:
            raise Conflict(
                "the subject belongs to another stream of the server; name it by --stream, or "
                "publish under another --prefix"
            )
        return f"the server refuses: {error.get('description')}"
    if told.get("duplicate") or told.get("seq") != due:
        return (
            "the server took this event for a repeat of one that it has had (message "
            f"{told.get('seq')}); it forgets such after the stream's duplicate window"
        )
    return None


@asynccontextmanager
async def connected(url: str, name: str, prefix: str) -> AsyncGenerator[Stream]:
    """The stream of the server at `url`; raise `Interrupted` while it cannot be had."""
    said: list[str] = []
    open_streams: list[Stream] = []

    async def hear(error: Exception) -> None:
        said.append(str(error))

    async def closed() -> None:
        for stream in open_streams:
            stream.lost()

    client = Client()
    try:
        await client.connect(  # pyright: ignore[reportUnknownMemberType] - untyped options
            url.split(","),
            name="breakwater",
            allow_reconnect=False,  # a new connection asks first where the stream ends
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=CONNECT_S_MAX,
            error_cb=hear,
            closed_cb=closed,
        )
    except (NatsError, OSError, TimeoutError) as error:
        await client.close()
        if isinstance(error, AuthorizationError) or any("uthorization" in one for one in said):
            raise Denied("the server does not let us in: see to name and password") from error
        raise Interrupted(f"the server cannot be reached ({_words(error)})") from error
    try:
        stream = Stream(client, name)
        open_streams.append(stream)
        await stream.open(prefix)
        yield stream
    except (NatsError, OSError, TimeoutError) as error:
        raise Interrupted(_words(error)) from error
    finally:
        await client.close()


def _words(error: BaseException) -> str:
    if isinstance(error, APIError) and error.description:
        return f"the server refuses: {error.description}"
    return str(error) or type(error).__name__
