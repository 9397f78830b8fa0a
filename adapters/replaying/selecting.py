"""Messages chosen by what they are: `late`, `seq:10-20`, `type:Filled`, `order:9101`, `/text/`.

late                  it tells of something older than what was heard of its order before it,
                      or was seen before the line that stands before it in its capture
seq:N, seq:N-M        by place, in every capture; seq:CAPTURE/N-M in one
type:WORD             it tells a fact of this name (`breakwater order show` has them), or is
                      `sent`, `received`, `lost`, `CancelSent`, `CancelReply`
order:NAME            it names the order, by any of its names
/REGEX/               its bytes match; regex:REGEX says the same
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.messages import CancelReply, CancelSent, Message, OrderMessage
from domain.values import Account, Name
from domain.wire import Line

SELECTORS = "late, seq:N-M, type:WORD, order:NAME or /REGEX/"


class NoSelector(ValueError):
    """The text selects nothing that this program can find."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line, its bytes, and what it tells."""

    line: Line
    raw: bytes
    messages: Sequence[Message]


Selects = Callable[[Spoken], bool]
NamesOf = Callable[[str], frozenset[str]]
"""Every name of the orders that go by a name."""


def selector(text: str, names_of: NamesOf) -> Selects:
    """What the text selects; lines must be shown to it in the order in which they are read."""
    kind, colon, rest = text.partition(":")
    if text == "late":
        return Late()
    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        return _matching(text[1:-1])
    if not colon or not rest or kind not in _MADE:
        raise NoSelector(f"{text!r} selects nothing; write {SELECTORS}")
    return _MADE[kind](rest) if kind != "order" else _of_orders(names_of(rest) | {rest})


def _matching(pattern: str) -> Selects:
    try:
        found = re.compile(pattern.encode())
    except re.error as error:
        raise NoSelector(
            f"/{pattern}/ is no regular expression: {error}; write {SELECTORS}"
        ) from error
    return lambda told: found.search(told.raw) is not None


_SEQ = re.compile(r"(?:(?P<capture>.+)/)?(?P<first>\d+)(?:-(?P<last>\d+))?")


def _by_place(text: str) -> Selects:
    match = _SEQ.fullmatch(text)
    if match is None:
        raise NoSelector(f"seq:{text} names no lines; write seq:10, seq:10-20 or seq:CAPTURE/10-20")
    first = int(match["first"])
    last = int(match["last"] or first)
    if last < first:
        raise NoSelector(f"seq:{text} ends before it begins; write seq:{last}-{first}")
    capture = match["capture"]
    return lambda told: first <= told.line.seq <= last and capture in {None, told.line.capture}


def _of_type(word: str) -> Selects:
    return lambda told: word == told.line.direction or word in types_of(told.messages)


def _of_orders(names: frozenset[str]) -> Selects:
    return lambda told: any(name.value in names for name in names_told(told.messages))


_MADE: dict[str, Callable[[str], Selects]] = {
    "seq": _by_place,
    "type": _of_type,
    "order": lambda text: _of_orders(frozenset({text})),
    "regex": _matching,
}


def types_of(messages: Sequence[Message]) -> set[str]:
    """What the messages are, and the facts that they tell, by name."""
    found: set[str] = set()
    for message in messages:
        found.add(type(message).__name__)
        match message:
            case OrderMessage():
                found.update(type(fact).__name__ for fact in (*message.said, *message.said_in))
            case CancelReply():
                for result in message.results:
                    found.add("Cancelled" if result.cancelled else "CancelRejected")
                    found.update(type(fact).__name__ for fact in result.also)
            case CancelSent():
                found.add("CancelRequested")
            case _:
                found.add(type(message.event).__name__)
    return found


def names_told(messages: Sequence[Message]) -> list[Name]:
    """Every name of an order that the messages tell."""
    found: list[Name] = []
    for message in messages:
        match message:
            case OrderMessage():
                found += [*message.names, *message.found_by, *message.chain, *message.places]
            case CancelSent():
                found += [asked.name for asked in message.asked]
                found += [] if message.chain is None else [message.chain]
            case CancelReply():
                found += [name for result in message.results for name in result.names]
            case _:
                pass
    return found


@dataclass(slots=True)
class Late:
    """Selects what comes after something later; of each order it remembers the newest time."""

    _newest: dict[tuple[Account, Name], datetime] = field(
        default_factory=dict[tuple[Account, Name], datetime]
    )
    _seen: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def __call__(self, told: Spoken) -> bool:
        """Whether the line is late by what was shown before it."""
        line = told.line
        before = self._seen.get(line.capture)
        out_of_turn = before is not None and line.at < before
        if not out_of_turn:
            self._seen[line.capture] = line.at
        dated = [one for message in told.messages for one in _dated(message)]
        late = [self._late(line.owner, *one) for one in dated]
        return out_of_turn or any(late)

    def _late(self, owner: Account, names: Sequence[Name], occurred_at: datetime) -> bool:
        keys = [(owner, name) for name in names]
        known = [self._newest[key] for key in keys if key in self._newest]
        newest = max([occurred_at, *known])
        for key in keys:
            self._newest[key] = newest
        return occurred_at < newest


def _dated(message: Message) -> list[tuple[Sequence[Name], datetime]]:
    """What the venue dates: the names of an order, and when what is told of it happened."""
    match message:
        case OrderMessage(occurred_at=datetime() as at):
            return [((*message.names, *message.found_by), at)]
        case CancelReply():
            return [
                (result.names, result.occurred_at)
                for result in message.results
                if result.occurred_at is not None
            ]
        case _:
            return []
