from __future__ import annotations

import pytest

from domain.events import CancelRequested, DuplicateReported, UnknownValueSeen
from domain.flags.history import History, NoticeHistory
from domain.flags.stream import (
    feed_silence,
    late_event,
    repeated_message,
    repeated_notice,
    sequence_gap,
    unknown_word,
    unknown_word_noticed,
)
from domain.notices import (
    FeedGap,
    FeedRestored,
    FeedSilent,
    LinesFound,
    LinesMissing,
    MessageRepeated,
    UnreadableValue,
)
from tests.building import at, filled, history, notice_history, placed, seconds
from tests.cancelling import LIMITS, Found, Q, found
from tests.claiming import OPEN

OWN = {"venue": "abp", "account": "acme"}


def missing(first: int, last: int) -> LinesMissing:
    return LinesMissing(**OWN, capture="c1", first=first, last=last)


def read(first: int, last: int, capture: str = "c1") -> LinesFound:
    return LinesFound(capture=capture, first=first, last=last)


GAP = ("c1", "5", "9")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(notice_history(missing(5, 9)), [(GAP, 0, None, (1,))], id="lines missing"),
        pytest.param(notice_history(missing(5, 9), read(5, 9)), [(GAP, 0, 1, (1, 2))], id="found"),
        pytest.param(
            notice_history(missing(5, 9), read(5, 6), read(7, 9)),
            [(GAP, 0, 2, (1, 3))],
            id="found in two parts",
        ),
        pytest.param(
            notice_history(missing(5, 6), read(6, 6), read(5, 5)),
            [(("c1", "5", "6"), 0, 2, (1, 3))],
            id="found line by line",
        ),
        pytest.param(
            notice_history(missing(5, 9), read(8, 9), read(5, 6)),
            [(GAP, 0, None, (1,))],
            id="one line is still missing",
        ),
        pytest.param(
            notice_history(missing(5, 9), read(5, 9, "c2")),
            [(GAP, 0, None, (1,))],
            id="found in another capture",
        ),
        pytest.param(
            notice_history(missing(5, 9), at(read(5, 9), seen=-60)),
            [(GAP, 0, 0, (1, 2))],
            id="found lines were seen before the jump: closed as it opened",
        ),
        pytest.param(
            notice_history(missing(5, 9), read(5, 9), missing(5, 6)),
            [(GAP, 0, 1, (1, 2)), (("c1", "5", "6"), 2, None, (3,))],
            id="a gap that shrank is told anew",
        ),
        pytest.param(
            notice_history(FeedGap(**OWN, channel="orders", after="7", before="9")),
            [(("orders", "7", "9"), 0, None, (1,))],
            id="a venue's feed jumped",
        ),
        pytest.param(
            notice_history(MessageRepeated(**OWN, ref="m1")), [], id="another sort of notice"
        ),
    ],
)
def test_sequence_gap(given: NoticeHistory, then: list[Found]) -> None:
    assert found(sequence_gap(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("gap", "note"),
    [
        pytest.param(missing(5, 9), "Of capture c1 lines 5 to 9 are missing.", id="lines"),
        pytest.param(missing(5, 5), "Of capture c1 line 5 is missing.", id="one line"),
    ],
)
def test_a_gap_says_which_lines(gap: LinesMissing, note: str) -> None:
    (flag,) = sequence_gap(notice_history(gap), LIMITS)
    assert flag.note == note


def silent(orders: int = 2, number: int = 1) -> FeedSilent:
    return FeedSilent(
        **OWN, channel="ws", orders=orders, why="nothing heard for 90 s", at=f"silence {number}"
    )


def back(number: int = 1) -> FeedRestored:
    return FeedRestored(**OWN, channel="ws", at=f"back {number}")


FIRST, THIRD = (("ws", seconds(second).isoformat()) for second in (0, 2))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(notice_history(silent()), [(FIRST, 0, None, (1,))], id="silent"),
        pytest.param(notice_history(silent(), back()), [(FIRST, 0, 1, (1, 2))], id="and back"),
        pytest.param(
            notice_history(silent(), silent(3, 2)), [(FIRST, 0, None, (1,))],
            id="silence that goes on is one",
        ),
        pytest.param(
            notice_history(silent(), back(), silent(1, 2)),
            [(FIRST, 0, 1, (1, 2)), (THIRD, 2, None, (3,))],
            id="silent once more",
        ),
        pytest.param(
            notice_history(silent(), at(back(), seen=-60)), [(FIRST, 0, 0, (1, 2))],
            id="seen out of order: closed as it opened",
        ),
        pytest.param(notice_history(silent(orders=0)), [], id="nothing was on the book"),
        pytest.param(notice_history(back()), [], id="back from a silence that nobody told of"),
    ],
)  # fmt: skip
def test_a_silent_feed(given: NoticeHistory, then: list[Found]) -> None:
    assert found(feed_silence(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("orders", "told"),
    [
        pytest.param(1, "1 order is on the book", id="one order"),
        pytest.param(4, "4 orders are on the book", id="several"),
    ],
)
def test_a_silence_says_what_is_at_stake(orders: int, told: str) -> None:
    (flag,) = feed_silence(notice_history(silent(orders)), LIMITS)
    assert told in flag.note


def again(what: str, ref: str) -> DuplicateReported:
    return DuplicateReported(what=what, ref=ref)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, again("message", "E1")),
            [(("message", "E1"), 2, 2, (3,))],
            id="closed as it opens",
        ),
        pytest.param(
            history(*OPEN, again("fill", "F1"), again("fill", "F1"), again("cancel", "")),
            [(("fill", "F1"), 2, 2, (3, 4)), (("cancel", ""), 4, 4, (5,))],
            id="one finding for each message",
        ),
    ],
)
def test_repeated_message(given: History, then: list[Found]) -> None:
    assert found(repeated_message(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "note"),
    [
        pytest.param(
            history(*OPEN, again("cancel", "")),
            "The cancel came again; it changed nothing.",
            id="once",
        ),
        pytest.param(
            history(*OPEN, again("fill", "F1"), again("fill", "F1")),
            "The fill F1 came 2 times more; it changed nothing.",
            id="twice",
        ),
    ],
)
def test_a_repeat_says_how_often(given: History, note: str) -> None:
    (flag,) = repeated_message(given, LIMITS)
    assert flag.note == note


