"""An incident in plain sentences, for people who were not there."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from adapters.timeline.courses import Point, believed, known_now, together, units
from adapters.timeline.incident import Incident, Record
from adapters.timeline.lives import BUCKETS
from adapters.timeline.rows import Mark
from adapters.timeline.spans import clock, span
from domain.doubts import CLEARS, Doubt
from domain.standing import standing
from domain.values import ZERO, plain

OUTCOMES: Mapping[str, str] = {
    "cancelled": "cancelled",
    "rejected": "refused",
    "unknown": "of unknown fate",
    "not_mentioned": "not mentioned in the answer",
    "unrequested": "in an answer that had not been asked for them",
}
"""What became of an order in a cancel, in plain words."""

WHY: Mapping[Doubt, str] = {
    Doubt.PLACE_UNKNOWN: "nobody knows whether the order reached the venue",
    Doubt.AMEND_UNKNOWN: "nobody knows whether the venue took our change",
    Doubt.CANCEL_UNKNOWN: "nobody knows what became of our cancel",
    Doubt.CANCEL_NOT_MENTIONED: "the answer to our cancel does not mention it",
    Doubt.SAID_COMPLETE: "the venue says that it is complete, and its matches are not told",
    Doubt.SAID_OVER: "the venue says that it is over, and not how",
    Doubt.SAID_CANCELLED: "the venue says that it was cancelled, and no report of it came",
    Doubt.NOT_FOUND: "the venue says that it does not know the order",
    Doubt.BALANCE_LOCK: "the venue could not cancel it for a fault of its own",
    Doubt.UNMAPPED_REFUSAL: "the venue refused the cancel in words that nobody knows",
    Doubt.TOTAL_FELL: "the venue counts less as matched than it had told",
}
"""Why something is not certain, for whoever does not know the desk's words."""

LISTED_MAX = 20
"""So many of one kind are told one by one."""


STAKES_MAX = 5
"""So many amounts are told beside each other."""


class Section(NamedTuple):
    """A heading and what is said under it."""

    heading: str
    sentences: Sequence[str]


def sections(incident: Incident) -> list[Section]:
    """What happened, what it costs, what nobody knows, what to do: in that order."""
    return [
        Section("What happened", [*_exchanged(incident), *_asked(incident), *_wire(incident)]),
        Section("How much money is affected", [*_money(incident)]),
        Section("What is still unknown", [*_unknown(incident)]),
        Section("What to do next", [*_next(incident)]),
    ]


def _exchanged(incident: Incident) -> Iterator[str]:
    rows, lives = incident.told.rows, incident.told.lives
    firsts = (life.events[0].owner for life in lives.values())
    owners = sorted({(owner.account, owner.venue) for owner in firsts})
    whose = "; ".join(f"account {account} at {venue}" for account, venue in owners[:LISTED_MAX])
    messages = [row for row in rows if row.is_message]
    if not rows:
        yield "Nothing was recorded."
        return
    first, last = rows[0].observed_at, rows[-1].observed_at
    yield (
        f"This is about {count(len(lives), 'order')}{' of ' + whose if whose else ''}. Between "
        f"{clock(first)} and {clock(last)} UTC ({span(last - first)}), "
        f"{count(len(messages), 'message')} were recorded, which told "
        f"{count(len(rows) - len(messages), 'fact')}."
    )
    for unit, of_unit in units(lives.values()).items():
        for point in together(of_unit, known_now)[-1:]:
            parts = [f"{plain(getattr(point.held, name))} {name}" for name in BUCKETS]
            told = ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing"
            yield f"Of {plain(point.held.size)} in all ({unit}), as known now: {told}."


def _asked(incident: Incident) -> Iterator[str]:
    if not incident.cancels:
        return
    fates = Counter(
        outcome["outcome"] for cancel in incident.cancels for outcome in cancel["outcomes"]
    )
    told = [f"{fates[name]} {words}" for name, words in OUTCOMES.items() if fates[name]]
    silent = fates[None]
    if silent:
        told.append(f"{silent} not answered yet")
    yield (
        f"{count(len(incident.cancels), 'cancel request')} touched these orders. Of the orders in "
        f"them: {', '.join(told) or 'none is known'}."
    )


def _wire(incident: Incident) -> Iterator[str]:
    marks = Counter(found.mark for row in incident.told.rows for found in row.marks)
    told = (
        (Mark.CROSSED, "crossed one of ours on the wire, or may have"),
        (Mark.REORDERED, "came after news of something later"),
        (Mark.LATE, "came long after it had happened"),
        (Mark.LOST, "got no answer"),
        (Mark.GAP, "came after lines that are missing"),
        (Mark.UNREAD, "could not be read yet"),
        (Mark.CLOCK, "was dated after it had been seen"),
    )
    parts = [f"{marks[mark]} {words}" for mark, words in told if marks[mark]]
    if parts:
        yield f"Of the messages and facts, {'; '.join(parts)}."
    for unit, lives in units(incident.told.lives.values()).items():
        yield from _mistaken(unit, together(lives, believed), together(lives, known_now))


