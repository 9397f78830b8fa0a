"""What reading statements asks of other rooms; `adapters.bootstrap` hands it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from domain.listing import Listing
from domain.wire import Dialect, Item


class Damage(Protocol):
    """Why unpacking stopped before the end."""

    @property
    def reason(self) -> str:
        """In words."""
        ...


class Chunks(Protocol):
    """The unpacked bytes of a file, iterated over once."""

    @property
    def fault(self) -> Damage | None:
        """What stayed unread, known at the end."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""
        ...

    def head(self, size: int) -> bytes:
        """The first bytes; they are iterated over again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """How this program reads files and speaks with the venue at hand.

    `parse` reads JSON with its digits as written and raises `ValueError`; `har` reads the lines of
    a HAR: its name, its bytes, and the venue or None to know it by the hosts.
    """

    unpack: Callable[[BinaryIO], Chunks]
    lines: Callable[[Iterable[bytes], int], Iterator[tuple[int, bytes, bool]]]
    parse: Callable[[bytes], Any]
    is_har: Callable[[bytes], bool]
    har: Callable[[str, bytes, str | None], Iterable[Item]]
    dialect: Dialect
    listings: Sequence[Listing]
