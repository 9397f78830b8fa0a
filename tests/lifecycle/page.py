"""docs/lifecycle.md, drawn from the tables of the domain and from what facts do to orders.

`python -m tests.lifecycle.page` writes it anew; a test keeps page and tables equal.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from domain import events as e
from domain.buckets import buckets
from domain.evolve import evolve, fold
from domain.lifecycle import PRECEDENCE, SHOWN_AFTER_CLOSURE, Closure, Status
from domain.order import Order, Try
from domain.standing import standing
from domain.values import plain
from tests.lifecycle import facts

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"
_PARTS = ("matched", "remaining", "cancelled", "lapsed", "voided")

HEAD = """\
# The life of an order

*Drawn from the tables and the fold of `domain/` by `make lifecycle`; a test keeps both equal. The
words are in the [glossary](glossary.md), why it is so in the [decisions](adr/README.md).*

An order is a size in five buckets: `size = matched + remaining + cancelled + lapsed + voided`.
Facts move size between them. The status is one word for that, and never stored.
"""

PRECEDENCE_TEXT = """\
## Which status is shown

An order is in several states at once: part matched, and a cancel pending. The one that ranks
highest is shown (FIX OrdStatus precedence, `domain/lifecycle.py`). Among equals, the first of
this table that applies.
"""

CLOSURES_TEXT = """\
## What ends an order

The first closure stands, and what remained goes into its bucket. An order with nothing remaining
and no closure is FILLED when matches (and voids) took all of it. `DONE_FOR_DAY` ends day orders
only; a good-till order rests until it is renewed or matches again. A venue that renews an order
after `DONE_FOR_DAY` or `CALCULATED` puts it back on the book.
"""

STATES_TEXT = """\
## From status to status

What one fact does to an order that shows a status; facts that leave the status as it is are not
drawn. A closed order is never re-opened by a match: late matches move size from the closure's
bucket to `matched`, and only a whole order becomes FILLED by them.
"""

FACTS_TEXT = """\
## What each fact does

To an order of 100: just sent; live, with 40 matched; cancelled, with 40 matched. `=` leaves it
as it was. Some facts change what is known and not the figures; `?` says that what may remain is
uncertain afterwards.
"""

CANCELS_TEXT = """\
## A cancel of ours, as one order sees it

Each cancel request that touches an order is an attempt of its own. The venue's decision ends it,
and what is told later of the request's way there changes nothing. A `done` cancel is never undone
by a refusal.
"""

AMENDS_TEXT = """\
## A change of ours (cancel/replace)

As with cancels. A change that the venue confirms has the terms that it tells, else those we asked
for; asked for less than has matched, the order keeps what has matched.
"""


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        PRECEDENCE_TEXT,
        _table(("rank", "status"), _ranks()),
        CLOSURES_TEXT,
        _table(("closure", "what remained goes to", "status"), _closures()),
        _mermaid("flowchart LR", _ends()),
        STATES_TEXT,
        _mermaid("stateDiagram-v2", _moves()),
        FACTS_TEXT,
        _table(("fact", "it says", "just sent", "live", "cancelled"), _effects()),
        CANCELS_TEXT,
        _mermaid("stateDiagram-v2", _tries(facts.SAMPLES["CancelRequested"], facts.ON_CANCEL)),
        AMENDS_TEXT,
        _mermaid("stateDiagram-v2", _tries(facts.SAMPLES["AmendRequested to 120"], facts.ON_AMEND)),
    ]
    return "\n".join(parts)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _mermaid(kind: str, lines: Iterable[str]) -> str:
    return "```mermaid\n" + kind + "\n" + "".join(f"    {line}\n" for line in lines) + "```\n"


def _ranks() -> Iterable[tuple[str, ...]]:
    by_rank = sorted(PRECEDENCE.items(), key=lambda item: -item[1])
    return ((str(rank), status.value) for status, rank in by_rank)


def _bucket(closure: Closure) -> str:
    """Where the rest of an order goes that ends so: by trying it."""
    held = buckets(facts.closed_by(closure))
    return next(name for name in _PARTS[2:] if getattr(held, name))


def _closures() -> Iterable[tuple[str, ...]]:
    for closure in Closure:
        yield closure.value, _bucket(closure), SHOWN_AFTER_CLOSURE[closure].value


def _ends() -> Iterable[str]:
    yield "remaining([remaining])"
    for closure in Closure:
        bucket, status = _bucket(closure), SHOWN_AFTER_CLOSURE[closure]
        yield f"remaining -- {closure.value} --> {bucket}([{bucket}])"
        yield f"{bucket} -. {closure.value} .-> {status.value}"


def _moves() -> Iterable[str]:
    for status, life in facts.WAYS.items():
        order = fold(life)
        assert standing(order).status is status, f"the life that shows {status} does not"
        targets: dict[Status, list[str]] = {}
        for word, fact in facts.STEPS.items():
            after = standing(evolve(order, fact)).status
            if after is not status:
                targets.setdefault(after, []).append(word)
        for after, words in targets.items():
            yield f"{status.value} --> {after.value}: {', '.join(words)}"


def _effects() -> Iterable[tuple[str, ...]]:
    for name, fact in facts.SAMPLES.items():
        doc = (inspect.getdoc(type(fact)) or "").split("\n")[0]
        lives = (facts.SENT, facts.LIVE, facts.CLOSED)
        yield f"`{name}`", doc, *(_effect(fact, life) for life in lives)


def _effect(fact: e.OrderEvent, life: Iterable[e.OrderEvent]) -> str:
    before = fold(life)
    after = evolve(before, fact)
    told = [*_moved(before, after)]
    was, stands = standing(before), standing(after)
    if stands.status is not was.status:
        told.append(stands.status.value)
    if was.certain and not stands.certain:
        told.append("?")
    return ", ".join(told) or "="


def _moved(before: Order, after: Order) -> Iterable[str]:
    one, two = buckets(before), buckets(after)
    for name in ("size", *_PARTS, "excess"):
        was, stands = getattr(one, name), getattr(two, name)
        if was != stands:
            yield f"{name} {plain(was)} → {plain(stands)}"


def _tries(asked: e.OrderEvent, told: Mapping[str, e.OrderEvent]) -> Iterable[str]:
    """Every state that an attempt can reach, and what leads from each to each."""
    state: Callable[[Order], Try | None] = (
        facts.attempts if isinstance(asked, e.CancelRequested) else facts.changes
    )
    start = evolve(fold(facts.LIVE), asked)
    first = state(start)
    assert first is not None, "a request of ours is an attempt"
    yield f"[*] --> {first.value}: asked"
    known: dict[Try, Order] = {first: start}
    todo = [start]
    while todo:
        order = todo.pop(0)
        here = state(order)
        assert here is not None, "an attempt stays one"
        targets: dict[Try, list[str]] = {}
        for word, fact in told.items():
            after = evolve(order, fact)
            there = state(after)
            assert there is not None, "an attempt stays one"
            if there is here:
                continue
            targets.setdefault(there, []).append(word)
            if there not in known:
                known[there] = after
                todo.append(after)
        for there, words in targets.items():
            yield f"{here.value} --> {there.value}: {', '.join(words)}"


def write() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
