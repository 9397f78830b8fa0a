"""The generated day: the same from the same seed, exact in its figures, as long as asked."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reasons import CancelRejectReason
from examples import cancel_stories, clean_lives, refused_cancels, report_stories
from examples.mini_venue import SECOND, Life, Way
from examples.trading_day import CLEAN, DESKS, EVERY, RARE, TOMORROW, lines, main

SHIPPED = Path(__file__).resolve().parents[2] / "examples" / "canonical-day.ndjson.gz"
REASONS = set(CancelRejectReason) - {CancelRejectReason.OTHER}
OVER = {"Filled", "Canceled", "Expired", "Rejected", "DoneForDay"}


def frames(text: str) -> tuple[str, dict[str, Any]]:
    """The direction and the message of a line."""
    line = json.loads(text)
    return line["direction"], line["frame"]


def test_the_shipped_day_is_what_the_generator_makes() -> None:
    made = "".join(lines(7, 20_000)).encode()
    assert gzip.decompress(SHIPPED.read_bytes()) == made


def test_the_shipped_file_does_not_say_when_it_was_packed() -> None:
    assert SHIPPED.read_bytes()[4:8] == bytes(4)


def test_the_shipped_day_is_a_day_as_the_issue_asks_for() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    orders = count = 0
    for text in lines(7, 20_000):
        if not text.endswith("}\n"):
            continue
        count += 1
        direction, frame = frames(text)
        seen["direction"].add(direction)
        seen["account"].add(json.loads(text)["account"])
        seen["exec_type"].add(frame.get("exec_type", ""))
        seen["reason"].add(frame.get("cxl_rej_reason", ""))
        orders += frame["msg"] == "NewOrderSingle"
    assert count >= 20_000
    assert 3_500 < orders < 4_500
    assert seen["direction"] == {"sent", "received", "lost"}
    assert seen["account"] == set(DESKS)
    assert seen["exec_type"] >= {"PendingNew", "Trade", "TradeCancel", "TradeCorrect", "Replaced"}
    assert seen["reason"] >= REASONS


@given(seed=st.integers(), messages=st.integers(1, 400))
@settings(max_examples=20, deadline=None)
def test_a_seed_is_a_day(seed: int, messages: int) -> None:
    day = list(lines(seed, messages))
    assert day == list(lines(seed, messages))
    assert messages <= len(day) < messages + 40


@pytest.mark.parametrize("clean", [False, True], ids=["with stories", "clean"])
def test_a_long_day_is_not_held_in_memory(*, clean: bool) -> None:
    """The first lines are there at once, of however many."""
    assert len(list(islice(lines(1, 10**9, clean=clean), 100))) == 100


def test_the_command_writes_the_day(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["--seed", "3", "--messages", "50", "--clean"])
    assert capfdbinary.readouterr().out == "".join(lines(3, 50, clean=True)).encode()


LIVES = [*CLEAN, *RARE]


@given(seed=st.integers(), which=st.sampled_from(LIVES))
@settings(max_examples=200, deadline=None)
def test_the_figures_of_a_clean_life_close(seed: int, which: clean_lives.Story) -> None:
    """Total is the sum of matches; matched and remaining are the size, less what was cancelled."""
    life = Life(Random(seed), 9 * 3600 * SECOND, "alder", 1, TOMORROW[0])  # noqa: S311 - told, not secret
    which(life)
    matched = reduced = Decimal(0)
    at = 0
    for when, way, rest in life.steps:
        assert when > at
        at = when
        frame = json.loads(f"{{{rest}}}")["frame"]
        if way != Way.RECEIVED or frame["msg"] != "ExecutionReport":
            continue
        matched += Decimal(frame.get("last_qty", 0))
        reduced += Decimal(frame.get("cancel_qty", 0))
        size, cum = Decimal(frame["order_qty"]), Decimal(frame["cum_qty"])
        leaves = Decimal(frame["leaves_qty"])
        assert Decimal(frame.get("last_qty", 1)) > 0
        assert cum == matched
        assert leaves == (0 if frame["ord_status"] in OVER else size - cum - reduced)
        assert (cum + reduced == size) or frame["ord_status"] != "Filled"


def test_every_story_has_its_turn_on_the_shipped_day() -> None:
    """One life in so many is a story: enough of them for all the stories."""
    stories = {**cancel_stories.STORIES, **refused_cancels.STORIES, **report_stories.STORIES}
    sent = sum('"NewOrderSingle"' in text for text in lines(7, 20_000))
    assert sum({**stories, **RARE}.values()) <= sent // EVERY
