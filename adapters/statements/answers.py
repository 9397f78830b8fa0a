"""The answers in a file, whichever way it was saved: plain, line by line, recorded, or as HAR."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import msgspec

from adapters.statements.errors import NotAStatement
from adapters.statements.files import DOCUMENT_BYTES_MAX, MARK, File
from adapters.statements.objects import fields_of
from adapters.statements.ports import Tools
from adapters.statements.times import answered, moment
from domain.values import Account
from domain.wire import Read

KEPT_BYTES = 1 << 16
BLANK = b" \t\r\n\x0b\x0c"
_BLANKS = re.compile(r"\s*")
_HEAD = re.compile(rb"HTTP/[0-9.]+ (\d{3})[^\n]*\n((?:[^\r\n]+\r?\n)*)\r?\n")
GET = "GET"
ANY_ACCOUNT = "default"
"""Whose traffic a HAR is that does not tell."""


class Way(Enum):
    """How a file holds what it holds."""

    DOCUMENT = auto()
    LINES = auto()
    HAR = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the venue, and as much of its request as is known.

    `line` is where it stands: the line of the file, or which JSON value of it. `frame`: it came by
    itself, as a message does, and not as the answer to a request.
    """

    line: int
    raw: bytes
    path: str | None = None
    method: str = GET
    query: Mapping[str, str] | None = None
    at: datetime | None = None
    status: int = 200
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A piece of the file that cannot be read; without bytes, the end of the file is missing."""

    line: int
    reason: str
    raw: bytes = b""


Found = Answer | Trouble


def way_of(head: bytes, tools: Tools) -> Way | None:
    """How a file that begins so holds JSON; None when it holds none."""
    text = head.lstrip(BLANK)
    if text.startswith(b"HTTP/"):
        return Way.DOCUMENT
    if text[:1] not in {b"{", b"["} or not text:
        return None
    if tools.is_har(head):
        return Way.HAR
    first, feed, _ = text.partition(b"\n")
    if not feed:
        return Way.LINES  # one long line, or the only one
    try:
        tools.parse(first.strip(BLANK))
    except ValueError:
        return Way.DOCUMENT
    return Way.LINES


def answers(file: File, way: Way, tools: Tools, owner: Account) -> Iterator[Found]:
    """What the file holds, in its order."""
    if way is Way.DOCUMENT:
        yield from _documents(file, tools)
    elif way is Way.HAR:
        data, fault = file.whole(tools.unpack)
        yield from _recorded(_har_lines(file, data, tools, owner), owner, loosely=True)
        if fault is not None:
            yield Trouble(0, fault)
    else:
        with file.opened(tools.unpack) as chunks:
            yield from _recorded(_lines(tools, chunks), owner, loosely=False)
            if chunks.fault is not None:
                yield Trouble(0, chunks.fault.reason)


def _documents(file: File, tools: Tools) -> Iterator[Found]:
    """JSON values one after the other; before the first may stand what `curl -i` prints."""
    data, fault = file.whole(tools.unpack)
    status, headers, data = _with_head(data.lstrip(BLANK))
    at = answered(headers, None)
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except msgspec.DecodeError:
        values = list(_values(file, data))
    else:
        values = [data]
    for number, raw in enumerate(values, start=1):
        yield Answer(number, raw, at=at, status=status)
    if fault is not None:
        yield Trouble(0, fault)


def _with_head(data: bytes) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body; of several heads (`100 Continue`, redirects) the last."""
    status, headers = 200, dict[str, str]()
    while (found := _HEAD.match(data)) is not None:
        status = int(found[1])
        pairs = (line.partition(":") for line in found[2].decode("latin-1").splitlines())
        headers = {name.strip(): value.strip() for name, _, value in pairs}
        data = data[found.end() :].lstrip(BLANK)
    return status, headers, data


def _values(file: File, data: bytes) -> Iterator[bytes]:
    text = data.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)  # only to find the ends
    place = 0
    while place < len(text):
        try:
            _, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise NotAStatement(
                f"{file.name}: line {error.lineno}, column {error.colno}: no JSON ({error.msg}); "
                "fetch the list again, and save the answer as it comes"
            ) from error
        except RecursionError as error:
            raise NotAStatement(f"{file.name}: nested too deeply for a list of orders") from error
        yield text[place:end].encode("utf-8", "surrogateescape")
        blank = _BLANKS.match(text, end)
        place = end if blank is None else blank.end()


Numbered = tuple[int, bytes]


