"""How an order stood: the same as the books say when they are asked for that moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from adapters.bootstrap import EXAMPLES, open_files
from adapters.timeline.lives import Held, Life, held, life_of
from domain.flags.history import order_history
from domain.past import Past, cut, known, true
from domain.recorded import Recorded
from projections.batch import FAULTS, ORDER, family
from tests.feeding import desk, feed
from tests.golden.histories import histories


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> list[Life]:
    """Every order of the examples and of the golden histories, each of these in its own account."""
    directory: Path = tmp_path_factory.mktemp("lives")
    found: list[Life] = []
    with desk(f"sqlite:///{directory}/log.db") as app:
        app.ingest(open_files([str(path) for path in sorted(EXAMPLES.glob("*.ndjson"))]))
        records = [json.loads(line) for lines in histories().values() for line in lines]
        feed(app, [{**record, "account": record["capture"]} for record in records])
        for stream, events in app.store.by_stream():
            if family(events) == ORDER:
                found.append(life_of(stream, events))
    return found


def stood(stream: UUID, events: Sequence[Recorded], past: Past) -> Held | None:
    """How the order stood by the books of that past."""
    kept = cut(events, past)
    try:
        return held(order_history(stream, kept).order) if kept else None
    except FAULTS:
        return None


def test_what_was_believed_is_what_the_books_knew_then(lives: list[Life]) -> None:
    assert len(lives) > 100
    for life in lives:
        for moment in life.believed.times:
            told = life.believed.at(moment)
            assert told == stood(life.stream, life.events, known(moment)), (life.name, moment)


def test_what_is_known_now_is_what_the_books_know_of_it(lives: list[Life]) -> None:
    for life in lives:
        for moment in life.known_now.times:
            told = life.known_now.at(moment)
            assert told == stood(life.stream, life.events, true(moment)), (life.name, moment)


def test_in_the_end_all_three_are_one(lives: list[Life]) -> None:
    for life in lives:
        assert life.believed.held[-1] == life.after[-1], life.name
        assert life.known_now.held[-1] == life.after[-1], life.name
