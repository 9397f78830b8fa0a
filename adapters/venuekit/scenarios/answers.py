"""What an answer says when it is changed: unknown words and fields, wrong types, nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from adapters.venuekit.bench import Bench
from adapters.venuekit.scenarios.registry import DoesNotApply, Scenarios
from adapters.venuekit.scenarios.taped import (
    Asked,
    asked,
    claims_a_cancel,
    replies,
    results,
    understood,
    with_content,
)
from adapters.venuekit.tape import (
    Json,
    altered,
    answers,
    content,
    json_of,
    paths,
    read,
    with_value,
)
from domain.reasons import CancelRejectReason
from domain.wire import Line, Unreadable

SCENARIOS = Scenarios()
UNHEARD = "zz_nobody_has_heard_of_this"
LONG = "1234567890123.12345678901234567"
WRONG: tuple[Json, ...] = (None, True, -1, Decimal("1e40"), "", "…", [], {}, [[]], {"a": {"b": 1}})
DEEP = 25


@SCENARIOS.called("fields that nobody has heard of are passed over")
def unknown_fields(bench: Bench) -> None:
    """A venue adds fields without a word: the answer means what it meant."""
    day = asked(bench, done=1, over=1)

    def add(told: Json) -> None:
        said = content(told)
        for held in [said, *(_at(said, path) for path in paths(said))]:
            # Keys that are ids (`{id: reason}`) are no fields.
            if isinstance(held, dict) and not any(name in held for name in day.ids):
                held[UNHEARD] = {"of": [1, "2", None]}

    assert day.told(altered(day.answer, add)) == day.told()


@SCENARIOS.called("fields that nobody has heard of are kept")
def unknown_fields_kept(bench: Bench) -> None:
    """The wire is stored as it came: a later, better reading can be run over it."""
    day = asked(bench)

    def add(told: Json) -> None:
        said = content(told)
        (said if isinstance(said, dict) else said[-1])[UNHEARD] = "0.10"

    assert UNHEARD.encode() in read(altered(day.answer, add)).raw


@SCENARIOS.called("a reason that nobody has heard of is OTHER, flagged, its words kept")
def unknown_reason(bench: Bench) -> None:
    """Never the nearest known one, and never dropped; CXL-34 shows it."""
    _, told = _with_reason(bench)
    (other,) = [each for each in results(told) if each.raw_reason and UNHEARD in each.raw_reason]
    assert other.reason is CancelRejectReason.OTHER, f"{UNHEARD} became {other.reason}"
    assert not other.mapped, "an unknown reason passes for a known one"
    assert not other.cancelled


@SCENARIOS.called("a reason that nobody has heard of raises CXL-34")
def unknown_reason_flag(bench: Bench) -> None:
    """In the books it is a flag that somebody sees."""
    day, _ = _with_reason(bench)
    books = bench.read(day.lines(_renamed(day)))
    assert "CXL-34" in books.flags, f"flags: {books.flags}"


@SCENARIOS.called("no amount is a binary float")
def no_floats(bench: Bench) -> None:
    """Every amount of every message is a Decimal, made from the digits on the wire."""
    day = asked(bench, done=2, over=1, unknown=True)
    for request, line in answers(day.tape.lines):
        for value in _values(bench.venue.dialect.translate(line, request)):
            assert not isinstance(value, float), f"{value!r} was read through a binary float"


@SCENARIOS.called("amounts keep all of their digits")
def digits(bench: Bench) -> None:
    """An amount of thirty digits is the same amount when it was read."""
    stand = bench.stand()
    tape = stand.tape()
    ids = stand.place(1, tape=tape, size="77")
    stand.look_up(ids, tape=tape)
    request, _ = answers(tape.lines)[-1]
    found = 0
    for raw in tape.lines:
        if b'"received"' not in raw:
            continue
        for path, value in _amounts(content(json_of(raw))):
            changed = _with_amount(raw, path, value)
            line = read(changed).line
            asked_by = next((r for r, a in answers(tape.lines) if a.seq == line.seq), request)
            told = _understood(bench, line, asked_by)
            found += Decimal(LONG) in {each for each in told if isinstance(each, Decimal)}
    assert found, f"no message tells {LONG}: it was rounded, or amounts are not read at all"


@SCENARIOS.called("a field that is missing breaks nothing")
def missing(bench: Bench) -> None:
    """Whatever is left out: it is read without, or set aside; no other order is claimed."""
    _survives(asked(bench, done=1, over=1), ...)


@SCENARIOS.called("a field of the wrong type breaks nothing")
def wrong_types(bench: Bench) -> None:
    """Null, a list, an object, a number without end: read, or set aside, never an error."""
    day = asked(bench, done=1, over=1)
    for wrong in WRONG:
        _survives(day, wrong)


@SCENARIOS.called("a text in place of the answer is unknown", {"$text": "<html>busy</html>"})
@SCENARIOS.called("bytes in place of the answer are unknown", {"$base64": "AAEC/w=="})
@SCENARIOS.called("null in place of the answer is unknown", None)
@SCENARIOS.called("a number in place of the answer is unknown", 7)
@SCENARIOS.called("an empty list in place of the answer is unknown", [])
@SCENARIOS.called("an empty object in place of the answer is unknown", {})
def not_an_answer(bench: Bench, said: Json) -> None:
    """A success that cannot be read is no success."""
    day = asked(bench)
    told = understood(day, with_content(day.answer, said))
    assert not claims_a_cancel(told), f"{said!r} is called a cancel"
    if day.over_http:
        (reply,) = replies(told)
        assert reply.reason is None, f"{said!r} is called a refusal: {reply.reason}"
        assert reply.lost == "unreadable" or not reply.results, f"{said!r}: {reply}"


@SCENARIOS.called("an answer that is nested without end is unknown")
def deep(bench: Bench) -> None:
    """Nothing that a venue sends can exhaust the reader."""
    day = asked(bench)
    said: Json = "end"
    for _ in range(DEEP):
        said = {"data": [said]}
    assert not claims_a_cancel(understood(day, with_content(day.answer, said)))


@SCENARIOS.called("an order that was not asked for is seen in the answer")
def unrequested(bench: Bench) -> None:
    """The venue says that it cancelled another one: `unrequested`, beside what was asked."""
    day = asked(bench)
    other = bench.venue.order_id(999_999)
    answer = _swapped(day.answer, day.ids[0], other)
    books = bench.read(day.lines(answer))
    outcomes = {row["outcome"] for each in books.cancels for row in each["outcomes"]}
    assert "unrequested" in outcomes, f"outcomes: {outcomes}"


@SCENARIOS.called("an order that was asked for and is not in the answer is seen")
def not_mentioned(bench: Bench) -> None:
    """`not_mentioned`, and its outcome is uncertain: it is not called cancelled."""
    day = asked(bench)
    other = bench.venue.order_id(999_999)
    books = bench.read(day.lines(_swapped(day.answer, day.ids[0], other)))
    outcomes = {row["outcome"] for each in books.cancels for row in each["outcomes"]}
    assert "not_mentioned" in outcomes, f"outcomes: {outcomes}"
    assert books.orders[day.ids[0]]["status"] != "CANCELLED"


@SCENARIOS.called("a message that nobody has heard of is set aside")
def unknown_message(bench: Bench) -> None:
    """Kept, counted, shown by `quarantine`; what stands around it is read."""
    day = asked(bench)

    def elsewhere(told: Json) -> None:
        if "http" in told and "path" in told["http"]:
            told["http"]["path"] = f"/{UNHEARD}"
        elif "ws" in told:
            told["ws"]["frame"] = {UNHEARD: 1}

    books = bench.read([*day.tape.lines, *_again(day.tape.lines[0], elsewhere)])
    assert day.ids[0] in books.orders, "what stands around it is lost"
    assert not books.orders[day.ids[0]]["remaining"], "what stands before it is lost"


def _again(raw: bytes, change: Any) -> Iterator[bytes]:  # noqa: ANN401 - a change of JSON
    def later(told: Json) -> None:
        change(told)
        told["seq"] = 9_999
        told.pop("exchange", None)
        told["exchange"] = "x9999"

    yield altered(raw, later)


def _survives(day: Asked, value: Json) -> None:
    usual = {name.value for result in results(day.told()) for name in result.names}
    for path in paths(content(json_of(day.answer))):
        told = json_of(day.answer)
        changed = with_value(content(told), path, value)
        messages = understood(day, with_content(day.answer, changed))
        for result in results(messages):
            if result.cancelled:
                named = {name.value for name in result.names}
                known = named & usual or value is not ...
                assert known, f"{path}: {named} was never named"


def _with_reason(bench: Bench) -> tuple[Asked, Any]:
    day = asked(bench, done=1, over=1)
    return day, day.told(_renamed(day))


def _renamed(day: Asked) -> bytes:
    """The answer with the venue's word for why it refused replaced."""
    words = {each.raw_reason for each in results(day.told()) if not each.cancelled}
    words.discard(None)
    if not words:
        raise DoesNotApply("its answers say no more than that an order was not cancelled")
    told = json_of(day.answer)
    said = content(told)
    for path in list(paths(said)):
        held = _at(said, path)
        if isinstance(held, str) and held in words:
            said = with_value(said, path, UNHEARD)
    return with_content(day.answer, said)


