"""Which lines of which captures were read: stretches of places, in flat memory."""

from __future__ import annotations

from bisect import bisect_right


class Places:
    """Lines by capture and place; places that follow each other are kept as one stretch."""

    def __init__(self) -> None:
        self._stretches: dict[str, tuple[list[int], list[int]]] = {}

    def add(self, capture: str, seq: int) -> None:
        """A line was read; telling it twice changes nothing."""
        firsts, lasts = self._stretches.setdefault(capture, ([], []))
        at = bisect_right(firsts, seq)
        before = at - 1
        if at and seq <= lasts[before]:
            return
        joins_before = at > 0 and lasts[before] == seq - 1
        joins_after = at < len(firsts) and firsts[at] == seq + 1
        if joins_before and joins_after:
            lasts[before] = lasts[at]
            del firsts[at], lasts[at]
        elif joins_before:
            lasts[before] = seq
        elif joins_after:
            firsts[at] = seq
        else:
            firsts.insert(at, seq)
            lasts.insert(at, seq)

    def has(self, capture: str | None, seq: int | None) -> bool:
        """Whether a line was read; an event that no line caused has none."""
        if capture is None or seq is None or capture not in self._stretches:
            return False
        firsts, lasts = self._stretches[capture]
        at = bisect_right(firsts, seq) - 1
        return at >= 0 and seq <= lasts[at]

    def covers(self, capture: str, first: int, last: int) -> bool:
        """Whether every line from `first` to `last` was read."""
        if capture not in self._stretches:
            return False
        firsts, lasts = self._stretches[capture]
        at = bisect_right(firsts, first) - 1
        return at >= 0 and last <= lasts[at]

    def stretches(self) -> dict[str, list[tuple[int, int]]]:
        """First and last place of each stretch, by capture."""
        return {name: list(zip(*pair, strict=True)) for name, pair in self._stretches.items()}