def test_a_repeated_notice_closes_as_it_opens() -> None:
    repeat = MessageRepeated(**OWN, ref="m1")
    given = notice_history(missing(1, 2), repeat, repeat)
    assert found(repeated_notice(given, LIMITS)) == [(("m1",), 1, 1, (2, 3))]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, at(filled("5"), seen=70, venue=10)), [], id="a minute"),
        pytest.param(
            history(*OPEN, at(filled("5"), seen=71, venue=10)),
            [((), 71, None, (3,))],
            id="more than a minute",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("5"), seen=71, venue=10),
                at(filled("5", "F2"), seen=200, venue=10),
                at(filled("5", "F3"), seen=201, venue=100),
            ),
            [((), 71, None, (3, 4))],
            id="three late: one note, with the first and the longest",
        ),
        pytest.param(history(placed(), filled("5")), [], id="no venue times"),
        pytest.param(
            history(*OPEN, at(CancelRequested(cancel_id=Q), seen=99, venue=1)),
            [],
            id="what we did is never late",
        ),
    ],
)
def test_late_event(given: History, then: list[Found]) -> None:
    assert found(late_event(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "note"),
    [
        pytest.param(
            history(*OPEN, at(filled("5"), seen=71, venue=10)),
            "1 event was seen late, the longest 61 s after the venue says that it happened.",
            id="one",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("5"), seen=71, venue=10),
                at(filled("5", "F2"), seen=200, venue=9.5),
            ),
            "2 events were seen late, the longest 190.5 s after the venue says that it happened.",
            id="two",
        ),
    ],
)
def test_late_events_are_counted(given: History, note: str) -> None:
    (flag,) = late_event(given, LIMITS)
    assert flag.note == note


def test_an_unknown_word_is_one_finding_for_each_field_and_value() -> None:
    def word(value: str) -> UnknownValueSeen:
        return UnknownValueSeen(field="status", value=value)

    given = history(*OPEN, word("FROZEN"), word("FROZEN"), word("MELTED"))
    assert found(unknown_word(given, LIMITS)) == [
        (("status", "FROZEN"), 2, None, (3, 4)),
        (("status", "MELTED"), 4, None, (5,)),
    ]


def test_an_unknown_word_about_no_order_in_particular_is_found_too() -> None:
    word = UnreadableValue(**OWN, field="event", value="EXPLODED")
    given = notice_history(missing(1, 2), word)
    assert found(unknown_word_noticed(given, LIMITS)) == [(("event", "EXPLODED"), 1, None, (2,))]


def test_a_repeat_without_a_name_is_told_without_one() -> None:
    (order,) = repeated_message(
        history(placed(), DuplicateReported(what="message", ref=" ")), LIMITS
    )
    (notice,) = repeated_notice(notice_history(MessageRepeated(**OWN, ref="")), LIMITS)
    assert order.note == "The message came again; it changed nothing."
    assert notice.note == "The message came again; it changed nothing."
