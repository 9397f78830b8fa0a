"""Lines numbered anew: what was left out is no jump in a recording, what was missing stays one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from adapters.bundles.texts import texts

_NUMBER = re.compile(r"\s*:\s*(\d+)")


class Numbering:
    """New places for the chosen lines of recordings, by all the places that the log has of each."""

    def __init__(self, held: Mapping[str, Sequence[int]], chosen: Mapping[str, set[int]]) -> None:
        self._left_out = {
            capture: [seq for seq in seqs if seq not in chosen.get(capture, set())]
            for capture, seqs in held.items()
        }

    def of(self, capture: str, seq: int) -> int:
        """The line's place in the bundle: its own, less what was left out before it."""
        return seq - bisect_left(self._left_out.get(capture, ()), seq)


def renumbered(text: str, seq: int, new: int) -> str:
    """The line with another place; what its message calls `seq` stays."""
    for key in texts(text):
        if key.is_key and key.depth == 1 and key.value == "seq":
            found = _NUMBER.match(text, key.end)
            if found is not None and int(found.group(1)) == seq:
                return f"{text[: found.start(1)]}{new}{text[found.end(1) :]}"
    raise ValueError(f"the line does not tell that it is line {seq}")
