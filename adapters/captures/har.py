"""HAR 1.2, as browsers and proxies record it, read as the lines that a capture would have had.

The order is that of time. The name of the recording is derived from its content and its owner, so
reading the same file twice changes nothing. No secret is kept: each line is redacted, written, and
read again from what was written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from adapters.captures import ndjson
from adapters.captures.exact import NotJson, parse
from adapters.captures.har_entry import (
    Draft,
    Entry,
    WrongFrame,
    drafts,
    entry_of,
)
from adapters.captures.har_values import WrongEntry
from adapters.captures.redact import redacted, scrubbed, written
from adapters.captures.unpacking import KEPT_BYTES
from domain.wire import Item, SetAside

HAR_BYTES_MAX = 1 << 29
"""A HAR is one JSON value and must be held whole; a larger one is better recorded as a capture."""
NO_ACCOUNT = "default"

VENUES_BY_HOST: Mapping[str, str] = {
    "v2.55-tech.com": "abp",
    "core-api.adipredictstreet.com": "predictstreet",
    "ws-gateway.adipredictstreet.com": "predictstreet",
    "core.api.dev.predictstreet.sde.adifoundation.ai": "predictstreet",
    "ws-gateway.dev.predictstreet.sde.adifoundation.ai": "predictstreet",
    "api.4casters.io": "fourcasters",
    "orders-api.4casters.io": "fourcasters",
    "streaming-api.4casters.io": "fourcasters",
}
"""The documented hosts of the venues. Behind a proxy of another name, tell the venue."""

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_END = re.compile(r"\s*\]")
_OWNERLESS = "no venue is known by the host {0}: {1} entries were passed over"
_PREFLIGHT = "browser pre-flight requests to {0}: {1} entries were passed over"


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct):
    log: _Log


Owner = tuple[str, str]


class _Recording:
    """What was found so far: messages by owner, pieces set aside, and what was passed over."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: dict[Owner, list[tuple[datetime, int, Draft]]] = {}
        self.aside: list[SetAside] = []
        self.passed: Counter[tuple[str, str]] = Counter()

    def set_aside(self, number: int, reason: str, raw: bytes) -> None:
        """Keep what cannot be read, without what looks like a credential."""
        self.aside.append(SetAside(self.source, number, reason, scrubbed(raw)[:KEPT_BYTES]))


def read(
    source: str, data: bytes, *, venue: str | None = None, account: str | None = None
) -> Iterator[Item]:
    """The wire messages of a HAR, by time, then what was set aside.

    `venue` says whose traffic it is when the host does not; `account` whose orders, when no
    `X-User-Wallet` header does. Entries of other hosts are counted, not kept: a browser records
    everything.
    """
    recording = _Recording(source)
    for number, raw in _entries(data, recording):
        try:
            entry = entry_of(number, parse(raw)[0])
            _sort(entry, recording, venue, account)
        except (NotJson, WrongEntry) as error:
            recording.set_aside(number, str(error), raw)
    digest = sha256(data)
    for owner, messages in recording.found.items():
        salt = json.dumps([venue, account, *owner]).encode()
        capture = f"har-{sha256(digest.digest() + salt).hexdigest()[:16]}"
        yield from _lines(source, capture, owner, messages)
    yield from recording.aside
    for (reason, host), count in sorted(recording.passed.items()):
        yield SetAside(source, 0, reason.format(host or "(none)", count), b"")


def _entries(data: bytes, recording: _Recording) -> Iterator[tuple[int, bytes]]:
    """The entries one by one; of a damaged file those before the damage."""
    try:
        whole = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Har)
    except (ValueError, RecursionError):
        yield from _salvaged(data, recording)
    else:
        for number, raw in enumerate(whole.log.entries, start=1):
            yield number, bytes(raw)


def _salvaged(data: bytes, recording: _Recording) -> Iterator[tuple[int, bytes]]:
    text = data.decode("utf-8", "replace")
    start = _ENTRIES.search(text)
    place, number = (start.end(), 0) if start else (0, 0)
    decoder = json.JSONDecoder(parse_float=str, parse_int=str)  # only to find the end
    while start and not _END.match(text, place):
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
        try:
            _, after = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        number += 1
        yield number, text[place:after].encode("utf-8", "replace")
        place = after
    reason = f"the HAR is damaged or cut off after {number} entries"
    recording.set_aside(number + 1, reason, text[place : place + KEPT_BYTES].encode())


def _sort(entry: Entry, recording: _Recording, venue: str | None, account: str | None) -> None:
    """Put the entry's messages with those of their owner."""
    host = entry.host
    spoken = venue or VENUES_BY_HOST.get(host)
    if spoken is None:
        recording.passed[_OWNERLESS, host] += 1
        return
    if entry.is_preflight:
        recording.passed[_PREFLIGHT, host] += 1
        return
    owner = spoken, account or entry.wallet or NO_ACCOUNT
    messages = recording.found.setdefault(owner, [])
    for draft in drafts(entry):
        if isinstance(draft, WrongFrame):
            recording.set_aside(entry.number, draft.reason, draft.raw)
        else:
            messages.append((draft.at, entry.number, draft))


def _lines(
    source: str, capture: str, owner: Owner, messages: Iterable[tuple[datetime, int, Draft]]
) -> Iterator[Item]:
    ordered = sorted(messages, key=lambda message: message[0])  # stable: as recorded, if at once
    for seq, (at, number, draft) in enumerate(ordered, start=1):
        record: dict[str, Any] = {
            "v": 1,
            "capture": capture,
            "seq": seq,
            "at": at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "venue": owner[0],
            "account": owner[1],
            "direction": draft.direction,
        }
        if draft.exchange is not None:
            record["exchange"] = draft.exchange
        record["ws" if "channel" in draft.part else "http"] = draft.part
        if draft.error is not None:
            record["error"] = draft.error
        yield ndjson.item(source, number, written(redacted(record)))
