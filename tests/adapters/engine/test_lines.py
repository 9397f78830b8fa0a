"""Lines that cannot simply be read: known, changed, of unknown venues, missing, or at fault."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.bootstrap_dialects import DIALECTS
from adapters.venues.canonical.translate import CanonicalDialect
from domain.messages import Message, OrderMessage
from domain.wire import Line
from projections.rebuild import rebuild
from tests.feeding import Feed, book, cancels, desk, feed, flags, sound

LIVE = {"O1": "100 40 60 0 0 0 PARTIALLY_FILLED"}


def three() -> Feed:
    return Feed().place("X").report("New", "O1", "X", exec_id="e1").trade("O1", "X", "e2", "40")


def test_other_content_at_a_known_place_is_set_aside(database_url: str) -> None:
    changed = three().records[2] | {"account": "somebody"}
    with desk(database_url) as app:
        feed(app, three())
        before = sound(app)
        for _ in range(2):
            tally = feed(app, [changed])
            assert (tally.read, tally.known, tally.set_aside) == (0, 0, 1)
        (aside,) = app.set_aside()
        assert "other content" in aside["reason"]
        assert sound(app) == before


def test_a_line_of_an_unknown_venue_is_kept_and_the_rest_is_read(database_url: str) -> None:
    given = three()
    given.records[1]["venue"] = "nowhere"
    with desk(database_url) as app:
        tally = feed(app, given)
        assert (tally.lines, tally.read, tally.set_aside) == (3, 2, 1)
        (aside,) = app.set_aside()
        assert "nowhere" in aside["reason"]
        assert book(app) == LIVE
        assert feed(app, given).known == 3
        sound(app)


def test_a_message_that_says_nothing_we_know_is_set_aside(database_url: str) -> None:
    given = three().got("Gossip", text="?").trade("O1", "X", "e3", "5")
    with desk(database_url) as app:
        tally = feed(app, given)
        assert (tally.read, tally.set_aside) == (4, 1)
        assert book(app) == {"O1": "100 45 55 0 0 0 PARTIALLY_FILLED"}
        sound(app)


class _Faulty(CanonicalDialect):
    """A dialect with a fault: it stumbles over one match, or tells what cannot be summed."""

    def __init__(self, how: str) -> None:
        self._how = how

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        told = super().translate(line, request)
        if line.frame is None or line.frame.get("exec_id") != "e2":
            return told
        if self._how == "translate":
            raise KeyError("a fault in the translation")
        (message,) = told
        assert isinstance(message, OrderMessage)
        return (*told, OrderMessage(names=message.names, said=("not a fact",)))  # type: ignore[arg-type]  # the fault


@pytest.mark.parametrize("how", ["translate", "apply"])
def test_a_line_at_fault_is_set_aside_whole_and_the_rest_is_read(
    database_url: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DIALECTS, "canonical", _Faulty(how))
    given = three().trade("O1", "X", "e3", "5")
    with desk(database_url) as app:
        tally = feed(app, given)
        assert (tally.lines, tally.read, tally.set_aside) == (4, 3, 1)
        (aside,) = app.set_aside()
        assert "fault" in aside["reason"]
        assert book(app) == {"O1": "100 5 95 0 0 0 PARTIALLY_FILLED"}, "nothing of it counts"
        assert feed(app, given).known == 4
        sound(app)


def test_missing_lines_are_a_break_until_they_come(database_url: str) -> None:
    given = (
        three().trade("O1", "X", "e3", "5").trade("O1", "X", "e4", "5").trade("O1", "X", "e5", "5")
    )
    lines = given.records
    with desk(database_url) as whole_app:
        feed(whole_app, [lines[0], lines[1], lines[5]])
        assert flags(whole_app).count("STR-01") == 1
        feed(whole_app, [lines[3]])
        assert flags(whole_app).count("STR-01") == 2, "the stretch fell in two"
        feed(whole_app, [lines[2], lines[4]])
        assert flags(whole_app).count("STR-01") == 0
        assert book(whole_app) == {"O1": "100 55 45 0 0 0 PARTIALLY_FILLED"}
        sound(whole_app)


def test_lines_that_cause_nothing_still_tell_the_time(database_url: str) -> None:
    """A status request an hour later: what waits since then is late now, also after a rebuild."""
    given = Feed().place("X").cancel("Y", "X")
    quiet = Feed("c2").add("sent", at=3_600, frame={"msg": "OrderStatusRequest", "cl_ord_id": "X"})
    with desk(database_url) as app:
        feed(app, given)
        early = flags(app)
        feed(app, quiet)
        late = flags(app)
        assert set(early) < set(late)
        rebuild(app.writing, app.store, app.runner.projections, app.limits)
        assert flags(app) == late
        sound(app)


def test_two_runs_over_one_app(database_url: str) -> None:
    with desk(database_url) as app:
        first, second = three(), Feed("c2").cancel("Y", "X", "O1")
        feed(app, first)
        feed(app, second)
        (request,) = cancels(app)
        assert request["outcomes"][0]["order_key"] is not None
        assert feed(app, []).lines == 0
        sound(app)
