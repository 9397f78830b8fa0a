"""Which lines are new, which are known, what is set aside; and the tally of all of them.

A batch may be stored in parts and read again when another writer was faster: what was counted
with a part is not counted twice.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from adapters.codec import micros
from adapters.engine.ports import Aside, EngineLog, WireLine
from domain.wire import Item, Line, Read, SetAside


@dataclass(slots=True)
class Tally:
    """What became of the lines that were read."""

    lines: int = 0
    read: int = 0
    known: int = 0
    set_aside: int = 0
    events: int = 0
    position: int = 0


class Sorting:
    """Sorts the lines of a batch; counts them when they are stored."""

    def __init__(self, store: EngineLog, tally: Tally) -> None:
        self._store = store
        self.tally = tally
        self.first_hand = False
        """Nobody else tells these lines: the log is asked for them only in a second try."""
        self._again = False
        self.asides: list[Aside] = []
        self.newest: datetime | None = None
        self._read = 0
        self._set_aside = 0
        self._known = 0
        self._held: set[bytes] = set()
        self._ours: set[tuple[str, int]] = set()
        self._ours_aside: set[bytes] = set()

    def start(self) -> None:
        """A new batch begins."""
        self.clear()
        self._again = False
        self._known = 0
        self._ours.clear()
        self._ours_aside.clear()

    def clear(self) -> None:
        """Nothing waits to be stored."""
        self.asides = []
        self._read = self._set_aside = 0

    def unknown(self, source: str, reads: Sequence[Read]) -> list[Read]:
        """The lines that the log does not hold, each once.

        One that it holds with other content is set aside: the first reading stands.
        """
        by_capture: dict[str, list[int]] = {}
        for item in reads:
            by_capture.setdefault(item.line.capture, []).append(item.line.seq)
            if self.newest is None or item.line.at > self.newest:
                self.newest = item.line.at
        held: dict[tuple[str, int], bytes] = {}
        ask = self._again or not self.first_hand
        self._again = True
        for capture, seqs in by_capture.items() if ask else ():
            for seq, digest in self._store.known_lines(capture, seqs).items():
                held[capture, seq] = digest
        ours = set(self._ours)
        fresh: list[Read] = []
        known = 0
        for item in reads:
            key = (item.line.capture, item.line.seq)
            digest = sha256(item.raw).digest()
            before = held.get(key)
            if before is None:
                held[key] = digest
                fresh.append(item)
            elif before != digest:
                reason = (
                    f"capture {key[0]!r} seq {key[1]} is in the log with other content; "
                    "the first reading stands"
                )
                self.set_aside(aside_of(source, item.number, reason, item.raw, None))
            elif key in ours:
                ours.discard(key)  # stored with an earlier part of this batch
            else:
                known += 1
        self.tally.known += known - self._known
        self._known = known
        return fresh

    def pieces(self, items: Sequence[Item]) -> None:
        """Set aside what is no line.

        One that names a place leaves the list when the line of that place is read. When that was
        read before, nothing will come any more: it is known by where it stood, and stays.
        """
        taken: set[tuple[str, int]] = set()
        for item in items:
            if isinstance(item, Read):
                taken.add((item.line.capture, item.line.seq))
                continue
            aside = aside_of(item.source, item.number, item.reason, item.raw, item)
            if self._is_taken(aside, taken):
                aside = aside_of(item.source, item.number, item.reason, item.raw, None)
            self.set_aside(aside)

    def _is_taken(self, aside: Aside, taken: Container[tuple[str, int]]) -> bool:
        capture, seq = aside.capture, aside.seq
        if capture is None or seq is None:
            return False
        if (capture, seq) not in taken and seq not in self._store.known_lines(capture, [seq]):
            return False
        came_before = any(one.key == aside.key for one in self.asides)
        return not came_before and aside.key not in self._store.known_asides([aside.key])

    def read(self) -> None:
        """A line was read."""
        self._read += 1

    def set_aside(self, aside: Aside, *, held: bool = False) -> None:
        """A line is kept and not interpreted; `held`: until its request comes."""
        if aside.key in self._ours_aside:
            return
        self.asides.append(aside)
        self._set_aside += 1
        if held:
            self._held.add(aside.key)

    def released(self, key: bytes) -> None:
        """A line that was held has been read; counted again if this run had counted it."""
        if key in self._held:
            self._held.discard(key)
            self._read += 1
            self._set_aside -= 1

    def stored(self, wire: Sequence[WireLine], events: int, position: int) -> None:
        """What waited is in the log."""
        self._ours.update((line.capture, line.seq) for line in wire)
        self._ours_aside.update(aside.key for aside in self.asides)
        self.tally.read += self._read
        self.tally.set_aside += self._set_aside
        self.tally.events += events
        self.tally.position = position


def aside_of(
    source: str, number: int, reason: str, raw: bytes, place: Line | SetAside | None
) -> Aside:
    """Something set aside. A place in a capture makes it known for ever, else where it stood."""
    capture = None if place is None else place.capture
    seq = None if place is None else place.seq
    if capture is not None and seq is not None:
        parts: tuple[bytes, ...] = (f"{capture}\x1f{seq}".encode(), raw)
    else:
        parts = (source.encode(errors="surrogateescape"), str(number).encode(), raw)
    return Aside(
        key=sha256(b"\x1f".join(parts)).digest(),
        source=source,
        line=number,
        capture=capture,
        seq=seq,
        reason=reason,
        raw=raw,
        observed_at=micros(place.at) if isinstance(place, Line) else None,
    )
