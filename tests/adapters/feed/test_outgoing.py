"""What the log shows to whom: an account its own, an auditor all; nothing skipped or twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bootstrap import App, opened
from adapters.bootstrap_feed import BeyondTheEnd, NoSuchType, Outgoing, kinds_of
from adapters.codec import BrokenState, UnknownTopic
from adapters.eventlog.selecting import LogSelector, Narrowing, owner_mark
from adapters.gateways.outgoing import CannotBeRead, EventPage, NotReachable
from adapters.settings import Settings
from domain.recorded import Pending
from domain.values import Account
from tests.adapters.eventlog.builders import event
from tests.adapters.eventlog.tampering import drop_triggers
from tests.adapters.feed.logs import (
    ACME,
    OWNERS,
    QUOTED,
    RIVAL,
    checked,
    commented,
    filled,
    noticed,
    placed,
)

MANY = 4 << 20
MIXED = [
    maker(owner)
    for owner in (*OWNERS, ACME, RIVAL)
    for maker in (placed, filled, commented, noticed)
] + [checked()]


def stored(app: App, events: Sequence[Pending]) -> None:
    app.store.append(events, (), (), (), ())


def everything(
    outgoing: Outgoing, owner: Account | None, limit: int, types: Sequence[str] = ()
) -> list[EventPage]:
    """Pages until nothing is left; the last is the one that goes no further."""
    pages: list[EventPage] = []
    after = -1
    while not pages or pages[-1].next != after:
        after = pages[-1].next if pages else 0
        pages.append(outgoing.page(owner, after, limit, types, MANY))
    return pages


Sees = Callable[[dict[str, Any]], bool]


def all_of_it(_: dict[str, Any]) -> bool:
    """Every event."""
    return True


def nothing(_: dict[str, Any]) -> bool:
    """Not one."""
    return False


def own(owner: Account) -> Sees:
    """What is the account's, without what the desk writes about it."""

    def sees(told: dict[str, Any]) -> bool:
        mine = (told["venue"], told["account"]) == (owner.venue, owner.account)
        return mine and not told["type"].startswith("Break")

    return sees


@pytest.mark.parametrize("limit", [1, 3, 1000])
@pytest.mark.parametrize(
    ("owner", "sees"),
    [
        pytest.param(None, all_of_it, id="an auditor sees everything"),
        *(
            pytest.param(owner, own(owner), id=f"{owner.account} of {owner.venue}")
            for owner in OWNERS
        ),
        pytest.param(Account("abp", "nobody"), nothing, id="a stranger sees nothing"),
        pytest.param(Account("abp", 'acme","x'), nothing, id="a name made to look alike"),
        pytest.param(Account("abp", "ac%"), nothing, id="a name with a wildcard"),
    ],
)
def test_who_sees_what(database_url: str, owner: Account | None, sees: Sees, limit: int) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, MIXED)
        outgoing = Outgoing(app)
        bodies = [body for _, body in outgoing.page(None, 0, 1000, (), MANY).events]
        wanted = [body for body in bodies if sees(json.loads(body))]
        pages = everything(outgoing, owner, limit)
        assert [body for page in pages for _, body in page.events] == wanted
        assert pages[-1].next == len(MIXED), "a reader gets to the end, whoever's the last is"
        assert all(len(page.events) <= limit for page in pages)


@pytest.mark.parametrize(
    ("types", "names"),
    [
        pytest.param(["Filled"], frozenset({"Filled:1"}), id="a name is every version of it"),
        pytest.param(["Filled:1"], frozenset({"Filled:1"}), id="a name with its version"),
        pytest.param(
            ["Filled", "OrderPlaced:1"],
            frozenset({"Filled:1", "OrderPlaced:1"}),
            id="several are joined",
        ),
        pytest.param(["Cancelled"], frozenset[str](), id="of which there are none"),
        pytest.param(["BreakCommented"], frozenset[str](), id="of which the account sees none"),
    ],
)
def test_a_feed_is_narrowed_to_types(
    database_url: str, types: Sequence[str], names: frozenset[str]
) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, MIXED)
        pages = everything(Outgoing(app), ACME, 2, types)
    seen = [json.loads(body)["type"] for page in pages for _, body in page.events]
    assert set(seen) == names
    assert len(seen) == 2 * len(names)
    assert pages[-1].next == len(MIXED)


@pytest.mark.parametrize("name", ["Nope", "Filled:2", "Filled:", "filled", "%", "Fill%", ""])
def test_a_type_that_is_none_is_told(name: str) -> None:
    with pytest.raises(NoSuchType, match="no events are called"):
        kinds_of([name])


