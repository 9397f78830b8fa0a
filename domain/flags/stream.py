"""What is wrong with the stream itself: gaps, repeats, late news, words nobody knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import get_args

from domain import events as e
from domain import notices as n
from domain.flags.claims import OURS
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History, NoticeHistory
from domain.flags.rule import NoticeRule, OrderRule
from domain.recorded import Recorded

NO_TIME = timedelta()


def sequence_gap(history: NoticeHistory, _limits: Thresholds) -> Iterable[Flag]:
    """Lines of a capture, or messages of a venue's feed, were never seen (anomalies: STR-01).

    Missing lines are cleared when all of them have been read; nothing here replays a feed.
    """
    for entry in history.events:
        event = entry.event
        if isinstance(event, n.LinesMissing):
            yield _lines(history, entry, event)
        elif isinstance(event, n.FeedGap):
            yield Flag(
                code="STR-01",
                key=(event.channel, event.after, event.before),
                opened_at=entry.observed_at,
                witness=(entry.position,),
                note=f"The feed {event.channel} jumps from {event.after} to {event.before}: "
                "messages between them were not seen.",
            )


def _lines(history: NoticeHistory, entry: Recorded, gap: n.LinesMissing) -> Flag:
    found = _covered_by(history, entry, gap)
    count = gap.last - gap.first + 1
    lines = f"line {gap.first} is" if count == 1 else f"lines {gap.first} to {gap.last} are"
    return Flag(
        code="STR-01",
        key=(gap.capture, str(gap.first), str(gap.last)),
        opened_at=entry.observed_at,
        closed_at=None if found is None else max(entry.observed_at, found.observed_at),
        witness=places(entry, found),
        note=f"Of capture {gap.capture} {lines} missing.",
        difference=str(count),
    )


def _covered_by(history: NoticeHistory, entry: Recorded, gap: n.LinesMissing) -> Recorded | None:
    """The notice with which all lines of the gap had been read."""
    spans: list[tuple[int, int]] = []
    for later in history.events:
        event = later.event
        if later.position <= entry.position or not isinstance(event, n.LinesFound):
            continue
        if event.capture != gap.capture:
            continue
        spans.append((event.first, event.last))
        need = gap.first
        for first, last in sorted(spans):
            if first <= need <= last:
                need = last + 1
        if need > gap.last:
            return later
    return None


def repeated_message(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A message about the order came again (anomalies: STR-03).

    It changed nothing: a note that closes as it opens.
    """
    told: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for repeat in history.of(e.DuplicateReported):
        told[repeat.event.what, repeat.event.ref].append(repeat.recorded)
    for (what, ref), repeats in told.items():
        yield _repeated((what, ref), " ".join(("The", what, *ref.split())), repeats)


def repeated_notice(history: NoticeHistory, _limits: Thresholds) -> Iterable[Flag]:
    """As `repeated_message`, for a message about no order in particular (anomalies: STR-03)."""
    told: dict[str, list[Recorded]] = defaultdict(list)
    for entry in history.events:
        if isinstance(entry.event, n.MessageRepeated):
            told[entry.event.ref].append(entry)
    for ref, repeats in told.items():
        yield _repeated((ref,), " ".join(("The message", *ref.split())), repeats)


def _repeated(key: tuple[str, ...], what: str, repeats: list[Recorded]) -> Flag:
    opened_at = repeats[0].observed_at
    times = "again" if len(repeats) == 1 else f"{len(repeats)} times more"
    return Flag(
        code="STR-03",
        key=key,
        opened_at=opened_at,
        closed_at=opened_at,
        witness=places(*repeats),
        note=f"{what} came {times}; it changed nothing.",
    )


def late_event(history: History, limits: Thresholds) -> Iterable[Flag]:
    """Events of the order were seen long after the venue says that they happened (STR-08).

    A note that measures: one for each order, and nothing clears it.
    """
    late = [
        recorded
        for recorded in history.events
        if recorded.occurred_at is not None
        and recorded.observed_at - recorded.occurred_at > limits.late
        and not isinstance(recorded.event, OURS)
    ]
    if not late:
        return
    longest = max(late, key=_delay)
    events = "1 event was" if len(late) == 1 else f"{len(late)} events were"
    yield Flag(
        code="STR-08",
        key=(),
        opened_at=late[0].observed_at,
        witness=places(late[0], longest),
        note=f"{events} seen late, the longest {_delay(longest).total_seconds():g} s after the "
        "venue says that it happened.",
        difference=f"{_delay(longest).total_seconds():g}",
    )


def _delay(recorded: Recorded) -> timedelta:
    occurred = recorded.occurred_at
    return NO_TIME if occurred is None else recorded.observed_at - occurred


def unknown_word(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue used a word about the order that is in none of its tables (anomalies: STR-10).

    Cleared when the table knows it and the traffic has been read again.
    """
    seen = ((at.recorded, at.event.field, at.event.value) for at in history.of(e.UnknownValueSeen))
    yield from _unknown(seen)


def unknown_word_noticed(history: NoticeHistory, _limits: Thresholds) -> Iterable[Flag]:
    """As `unknown_word`, in a message about no order in particular (anomalies: STR-10)."""
    yield from _unknown(
        (entry, entry.event.field, entry.event.value)
        for entry in history.events
        if isinstance(entry.event, n.UnreadableValue)
    )


def _unknown(seen: Iterable[tuple[Recorded, str, str]]) -> Iterable[Flag]:
    told: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for recorded, field, value in seen:
        told[field, value].append(recorded)
    for (field, value), entries in told.items():
        yield Flag(
            code="STR-10",
            key=(field, value),
            opened_at=entries[0].observed_at,
            witness=places(entries[0], entries[-1]),
            note=f"The venue's {field} says {value!r}, which is in none of its tables.",
            theirs=value,
        )


def feed_silence(history: NoticeHistory, _limits: Thresholds) -> Iterable[Flag]:
    """Nothing was heard of a feed while orders were on the book (anomalies: STR-09).

    Told by whoever listens: only that side knows of heartbeats. Cleared when the feed is back and
    what it may have missed was read anew. Silence that goes on is one flag.
    """
    since: Recorded | None = None
    for entry in history.events:
        event = entry.event
        if isinstance(event, n.FeedSilent) and event.orders and since is None:
            since = entry
        elif isinstance(event, n.FeedRestored) and since is not None:
            yield _silence(since, entry)
            since = None
    if since is not None:
        yield _silence(since, None)


def _silence(silent: Recorded, back: Recorded | None) -> Flag:
    event = silent.event
    assert isinstance(event, n.FeedSilent)
    orders = "order is" if event.orders == 1 else "orders are"
    return Flag(
        code="STR-09",
        key=(event.channel, silent.observed_at.isoformat()),
        opened_at=silent.observed_at,
        closed_at=None if back is None else max(silent.observed_at, back.observed_at),
        witness=places(silent, back),
        note=f"The feed {event.channel} is silent: {event.why}. {event.orders} {orders} on the "
        "book: whatever becomes of them is not heard.",
    )


RULES = (
    OrderRule("STR-03", needs=frozenset({e.DuplicateReported}), find=repeated_message),
    OrderRule("STR-08", needs=frozenset(get_args(e.OrderEvent)), find=late_event),
    OrderRule("STR-10", needs=frozenset({e.UnknownValueSeen}), find=unknown_word),
)
NOTICE_RULES = (
    NoticeRule("STR-01", sequence_gap),
    NoticeRule("STR-03", repeated_notice),
    NoticeRule("STR-09", feed_silence, since=2),
    NoticeRule("STR-10", unknown_word_noticed),
)