def _lines(tools: Tools, chunks: Iterable[bytes]) -> Iterator[Numbered | Trouble]:
    for number, raw, whole in tools.lines(chunks, DOCUMENT_BYTES_MAX):
        text = (raw.removeprefix(MARK) if number == 1 else raw).strip(BLANK)
        if not whole:
            yield Trouble(number, f"longer than {DOCUMENT_BYTES_MAX} bytes", raw[:KEPT_BYTES])
        elif text:
            yield number, text


def _har_lines(
    file: File, data: bytes, tools: Tools, owner: Account
) -> Iterator[Numbered | Trouble]:
    """The lines of a HAR: of the venue's documented hosts, or else of any (behind a proxy)."""
    items = list(tools.har(file.name, data, None))
    if not any(isinstance(item, Read) and item.line.owner.venue == owner.venue for item in items):
        items = list(tools.har(file.name, data, owner.venue))
    for item in items:
        if isinstance(item, Read):
            yield item.line.seq, item.raw
        elif item.raw:
            yield Trouble(item.number, item.reason, item.raw[:KEPT_BYTES])


class _Http(msgspec.Struct):
    method: Any = None
    path: Any = None
    query: Any = None
    status: Any = None
    headers: Any = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Line(msgspec.Struct):
    capture: Any = None
    at: Any = None
    venue: Any = None
    account: Any = None
    direction: Any = None
    exchange: Any = None
    http: _Http | None = None
    frame: msgspec.Raw = msgspec.Raw(b"")


_read = msgspec.json.Decoder(_Line).decode


def _recorded(
    lines: Iterable[Numbered | Trouble], owner: Account, *, loosely: bool
) -> Iterator[Found]:
    """Answers among the lines; a line that is no line of a recording stands for itself."""
    asked: dict[tuple[str, str], _Http] = {}
    for item in lines:
        if isinstance(item, Trouble):
            yield item
            continue
        number, raw = item
        try:
            line = _read(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            if raw[:1] == b"[" or not _damaged(error):
                yield Answer(number, raw)
            else:
                yield Trouble(number, f"no JSON: {error}", raw[:KEPT_BYTES])
            continue
        if not isinstance(line.capture, str):
            yield Answer(number, raw)
        elif _is_of(line, owner, loosely=loosely):
            found = _heard(number, line, asked)
            if found is not None:
                yield found


def _damaged(error: Exception) -> bool:
    return not isinstance(error, msgspec.ValidationError)


def _is_of(line: _Line, owner: Account, *, loosely: bool) -> bool:
    if line.venue != owner.venue:
        return False
    if line.account == owner.account:
        return True
    told = str(line.account)
    return loosely and (told == ANY_ACCOUNT or told.casefold() == owner.account.casefold())


def _heard(number: int, line: _Line, asked: dict[tuple[str, str], _Http]) -> Found | None:
    """The answer in a line, with its request; a status report is an answer by itself."""
    if line.frame:
        came = line.direction == "received"
        at = moment(line.at)
        return Answer(number, bytes(line.frame), at=at, frame=True) if came else None
    http = line.http
    if http is None or line.exchange is None:
        return None
    key = (str(line.capture), str(line.exchange))
    if line.direction == "sent":
        asked[key] = http
        return None
    request = asked.pop(key, None)
    if line.direction != "received" or request is None:
        return None
    return _answered(number, line, request, http)


def _answered(number: int, line: _Line, request: _Http, http: _Http) -> Answer | None:
    try:
        split = urlsplit(str(request.path))
    except ValueError:
        return None
    headers = fields_of(http.headers)
    status = http.status if type(http.status) is int else 0
    query = {**_query(split.query), **_query(request.query), **_posted(request)}
    at = answered(headers, moment(line.at))
    method = str(request.method).upper()
    return Answer(number, bytes(http.body), split.path, method, query, at, status)


def _query(value: object) -> dict[str, str]:
    """Parameters as text or as an object; of a repeated one all values, joined by commas."""
    pairs: list[tuple[str, object]] = []
    if isinstance(value, str):
        pairs.extend(parse_qsl(value.removeprefix("?"), keep_blank_values=True))
    else:
        pairs.extend(fields_of(value).items())
    found: dict[str, str] = {}
    for name, told in pairs:
        several = cast("list[object]", told) if isinstance(told, list) else [told]
        text = ",".join(str(one) for one in several if one is not None)
        found[name] = f"{found[name]},{text}" if name in found else text
    return {name: text for name, text in found.items() if text}


def _posted(request: _Http) -> dict[str, str]:
    """Lists that also take `POST` have their parameters in the body."""
    if str(request.method).upper() != "POST":
        return {}
    try:
        return _query(msgspec.json.decode(request.body))
    except msgspec.DecodeError:
        return {}
