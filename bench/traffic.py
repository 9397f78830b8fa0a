"""Canonical traffic of any length, the same for a seed: orders placed, matched, cancelled."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 2, 7, 8, tzinfo=UTC)
GAP = timedelta(milliseconds=43)
LIVE_AT_ONCE = 200
"""How many orders are under way at a time; their messages are interleaved as on a busy day."""
CANCELLED, FILLED = 0.5, 0.9
"""Half of the orders end by a cancel, four of ten are matched in full, one in ten stays open."""


def lines(count: int, *, seed: int = 7) -> Iterator[bytes]:
    """The first `count` lines of a recording that has nothing wrong with it."""
    chance = random.Random(seed)  # noqa: S311 - traffic, not secrets
    under_way: list[Iterator[tuple[str, dict[str, str]]]] = []
    number = 0
    for seq in range(1, count + 1):
        told: tuple[str, dict[str, str]] | None = None
        while told is None:
            while len(under_way) < LIVE_AT_ONCE:
                number += 1
                under_way.append(_order(number, chance))
            place = chance.randrange(len(under_way))
            told = next(under_way[place], None)
            if told is None:
                under_way.pop(place)
        direction, frame = told
        at = (START + GAP * seq).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        record = {
            "v": 1,
            "capture": f"bench-{seed}",
            "seq": seq,
            "at": at,
            "venue": "canonical",
            "account": "desk",
            "direction": direction,
            "frame": frame,
        }
        yield json.dumps(record).encode() + b"\n"


def write(path: Path, count: int, *, seed: int = 7) -> Path:
    """A recording of `count` lines in a file."""
    with path.open("wb") as file:
        file.writelines(lines(count, seed=seed))
    return path


def _order(number: int, chance: random.Random) -> Iterator[tuple[str, dict[str, str]]]:
    """The messages of one order, first to last."""
    order = {"order_id": f"O{number}", "cl_ord_id": f"C{number}"}
    size, matched = chance.choice([50, 100, 200]), 0
    reports = iter(range(1, 100))

    def report(kind: str, status: str, **rest: str) -> tuple[str, dict[str, str]]:
        closed = status == "Canceled"
        figures = {
            "exec_id": f"E{number}-{next(reports)}",
            "exec_type": kind,
            "ord_status": status,
            "order_qty": str(size),
            "cum_qty": str(matched),
            "leaves_qty": "0" if closed else str(size - matched),
        }
        return "received", {"msg": "ExecutionReport", **order, **figures, **rest}

    placed = {
        "cl_ord_id": order["cl_ord_id"],
        "instrument": f"M{number % 50}",
        "side": chance.choice(["BUY", "SELL"]),
        "order_qty": str(size),
        "price": chance.choice(["1.95", "2.10", "3.4"]),
    }
    yield "sent", {"msg": "NewOrderSingle", **placed}
    yield report("New", "New")
    for _ in range(chance.choice([0, 1, 2])):
        matched += size // 4
        yield report("Trade", "PartiallyFilled", last_qty=str(size // 4), last_px=placed["price"])
    fate = chance.random()
    if fate < CANCELLED:
        asked = {"cl_ord_id": f"X{number}", "orig_cl_ord_id": order["cl_ord_id"]}
        yield "sent", {"msg": "OrderCancelRequest", "order_id": order["order_id"], **asked}
        yield report("Canceled", "Canceled", **asked)
    elif fate < FILLED:
        rest, matched = size - matched, size
        yield report("Trade", "Filled", last_qty=str(rest), last_px=placed["price"])