def test_a_page_that_says_that_it_does_not_change_does_not(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        outgoing = Outgoing(app)
        asked = [
            (owner, after, limit)
            for owner in (None, ACME, RIVAL)
            for after in (0, 1, 7)
            for limit in (1, 2, 5, 1000)
        ]
        before: dict[object, EventPage] = {}
        frozen = 0
        for batch in (MIXED[:9], MIXED[9:14], [commented(ACME)], [placed(RIVAL)], MIXED[14:16]):
            stored(app, [entry._replace(stream=placed(ACME).stream) for entry in batch])
            for key in asked:
                page = outgoing.page(*key, (), MANY)
                if key in before and before[key].unchanging:
                    assert page == before[key]
                    frozen += 1
                before[key] = page
        assert frozen > len(asked), "most of them are full soon"


def test_a_page_ends_before_it_is_too_large_and_nothing_is_lost(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, [placed(ACME, "x" * size) for size in (10, 5_000, 10, 10, 9_000, 10)])
        outgoing = Outgoing(app)
        pages = [outgoing.page(ACME, 0, 10, (), 4_000)]
        while pages[-1].events:
            pages.append(outgoing.page(ACME, pages[-1].next, 10, (), 4_000))
    places = [[position for position, _ in page.events] for page in pages]
    assert places == [[1], [2], [3, 4], [5], [6], []]
    assert [page.unchanging for page in pages[:4]] == [True] * 4


def test_a_few_events_among_many_are_found_a_span_at_a_time(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, [placed(RIVAL) for _ in range(25)] + [placed(ACME)])
        selector = LogSelector(app.engine, span=10)
        seen = [selector.select(after, 5, Narrowing(ACME)) for after in (0, 10, 20, 26)]
    assert [(len(one.rows), one.until, one.head) for one in seen] == [
        (0, 10, 26),
        (0, 20, 26),
        (1, 26, 26),
        (0, 26, 26),
    ]


@pytest.mark.parametrize(
    ("topic", "error"),
    [
        pytest.param("Filled:9", UnknownTopic, id="an event of a newer program"),
        pytest.param("Filled:1", BrokenState, id="an event whose bytes are broken"),
    ],
)
def test_what_cannot_be_told_is_never_passed_over(
    database_url: str, topic: str, error: type[Exception]
) -> None:
    broken = b'{"id":"00000000-0000-0000-0000-000000000000"%b""}' % owner_mark(ACME)
    with opened(Settings(database_url=database_url)) as app:
        stored(app, [placed(ACME), placed(ACME)])
        app.store.log.append([event(topic=topic, state=broken)])
        stored(app, [placed(ACME)])
        outgoing = Outgoing(app)
        for owner in (None, ACME):
            for types in ((), ("Filled",)):
                page = outgoing.page(owner, 0, 100, types, MANY) if not types else None
                assert page is None or (len(page.events), page.next) == (2, 2)
                with pytest.raises(CannotBeRead, match=r"position 3 .*see `breakwater verify`"):
                    outgoing.page(owner, 2, 100, types, MANY)
        with pytest.raises(error):
            outgoing.read(Narrowing(), 2, 1, MANY)
        assert [position for position, _ in outgoing.page(None, 3, 9, (), MANY).events] == [4]


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param("position = 3", id="an event in the middle"),
        pytest.param("position >= 3", id="the end"),
    ],
)
def test_an_event_that_is_gone_is_not_passed_over(database_url: str, gone: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, [placed(ACME) for _ in range(4)])
        with app.engine.begin() as connection:
            drop_triggers(connection)
            connection.exec_driver_sql(f"DELETE FROM events WHERE {gone}")  # noqa: S608 - see above
        outgoing = Outgoing(app)
        page = outgoing.page(None, 0, 100, (), MANY)
        assert (len(page.events), page.next, page.unchanging) == (2, 2, True)
        with pytest.raises(CannotBeRead, match=r"position 3 is not in the log; see `breakwater"):
            outgoing.page(None, page.next, 100, (), MANY)


def test_a_position_of_another_log_is_not_waited_for(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        outgoing = Outgoing(app)
        assert outgoing.page(None, 0, 5, (), MANY) == EventPage([], 0, unchanging=False)
        stored(app, [placed(ACME)])
        assert outgoing.page(None, 1, 5, (), MANY).events == []
        with pytest.raises(BeyondTheEnd, match="position 2 is behind the end of this log, 1"):
            outgoing.page(ACME, 2, 5, (), MANY)


def test_a_database_without_tables_says_what_to_do(empty_database_url: str) -> None:
    with (
        opened(Settings(database_url=empty_database_url), ready=False) as app,
        pytest.raises(CannotBeRead, match="breakwater db upgrade"),
    ):
        Outgoing(app).page(None, 0, 1, (), MANY)


def test_a_database_that_does_not_answer_is_no_end_of_the_log() -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with (
        opened(Settings(database_url=nowhere), ready=False) as app,
        pytest.raises(NotReachable, match="try again"),
    ):
        Outgoing(app).page(None, 0, 1, (), MANY)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from('",:\\{}%_é'),
    max_size=8,
)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=6, unique=True))
def test_the_marks_of_two_accounts_are_never_the_beginning_of_one_another(
    owners: list[tuple[str, str]],
) -> None:
    marks = sorted(owner_mark(Account(*owner)) for owner in owners)
    assert not any(second.startswith(first) for first, second in pairwise(marks))


def test_one_venue_is_all_of_its_accounts(database_url: str) -> None:
    with opened(Settings(database_url=database_url)) as app:
        stored(app, MIXED)
        found = Outgoing(app).read(Narrowing(venue="abp"), 0, 1000, MANY)
    assert {one.account for one in found.events} == {
        owner.account for owner in (ACME, RIVAL, QUOTED)
    }
