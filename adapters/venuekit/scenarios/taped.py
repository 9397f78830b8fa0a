"""A cancel and its answer on a tape, for scenarios that change what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.clients.port import Ask
from adapters.venuekit.bench import Bench, Stand
from adapters.venuekit.tape import Json, Tape, altered, answers, json_of, read, replaced
from domain.messages import CancelReply, CancelResult, Message, OrderMessage
from domain.requests import ScopeKind
from domain.wire import Line, Unreadable


@dataclass(frozen=True, slots=True)
class Asked:
    """The lines of an account's day; the last two are a cancel and its answer."""

    stand: Stand
    tape: Tape
    ids: Sequence[str]

    @property
    def request(self) -> Line:
        """The cancel."""
        return answers(self.tape.lines)[-1][0]

    @property
    def answer(self) -> bytes:
        """The line of its answer."""
        return self.tape.lines[-1]

    @property
    def over_http(self) -> bool:
        """Whether it came over HTTP."""
        return "http" in json_of(self.answer)

    def told(self, answer: bytes | None = None) -> Sequence[Message]:
        """What the dialect reads in the answer, or in another in its place."""
        line = read(self.answer if answer is None else answer).line
        return self.stand.venue.dialect.translate(line, self.request)

    def lines(self, *answer: bytes) -> list[bytes]:
        """The day with another answer (or several) in the place of the last line."""
        return [*self.tape.lines[:-1], *answer]


def asked(bench: Bench, *, done: int = 1, over: int = 0, unknown: bool = False) -> Asked:
    """Orders that are cancelled: `done` that rest, `over` that were cancelled before.

    With `unknown` an id of no order is among them.
    """
    stand = bench.stand()
    tape = stand.tape()
    ids = stand.place(done + over, tape=tape)
    stand.look_up(ids, tape=tape)
    if over:
        stand.say(Ask(ScopeKind.ORDERS, tuple(ids[done:])), tape)
    names = (*ids, *((bench.venue.order_id(3),) if unknown else ()))
    stand.say(Ask(ScopeKind.ORDERS, names), tape)
    return Asked(stand, tape, ids)


def replies(messages: Sequence[Message]) -> list[CancelReply]:
    """The answers to cancels among these."""
    return [message for message in messages if isinstance(message, CancelReply)]


def results(messages: Sequence[Message]) -> list[CancelResult]:
    """What the answers say, order by order."""
    return [result for reply in replies(messages) for result in reply.results]


def claims_a_cancel(messages: Sequence[Message]) -> bool:
    """Whether anything of it says that an order was cancelled."""
    said = {type(fact).__name__ for m in messages if isinstance(m, OrderMessage) for fact in m.said}
    return any(result.cancelled for result in results(messages)) or "Cancelled" in said


def understood(day: Asked, answer: bytes) -> Sequence[Message]:
    """What the dialect makes of an answer: nothing, when it cannot be read; never an error."""
    try:
        return day.told(answer)
    except Unreadable:
        return ()


def with_content(raw: bytes, said: Json) -> bytes:
    """The line, with something else said in it."""
    return altered(raw, lambda told: replaced(told, said))


def with_status(raw: bytes, status: int, said: Json) -> bytes:
    """The line of an HTTP answer, with another status and body."""

    def change(told: Json) -> None:
        told["http"]["status"] = status
        told["http"]["body"] = said

    return altered(raw, change)
