"""The shipped recordings have the shape of the format page and figures that can be."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
VENUES = {
    "abp-filter-cancel.ndjson": "abp",
    "predictstreet-batch.ndjson": "predictstreet",
    "fourcasters-cancels.ndjson": "fourcasters",
    "canonical-day.ndjson.gz": "canonical",
}
AT = re.compile(r"2026-02-07T\d\d:\d\d:\d\d(\.\d{1,6})?Z")
FIELDS = {
    "v", "capture", "seq", "at", "venue", "account", "direction", "exchange", "http", "ws",
    "frame", "error",
}  # fmt: skip
HEARTBEAT_S = 60
SECRETS = {"authorization", "cookie", "x-api-key", "apikey", "token", "signature", "password"}

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | Decimal | None"

every_file = pytest.mark.parametrize("name", VENUES)


def texts(name: str) -> list[bytes]:
    """The lines of a recording, unpacked."""
    raw = (EXAMPLES / name).read_bytes()
    return (gzip.decompress(raw) if name.endswith(".gz") else raw).splitlines()


def lines(name: str) -> Iterator[dict[str, Any]]:
    """The lines that are JSON, with exact numbers."""
    for text in texts(name):
        try:
            yield json.loads(text, parse_float=Decimal)
        except json.JSONDecodeError:
            continue


def pairs(value: Json) -> Iterator[tuple[str, Json]]:
    """Every named value, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from pairs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(inner)


def objects(name: str) -> Iterator[dict[str, Any]]:
    """Every JSON object inside the lines of a recording."""
    for line in lines(name):
        for _, value in pairs(line):
            inside = value if isinstance(value, list) else [value]
            yield from (cast("dict[str, Any]", part) for part in inside if isinstance(part, dict))


def wrong(line: dict[str, Any]) -> str | None:
    """What the format page forbids in a line; None for a line as it should be."""
    bodies = {"http", "ws", "frame"} & line.keys()
    lost = line["direction"] == "lost"
    http, ws = line.get("http", {}), line.get("ws", {})
    needs_exchange = "http" in line or (lost and "frame" not in line)
    checks = {
        "unknown field": line.keys() <= FIELDS,
        "version": line["v"] == 1,
        "seq": type(line["seq"]) is int and line["seq"] >= 1,
        "at": AT.fullmatch(line["at"]) is not None,
        "direction": line["direction"] in {"sent", "received", "lost"},
        "one of http, ws, frame": len(bodies) == 1,
        "error with lost only": lost == ("error" in line),
        "exchange": not needs_exchange or bool(line.get("exchange")),
        "http": "http" not in line or ("status" in http) != ("method" in http),
        "ws": "ws" not in line or ws.keys() == {"channel", "frame"},
        "capture, account": bool(line["capture"] and line["account"]),
    }
    return next((name for name, holds in checks.items() if not holds), None)


@every_file
def test_every_line_has_the_shape_of_the_format_page(name: str) -> None:
    found = {seq: why for line in lines(name) if (why := wrong(line)) for seq in [line["seq"]]}
    assert not found
    assert {line["venue"] for line in lines(name)} == {VENUES[name]}


@every_file
def test_sequence_and_time_only_rise(name: str) -> None:
    seqs: dict[str, list[int]] = defaultdict(list)
    times: list[datetime] = []
    for line in lines(name):
        seqs[line["capture"]].append(line["seq"])
        times.append(datetime.fromisoformat(line["at"]))
    assert times == sorted(times)
    for numbers in seqs.values():
        assert numbers[0] == 1
        assert numbers == sorted(set(numbers))


@every_file
def test_lines_are_missing_and_torn_only_on_the_generated_day(name: str) -> None:
    seqs: dict[str, list[int]] = defaultdict(list)
    for line in lines(name):
        seqs[line["capture"]].append(line["seq"])
    missing = sum(numbers[-1] - len(numbers) for numbers in seqs.values())
    torn = len(texts(name)) - sum(map(len, seqs.values()))
    assert (missing, torn) == ((1, 1) if VENUES[name] == "canonical" else (0, 0))


