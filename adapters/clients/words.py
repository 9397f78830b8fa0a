"""JSON bodies of ours: compact, and ids that are numbers at the venue as numbers."""

from __future__ import annotations

import json

from adapters.clients.port import CannotSay

INT_MAX = 2**63 - 1


def body(told: object) -> bytes:
    """One JSON text."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def number(text: str) -> int:
    """An id that the venue writes as a whole number; raise `CannotSay` for another."""
    if not text.isascii() or not text.isdigit() or int(text) > INT_MAX:
        raise CannotSay(f"{text[:40]!r} is no order id of this venue: it has whole numbers")
    return int(text)