def _mistaken(unit: str, seen: Sequence[Point], known: Sequence[Point]) -> Iterator[str]:
    """The longest time in which a client could not know what had matched, and by how much."""
    moments = sorted({point.at for point in (*seen, *known)})
    then, now = _matched(seen, moments), _matched(known, moments)
    longest = Behind()
    for behind, during in groupby(moments, key=lambda moment: now[moment] != then[moment]):
        span_of = list(during)
        if not behind:
            continue
        after = bisect_right(moments, span_of[-1])
        until = moments[after] if after < len(moments) else span_of[-1]
        if until - span_of[0] >= longest.time:
            off = max((now[moment] - then[moment] for moment in span_of), key=abs)
            longest = Behind(until - span_of[0], off, span_of[0])
    if longest.since is not None:
        more = "more" if longest.by > ZERO else "less"
        yield (
            f"Even a client that read every message at once was behind: for {span(longest.time)} "
            f"from {clock(longest.since)} on, {plain(abs(longest.by))} {more} had matched ({unit}) "
            "than it could know."
        )


class Behind(NamedTuple):
    """How long a client was behind, by how much at most, and since when."""

    time: timedelta = timedelta()
    by: Decimal = ZERO
    since: datetime | None = None


def _matched(points: Sequence[Point], moments: Sequence[datetime]) -> dict[datetime, Decimal]:
    """What had matched by each of these moments."""
    changes = {point.at: point.held.matched for point in points}
    held = ZERO
    found: dict[datetime, Decimal] = {}
    for moment in moments:
        held = found[moment] = changes.get(moment, held)
    return found


def _money(incident: Incident) -> Iterator[str]:
    for unit, lives in units(incident.told.lives.values()).items():
        points = together(lives, believed)
        if not points:
            continue
        peak = max(points, key=lambda point: point.held.at_risk)
        now = points[-1].held
        yield (
            f"{unit}: at most {plain(peak.held.at_risk)} could have been lost at one time by what "
            f"may have been live, from {clock(peak.at)} on; {plain(now.at_risk)} still could."
        )
        if now.unrated:
            orders = count(now.unrated, "order")
            yield f"{unit}: {orders} cannot be rated: no side or price is known."
    stakes = sorted(
        (record["at_stake"], record["code"]) for record in incident.to_do if record["at_stake"]
    )
    if stakes:
        most = reversed(stakes[-STAKES_MAX:])
        told = ", ".join(f"{plain(stake)} ({code})" for stake, code in most)
        yield f"Most is at stake in these breaks that are to be worked: {told}."
    if not incident.told.lives:
        yield "No order is in it."


def _unknown(incident: Incident) -> Iterator[str]:
    """Each order in doubt, those of which most may be live first."""
    unsure = [
        (stands, life.name)
        for life in incident.told.lives.values()
        if (stands := standing(life.order)).why
    ]
    unsure.sort(key=lambda found: found[0].remaining_max, reverse=True)
    for stands, name in unsure[:LISTED_MAX]:
        least, most = plain(stands.remaining_min), plain(stands.remaining_max)
        live = f"{least} to {most}" if least != most else most
        why = "; ".join(WHY[doubt] for doubt in stands.why)
        ends = "; or ".join(dict.fromkeys(CLEARS[doubt] for doubt in stands.why))
        yield f"Order {name}: {live} may be live: {why}. What ends the doubt: {ends}."
    if len(unsure) > LISTED_MAX:
        more = count(len(unsure) - LISTED_MAX, "order")
        yield f"And {more} more: `breakwater orders --uncertain`."
    if not unsure:
        yield "Every order is certain: nothing that we sent is in doubt."
    lines = [row.wire for row in incident.told.rows if row.wire is not None]
    unread = [entry for entry in lines if entry.outcome != "read"]
    if unread:
        yield f"{count(len(unread), 'line')} could not be read: `breakwater quarantine`."


def _next(incident: Incident) -> Iterator[str]:
    """What is to be worked, the worst first; what is alike is told once."""
    alike: dict[tuple[str, str], list[Record]] = {}
    for record in incident.to_do:
        alike.setdefault((record["severity"], record["code"]), []).append(record)
    for (severity, code), records in list(alike.items())[:LISTED_MAX]:
        first = records[0]
        owners = sorted({record["owner"] for record in records if record["owner"]})
        who = f" ({', '.join(owners)})" if owners else ""
        shows = ", ".join(
            f"`breakwater breaks show {item['break_id'][:8]}`" for item in records[:3]
        )
        more = "" if len(records) == 1 else f" And {len(records) - 1} more like it."
        yield (
            f"{severity.capitalize()}: {code} {first['name'].replace('_', ' ')}{who}. "
            f"{first['note']}{more} It clears: {first['clears_when']}. See {shows}."
        )
    if len(alike) > LISTED_MAX:
        yield "And others: `breakwater breaks`."
    if any(record["status"] == "unknown" for record in incident.cancels):
        yield "Ask the venue what became of the cancels without an answer: `breakwater resolve`."
    if not incident.to_do:
        yield "Nothing: no break of it is open."


def count(number: int, thing: str) -> str:
    """`1 order`, `2 orders`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