@every_file
def test_nothing_secret_is_written(name: str) -> None:
    shown = {
        (key, value)
        for line in lines(name)
        for key, value in pairs(line)
        if key.lower() in SECRETS and value != "$redacted"
    }
    assert not shown


@every_file
def test_every_answer_belongs_to_something_sent_before(name: str) -> None:
    sent: set[str] = set()
    for line in lines(name):
        exchange = line.get("exchange")
        if line["direction"] == "sent" and exchange:
            assert exchange not in sent
            sent.add(exchange)
        elif exchange:
            assert exchange in sent


def venue_times(line: dict[str, Any]) -> Iterator[datetime]:
    """The moments at which, by the venue's clock, something happened."""
    happened = {"transact_time", "createdAt", "updatedAt", "placedAt", "filledAt"}
    for key, value in pairs(line):
        if key in happened and isinstance(value, str):
            yield datetime.fromisoformat(value)
        elif key in {"ts", "tsMs", "serverTs"} and isinstance(value, int):
            yield datetime.fromtimestamp(value / 1000, UTC)


@every_file
def test_nothing_is_told_before_it_happens(name: str) -> None:
    for line in lines(name):
        at = datetime.fromisoformat(line["at"])
        assert at.date() == date(2026, 2, 7)
        assert all(moment <= at for moment in venue_times(line)), line["seq"]


def test_abp_rows_close() -> None:
    """Filled stake is never more than the stake, and what remains is the difference."""
    for row in objects("abp-filter-cancel.ndjson"):
        if "filledStake" not in row:
            continue
        assert 0 <= row["filledStake"] <= row["orderStake"]
        rest = row.get("remainingStake", row["orderStake"] - row["filledStake"])
        assert row["filledStake"] + rest == row["orderStake"]
        for bet in row.get("bets", []):
            assert bet["placedPrice"] >= row["orderPrice"]
        if "bets" in row:
            confirmed = [b for b in row["bets"] if b["betStatus"] == "CONFIRMED"]
            assert sum(b["placedStake"] for b in confirmed) == row["filledStake"]


def test_predictstreet_rows_close() -> None:
    for row in objects("predictstreet-batch.ndjson"):
        if "filledQty" in row and "quantity" in row:
            filled, rest = Decimal(row["filledQty"]), Decimal(row["remainingQty"])
            assert filled + rest == Decimal(row["quantity"])
        if "price" in row:
            price = Decimal(row["price"])
            assert 0 < price < 1
            assert price % Decimal("0.01") == 0


def test_predictstreet_batch_asks_twice_and_is_answered_with_each_reason() -> None:
    frames = [line["http"] for line in lines("predictstreet-batch.ndjson") if "http" in line]
    batch = next(h for h in frames if h.get("path") == "/api/orders/cancel-batch")
    answer = frames[frames.index(batch) + 1]["body"]
    asked = batch["body"]["orderIds"]
    assert len(asked) > len(set(asked))
    assert {*answer["cancelled"], *answer["notCancelled"]} == set(asked)
    reasons = {"not_found", "already_terminal", "lock_invariant", "unknown"}
    assert set(answer["notCancelled"].values()) == reasons


def test_fourcasters_cancels_close() -> None:
    """What was taken off and what was matched on the book make what rested."""
    rested: dict[str, Any] = {}
    for row in objects("fourcasters-cancels.ndjson"):
        if row.get("success") is True:
            assert row["filled"] + row["remaining"] == rested[row["orderID"]]
        elif row.get("offered") and "wagerRequestID" in row:
            assert rested.setdefault(row["orderID"], row["offered"]) == row["offered"]


def test_fourcasters_heartbeats_never_lapse() -> None:
    beats = [
        datetime.fromisoformat(line["at"])
        for line in lines("fourcasters-cancels.ndjson")
        if line["direction"] == "sent" and line["ws"]["frame"][0] == "heartbeat"
    ]
    assert all((b - a).total_seconds() < HEARTBEAT_S for a, b in pairwise(beats))
