"""Ids that are functions of the facts: the same captures give the same ids on every machine."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha1
from typing import Protocol, Self
from uuid import UUID, SafeUUID

from domain.values import Account, Name

_ROOT = UUID("6a0e1c1e-6d5b-5c1b-9a35-0b6b72656b77").bytes

_VERSION_5 = UUID(int=0, version=5).int
_FREE = ~(0xF << 76 | 0x3 << 62)
"""The bits of a UUID that say neither its version nor its variant."""
_new = object.__new__
_set_number = UUID.int.__set__  # type: ignore[misc, attr-defined]  # a slot, whatever the stubs say
_set_safety = UUID.is_safe.__set__  # type: ignore[misc, attr-defined]  # a slot, as `int` is


def derived(*parts: object) -> UUID:
    """A UUIDv5 of the parts, joined so that no two lists of parts are one text."""
    texts = [str(part) for part in parts]
    text = "\x1f".join(texts)
    if "\\" in text or text.count("\x1f") >= len(texts):  # in a part: hardly ever
        text = "\x1f".join(map(_escaped, texts))
    return _uuid(sha1(_ROOT + text.encode(errors="surrogatepass"), usedforsecurity=False).digest())


def _uuid(digest: bytes) -> UUID:
    number = int.from_bytes(digest[:16], "big")
    made = _new(UUID)  # two are made for each event; the checks of `UUID()` take half of the time
    _set_number(made, number & _FREE | _VERSION_5)
    _set_safety(made, SafeUUID.unknown)
    return made


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\x1f", "\\x1f")


def order_stream(owner: Account, name: Name) -> UUID:
    """The key of the order that was first known by `name`."""
    return derived("order", owner.venue, owner.account, name.kind, name.value)


def cancel_stream(owner: Account, capture: str, seq: int) -> UUID:
    """The key of the cancel request that this wire line made."""
    return derived("cancel", owner.venue, owner.account, capture, seq)


def notice_stream(*parts: object) -> UUID:
    """The key of a notice: something about the recording itself, not about one order."""
    return derived("notice", *parts)


def check_stream(check: str) -> UUID:
    """The key of what a check of the log or of what is made from it found."""
    return notice_stream("check", check)


def desk_stream(break_id: UUID) -> UUID:
    """The key of what people decided about this break."""
    return derived("desk", break_id)


def event_id(capture: str, place: str, index: int) -> UUID:
    """The id of the `index`-th event that the wire line at `place` caused: `derived` of them.

    One is made for each event, so what all of a capture have in common is hashed once. A place is
    a number and words of ours: nothing in it needs to be escaped.
    """
    digest = _of_capture(capture).copy()
    digest.update(f"{place}\x1f{index}".encode())
    return _uuid(digest.digest())


class _Hash(Protocol):
    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


@lru_cache(maxsize=256)
def _of_capture(capture: str) -> _Hash:
    text = f"event\x1f{_escaped(capture)}\x1f"
    return sha1(_ROOT + text.encode(errors="surrogatepass"), usedforsecurity=False)
