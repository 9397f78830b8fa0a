"""The pictures: well-formed whatever a venue said, the same each time, readable, and true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bootstrap import EXAMPLES, App, open_files
from adapters.bootstrap_timeline import Timeline, chart, order_timeline, scope_timeline, sequence
from adapters.timeline.sequence import GATEWAY, MESSAGES_MAX, NOTES, PLATE, US, VENUE, plates
from adapters.timeline.svg import element, safe, said, text
from projections import queries
from projections.queries import Only
from tests.feeding import Feed, clock, desk, feed

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with desk(f"sqlite:///{tmp_path}/log.db") as opened:
        yield opened


def told(app: App, story: Feed, name: str = "O1") -> Timeline:
    """The timeline of an order of a story."""
    feed(app, story)
    with app.reading() as connection:
        (record,) = queries.find_orders(connection, name)
    return order_timeline(app, name, UUID(record["order_key"]))


def crossing() -> Feed:
    """A match that left the venue before our cancel was there."""
    story = Feed().place("X").report("New", "O1", "X", exec_id="n", transact_time=clock(1.5))
    story.cancel("Y", "X", "O1")
    answer = {"orig_cl_ord_id": "X", "exec_id": "c", "transact_time": clock(3.4)}
    story.report("Canceled", "O1", "Y", **answer)
    trade = {"exec_id": "t", "last_qty": "40", "last_px": "1.95", "transact_time": clock(3.2)}
    return story.report("Trade", "O1", "X", **trade)


def parsed(svg: str) -> ET.Element:
    """The picture, which must be well-formed."""
    return ET.fromstring(svg)  # noqa: S314 - our own page, made in this test


Segment = tuple[float, float, float, float]


def flights(picture: ET.Element) -> list[Segment]:
    """The lines between our gateway and the venue."""
    found: list[Segment] = []
    for part in picture.iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(part.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        if {x1, x2} == {float(GATEWAY), float(VENUE)}:
            found.append((x1, y1, x2, y2))
    return found


def height_at(flight: Segment, x: float) -> float:
    """How high a line is at a place."""
    x1, y1, x2, y2 = flight
    return y1 + (y2 - y1) * (x - x1) / (x2 - x1)


def cross(one: Segment, other: Segment) -> bool:
    """Two messages met on the way."""
    at_gateway = height_at(one, GATEWAY) - height_at(other, GATEWAY)
    return at_gateway * (height_at(one, VENUE) - height_at(other, VENUE)) < 0


def test_what_crossed_is_drawn_crossing_and_nothing_else_is(app: App) -> None:
    picture = parsed(sequence(told(app, crossing())))
    placed, accepted, cancel, cancelled, match = flights(picture)
    pairs = [(placed, accepted), (cancel, cancelled), (cancelled, match), (cancel, match)]
    assert [cross(*pair) for pair in pairs] == [False, False, True, True]


def test_what_nobody_answered_ends_in_a_cross_on_its_way(app: App) -> None:
    story = Feed().place("X").report("New", "O1", "X", exec_id="n")
    picture = parsed(sequence(told(app, story.cancel("Y", "X").lose("Y", "X"))))
    crosses = [part for part in picture.iter(f"{SVG}line") if part.attrib["class"] == "cross"]
    assert len(crosses) == 4
    assert GATEWAY < float(crosses[0].attrib["x1"]) < VENUE
    assert any(part.attrib["class"] == "unsure" for part in picture.iter(f"{SVG}line"))


def test_what_never_left_ends_at_our_gateway(app: App) -> None:
    story = Feed().place("X").report("New", "O1", "X", exec_id="n")
    story.cancel("Y", "X").lose("Y", "X", "not_sent")
    picture = parsed(sequence(told(app, story)))
    assert len(flights(picture)) == 2


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The examples of three venues."""
    directory: Path = tmp_path_factory.mktemp("pictures")
    with desk(f"sqlite:///{directory}/log.db") as app:
        app.ingest(open_files([str(path) for path in sorted(EXAMPLES.glob("*.ndjson"))]))
        yield app


ACCOUNTS = ("northwind", "0x8a3fd1c7b2604e95fa01c36d7e9b20458cd6e1f3", "harborside")


@pytest.mark.parametrize("account", ACCOUNTS)
def test_no_words_stand_on_other_words(day: App, account: str) -> None:
    for drawn in (sequence, chart):
        picture = parsed(drawn(scope_timeline(day, account, Only(account=account))))
        columns: dict[float, list[float]] = defaultdict(list)
        for part in picture.iter(f"{SVG}text"):
            if part.attrib["x"] != str(US + 34):  # a row's number stands beside its label
                columns[float(part.attrib["x"])].append(float(part.attrib["y"]))
        assert NOTES in columns or drawn is chart
        for x, places in columns.items():
            for above, below in pairwise(sorted(places)):
                assert below - above >= 11, (x, above, below)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_on_paper_no_word_is_cut(day: App, account: str) -> None:
    told = scope_timeline(day, account, Only(account=account))
    whole = parsed(sequence(told))
    parts = [parsed(part) for part in plates(told)]
    boxes = [[float(edge) for edge in part.attrib["viewBox"].split()] for part in parts]
    assert len(parts) > 1
    assert all(box[3] <= PLATE for box in boxes)
    assert sum(box[3] for box in boxes) == pytest.approx(float(whole.attrib["height"]), abs=0.1)
    cuts = [box[1] for box in boxes[1:]]
    for word in whole.iter(f"{SVG}text"):
        baseline = float(word.attrib["y"])
        assert not any(baseline - 9 < cut < baseline + 2 for cut in cuts), word.text


@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_same_log_gives_the_same_bytes(day: App, account: str) -> None:
    for drawn in (sequence, chart):
        first, again = (
            drawn(scope_timeline(day, account, Only(account=account))) for _time in range(2)
        )
        assert first == again


def test_a_picture_says_what_it_shows_to_whoever_cannot_see_it(day: App) -> None:
    for drawn in (sequence, chart):
        picture = parsed(drawn(scope_timeline(day, "northwind", Only(account="northwind"))))
        assert picture.attrib["role"] == "img"
        ids = picture.attrib["aria-labelledby"].split()
        named = {part.attrib.get("id"): part.text for part in picture}
        assert all(named[name] for name in ids)


def test_thousands_of_messages_are_cut_and_that_is_said(app: App) -> None:
    story = Feed().place("X", size="9999")
    for number in range(MESSAGES_MAX + 50):
        story.trade("O1", "X", f"t{number}", "1")
    drawn = sequence(told(app, story))
    assert f"The first {MESSAGES_MAX} of {MESSAGES_MAX + 51} messages are drawn." in drawn
    assert len(flights(parsed(drawn))) == MESSAGES_MAX
    assert chart(told(app, story)).count("<polygon") < 10


@given(st.text())
def test_whatever_a_venue_says_is_text_in_a_picture(words: str) -> None:
    group = parsed(element("g", {"title": words}, text(1, 2, words, "note")))
    assert [part.tag for part in group] == ["text"]
    assert (group[0].text or "") == safe(words).replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param(
            "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", id="tags"
        ),
        pytest.param("a\x00b\ud800", "a\ufffdb\ufffd", id="what no page can hold"),
        pytest.param("40\u202e04", "40\ufffd04", id="what would turn the figures after it round"),
    ],
)
def test_words_of_others_stay_words(words: str, shown: str) -> None:
    assert said(words) == shown