def _swapped(raw: bytes, name: str, other: str) -> bytes:
    """The line with one id in the place of another, whether text or number."""
    told = json_of(raw)
    said = content(told)
    for path in list(paths(said)):
        held = _at(said, path)
        if isinstance(held, str | int) and not isinstance(held, bool) and str(held) == name:
            said = with_value(said, path, other if isinstance(held, str) else int(other))
    return with_content(raw, said)


def _amounts(said: Json) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Where an amount of 77 stands."""
    for path in paths(said):
        value = _at(said, path)
        if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            try:
                if Decimal(value) == 77:  # noqa: PLR2004 - what was placed
                    yield path, value
            except ArithmeticError:
                continue


def _with_amount(raw: bytes, path: tuple[str | int, ...], value: Json) -> bytes:
    long: Json = LONG if isinstance(value, str) else Decimal(LONG)
    return with_content(raw, with_value(content(json_of(raw)), path, long))


def _understood(bench: Bench, line: Line, request: Line | None) -> list[object]:
    try:
        return list(_values(bench.venue.dialect.translate(line, request)))
    except Unreadable:
        return []


def _values(told: object) -> Iterator[object]:
    """Every plain value in messages."""
    if is_dataclass(told):
        for each in fields(told):
            yield from _values(getattr(told, each.name))
    elif isinstance(told, list | tuple):
        for item in cast("list[object]", told):
            yield from _values(item)
    elif not isinstance(told, Enum):
        yield told


def _at(said: Json, path: tuple[str | int, ...]) -> Json:
    for name in path:
        said = said[name]
    return said
