"""The work on breaks is stored whole or not at all, and nobody decides over somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from adapters.bootstrap import App
from adapters.desk import Case, DeskWork, Nothing
from domain.desk_decisions import Asked, Refused, Verb
from domain.ids import derived
from domain.ports import Conflict
from domain.recorded import Pending, Recorded
from domain.values import Account
from tests.domain.desk_facts import BREAK, SEEN
from tests.feeding import desk

OWNER = Account("abp", "desk-7")
OTHER = derived("break", "another")
NINE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def case(verb: Verb, by: str, break_id: UUID = BREAK, text: str | None = "why") -> Case:
    return Case(break_id, OWNER, SEEN, Asked(verb=verb, by=by, text=text, to="ben"))


def at_nine(app: App) -> DeskWork:
    return DeskWork(app.store, lambda: NINE)


class Interrupted:
    """A log in which somebody else stores something between our looking and our storing."""

    def __init__(self, app: App, other: Case | None) -> None:
        self._app = app
        self._other = other

    def histories(self, streams: Sequence[UUID]) -> dict[UUID, list[Recorded]]:
        """What the log has."""
        return self._app.store.histories(streams)

    def append(
        self,
        events: Sequence[Pending],
        names: Nothing,
        wire: Nothing,
        asides: Nothing,
        settled: Nothing,
    ) -> tuple[int, datetime]:
        """First the other's, then ours."""
        if self._other is None:
            raise Conflict("taken")
        at_nine(self._app).work([self._other])
        return self._app.store.append(events, names, wire, asides, settled)


def test_what_was_done_is_told_with_who_when_why_and_what_they_saw(database_url: str) -> None:
    with desk(database_url) as app:
        work = at_nine(app)
        work.work([case(Verb.ASSIGN, "ann")])
        work.work([case(Verb.COMMENT, "ben", text="asked")])
        (new,) = work.work([case(Verb.ACCEPT, "ben", text="so be it")])
        assert (new.version, new.owner, new.observed_at) == (3, OWNER, NINE)
        told = work.told(BREAK)
        assert [(entry["event"], entry["by"], entry["reason"]) for entry in told] == [
            ("BreakAssigned", "ann", None),
            ("BreakCommented", "ben", "asked"),
            ("BreakAccepted", "ben", "so be it"),
        ]
        assert [entry["position"] for entry in told] == [1, 2, 3]
        assert {entry["at"] for entry in told} == {NINE}
        assert told[0]["evidence"] is None
        assert told[2]["evidence"]["witness"] == SEEN.witness
        assert work.told(OTHER) == []


def test_the_second_of_two_people_at_once_learns_what_the_first_did(database_url: str) -> None:
    with desk(database_url) as app:
        at_nine(app).work([case(Verb.COMMENT, "dan")])
        late = DeskWork(Interrupted(app, case(Verb.ACCEPT, "ann", text="agreed")), lambda: NINE)
        with pytest.raises(Conflict) as caught:
            late.work([case(Verb.RESOLVE, "ben"), case(Verb.RESOLVE, "ben", OTHER)])
        assert "somebody else was faster, and nothing of this was recorded" in str(caught.value)
        assert f"break {BREAK}: ann accepted it (“agreed”)" in str(caught.value)
        assert "dan" not in str(caught.value)
        assert app.store.head() == 2, "not the other break's either"
        with pytest.raises(Refused, match="was accepted by ann"):
            at_nine(app).work([case(Verb.RESOLVE, "ben")])


def test_a_conflict_about_nothing_that_can_be_seen_is_told_all_the_same(database_url: str) -> None:
    with desk(database_url) as app:
        late = DeskWork(Interrupted(app, None), lambda: NINE)
        with pytest.raises(Conflict, match="The log moved on"):
            late.work([case(Verb.RESOLVE, "ben")])


def test_what_one_break_does_not_allow_is_done_to_none(database_url: str) -> None:
    with desk(database_url) as app:
        at_nine(app).work([case(Verb.RESOLVE, "ann")])
        with pytest.raises(Refused, match=f"break {BREAK} was resolved by ann"):
            at_nine(app).work([case(Verb.ACCEPT, "ben", OTHER), case(Verb.ACCEPT, "ben")])
        assert app.store.head() == 1


def test_asked_twice_stores_nothing(database_url: str) -> None:
    with desk(database_url) as app:
        assert len(at_nine(app).work([case(Verb.ACCEPT, "ann")])) == 1
        assert at_nine(app).work([case(Verb.ACCEPT, "ann")]) == []
        assert app.store.head() == 1
