"""One hash over what the books say: names, quantities, states and open flags.

Keys, positions and recorded times are left out, so that the same facts give the same hash on
every machine and in every order of reading that does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from domain.values import plain
from projections.break_queries import evident
from projections.tables import orders

_HASHED = [
    "venue",
    "account",
    "venue_order_id",
    "client_order_id",
    "user_ref",
    "market",
    "selection",
    "side",
    "price",
    "price_format",
    "currency",
    "size",
    "matched",
    "remaining",
    "cancelled",
    "lapsed",
    "voided",
    "status",
    "cancel_pending",
    "replace_pending",
    "closed_by",
    "certain",
    "remaining_min",
    "remaining_max",
]
_AMOUNTS = frozenset(
    [
        "price",
        "size",
        "matched",
        "remaining",
        "cancelled",
        "lapsed",
        "voided",
        "remaining_min",
        "remaining_max",
    ]
)
_FLAG = ("code", "venue", "account", "ours", "theirs", "difference")


def state_hash(connection: Connection, at: datetime | None) -> str:
    """The hash as of `at`, in hex.

    Orders and flags are hashed one by one and then as a sorted list, so memory holds 32 bytes for
    each.
    """
    known: dict[str, str] = {}
    digests: list[bytes] = []
    for row in connection.execution_options(yield_per=1_000).execute(select(orders)).mappings():
        told = [
            plain(value) if name in _AMOUNTS and value is not None else value
            for name in _HASHED
            for value in (row[name],)
        ]
        known[row["order_key"]] = f"{row['venue_order_id']}/{row['client_order_id']}"
        digests.append(_digest(["order", *told]))
    if at is not None:
        for flag in evident(connection, at):
            told = [flag[name] for name in _FLAG]
            digests.append(_digest(["flag", known.get(flag["order_key"] or ""), *told]))
    return _joined(digests)


def _digest(parts: Iterable[object]) -> bytes:
    return sha256(json.dumps(list(parts), ensure_ascii=False).encode()).digest()


def _joined(digests: list[bytes]) -> str:
    whole = sha256()
    for digest in sorted(digests):
        whole.update(digest)
    return whole.hexdigest()
