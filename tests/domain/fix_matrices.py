"""What the published FIX tables say, for tests that hold our own tables against them."""

from __future__ import annotations

import json
from typing import Any

from adapters.conformance.reading import PUBLISHED, STATUSES, TABLES


def fix_precedence() -> dict[str, int]:
    """The rank of each OrdStatus that we have a word for."""
    table: dict[str, Any] = json.loads((TABLES / PUBLISHED[0]).read_text("utf-8"))
    ranks: dict[str, int] = {}
    for row in table["tables"]["OrdStatus_39"]:
        name = str(row["name"]).split(" ", maxsplit=1)[0]
        if name in STATUSES and name != "AcceptedForBidding":  # we have no word of our own for it
            ranks[STATUSES[name].value] = int(row["precedence"])
    return ranks
