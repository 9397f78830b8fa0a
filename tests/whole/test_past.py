"""The books of the past are those that were printed then; late news is all that truth adds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bootstrap import App
from adapters.captures.ndjson import item
from domain import past as facts
from domain.past import Axis
from projections import past as pages
from tests.feeding import Record, desk, feed, raw
from tests.golden.histories import histories
from tests.whole.conftest import Fresh
from tests.whole.past import Told, by_hand, differing, past, present, unordered
from tests.whole.stories import numbered, orders, timed, woven
from tests.whole.test_laws import LAW, TURNS

EVERY_SO_MANY = 40
MOMENT = timedelta(microseconds=1)


def after_each_line(app: App, lines: Sequence[bytes]) -> dict[datetime, Told]:
    """The books after every moment, read line by line."""
    seen: dict[datetime, Told] = {}
    for place, line in enumerate(lines, 1):
        app.ingest([("tape", [item("tape", place, line)])])
        seen[datetime.fromisoformat(json.loads(line)["at"])] = present(app)
    return seen


@LAW
@given(lives=orders(), turns=TURNS)
def test_known_at_each_line_is_what_was_printed_then(
    fresh: Fresh, lives: list[list[Record]], turns: list[int]
) -> None:
    lines = numbered(woven(lives, turns))
    for place, line in enumerate(lines):
        line["at"] = f"2026-02-07T12:{place // 60:02d}:{place % 60:02d}.000000Z"
    with fresh() as url, desk(url) as app:
        printed = after_each_line(app, [raw(line) for line in lines])
        for at, then in printed.items():
            assert differing(then, past(app, at)) == {}, at
        assert differing(past(app, max(printed)), present(app)) == {}


@LAW
@given(lives=orders(), turns=TURNS, data=st.data())
def test_every_past_is_the_fold_of_the_facts_that_count(
    fresh: Fresh, lives: list[list[Record]], turns: list[int], data: st.DataObject
) -> None:
    """Lines come in another order than their times; each clock is asked at some moment."""
    lines = numbered(woven(timed(lives), turns))
    for line, minute in zip(lines, data.draw(st.lists(st.integers(0, 9))), strict=False):
        line["at"] = f"2026-02-07T12:{minute:02d}:30.000000Z"
    with fresh() as url, desk(url) as app, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PARTS", (2, 8))
        feed(app, lines)
        times = sorted(
            {time for _, events in app.store.by_stream() for e in events for time in (e.at, e.by)}
        )
        moment = st.sampled_from(times) | st.sampled_from(times).map(lambda at: at - MOMENT)
        at, known_at = data.draw(moment), data.draw(st.none() | moment)
        known, true = past(app, at), past(app, at, Axis.TRUE, known_at)
        folded = by_hand(app, facts.known(at)), by_hand(app, facts.true(at, known_at))
        assert differing(unordered(folded[0]), unordered(known)) == {}
        assert differing(unordered(folded[1]), unordered(true)) == {}
        assert differing(past(app, at, Axis.TRUE, at), known) == {}


@LAW
@given(lives=orders(), turns=TURNS)
def test_recorded_at_the_end_of_each_run_is_what_was_printed_then(
    fresh: Fresh, lives: list[list[Record]], turns: list[int]
) -> None:
    """Lines come in another order than their times; what was stored tells nothing of that."""
    lists = ("orders", "open", "uncertain", "cancels")
    with fresh() as url, desk(url) as app:
        printed: list[tuple[datetime, Told]] = []
        for line in numbered(woven(timed(lives), turns)):
            feed(app, [line])
            printed.append((app.clock(), present(app)))
        for at, then in printed[::3]:
            found = differing(then, past(app, at, Axis.RECORDED))
            assert not any(name in found for name in lists), at


@pytest.mark.parametrize("name", list(histories())[::EVERY_SO_MANY])
def test_known_at_each_line_of_a_golden_history(name: str, fresh: Fresh) -> None:
    told = sorted(histories()[name], key=lambda line: str(json.loads(line)["at"]))
    lines = [line.encode() for line in told]
    with fresh() as url, desk(url) as app:
        for at, then in after_each_line(app, lines).items():
            assert differing(then, past(app, at)) == {}, at
