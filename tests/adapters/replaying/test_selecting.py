"""Which messages a selector chooses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.replaying.selecting import NoSelector, Spoken, selector
from domain.events import Filled
from domain.messages import (
    Asked,
    CancelReply,
    CancelResult,
    CancelSent,
    Message,
    Notice,
    OrderMessage,
)
from domain.notices import FeedGap
from domain.requests import Scope, ScopeKind
from domain.values import Account, Name, NameKind, Price, PriceFormat
from domain.wire import Line
from tests.building import NOON

OWNER = Account("abp", "desk")
V1, V2 = Name(NameKind.VENUE, "V1"), Name(NameKind.VENUE, "V2")
FILL = Filled(fill_id="f", size=Decimal(1), price=Price(Decimal(2), PriceFormat.DECIMAL))


def spoken(
    seq: int,
    *messages: Message,
    at: float | None = None,
    capture: str = "c1",
    direction: str = "received",
    raw: bytes = b"{}",
) -> Spoken:
    """A line that tells these messages."""
    moment = NOON + timedelta(seconds=seq if at is None else at)
    return Spoken(Line(capture, seq, moment, OWNER, direction), raw, messages)


def told(name: Name, occurred: float | None) -> OrderMessage:
    """A match of an order, and when it happened."""
    at = None if occurred is None else NOON + timedelta(seconds=occurred)
    return OrderMessage(names=(name,), said=(FILL,), occurred_at=at)


def answered(name: Name, occurred: float) -> CancelReply:
    """A cancel that took an order off, and when."""
    at = NOON + timedelta(seconds=occurred)
    return CancelReply(results=(CancelResult(names=(name,), cancelled=True, occurred_at=at),))


def chosen(text: str, lines: Sequence[Spoken]) -> list[int]:
    """The places of the lines that the selector chooses, all of them shown to it in order."""
    selects = selector(text, lambda name: frozenset({f"{name}-too"}))
    return [line.line.seq for line in lines if selects(line)]


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        pytest.param([spoken(1, told(V1, 1)), spoken(2, told(V1, 2))], [], id="in order"),
        pytest.param([spoken(1, told(V1, 2)), spoken(2, told(V1, 1))], [2], id="an older match"),
        pytest.param([spoken(1, told(V1, 1)), spoken(2, told(V1, 1))], [], id="at the same time"),
        pytest.param(
            [spoken(1, answered(V1, 5)), spoken(2, told(V1, 4))], [2], id="older than the cancel"
        ),
        pytest.param([spoken(1, told(V1, 2)), spoken(2, told(V2, 1))], [], id="of another order"),
        pytest.param([spoken(1, told(V1, 2)), spoken(2, told(V1, None))], [], id="without a time"),
        pytest.param(
            [spoken(1, told(V1, 3)), spoken(2, told(V1, 1)), spoken(3, told(V1, 2))],
            [2, 3],
            id="older than the newest, not than the last",
        ),
        pytest.param([spoken(1, at=9), spoken(2, at=3)], [2], id="seen before the line before it"),
        pytest.param(
            [spoken(1, at=9), spoken(2, at=3, capture="c2")], [], id="seen in another capture"
        ),
    ],
)
def test_late(lines: list[Spoken], late: list[int]) -> None:
    assert chosen("late", lines) == late


GAP = FeedGap(venue="abp", account="desk", channel="orders", after="1", before="3")
CANCEL = CancelSent(
    scope=(Scope(kind=ScopeKind.ORDERS, values=("V1",)),), asked=(Asked(text="V1", name=V1),)
)
LINES = [
    spoken(1, CANCEL, direction="sent", raw=b'{"ask": "V1"}'),
    spoken(2, told(V1, 1)),
    spoken(3, answered(V2, 1), capture="c2"),
    spoken(4, Notice(event=GAP), direction="lost"),
    spoken(5, told(Name(NameKind.CLIENT, "V1-too"), 1)),
]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("seq:2", [2], id="one place"),
        pytest.param("seq:2-4", [2, 3, 4], id="a stretch"),
        pytest.param("seq:c2/1-9", [3], id="a stretch of one capture"),
        pytest.param("type:sent", [1], id="by direction"),
        pytest.param("type:lost", [4], id="what got no answer"),
        pytest.param("type:Filled", [2, 5], id="by what it tells"),
        pytest.param("type:Cancelled", [3], id="by what an answer tells"),
        pytest.param("type:CancelSent", [1], id="by what it is"),
        pytest.param("type:FeedGap", [4], id="a notice"),
        pytest.param("order:V1", [1, 2, 5], id="by any name of the order"),
        pytest.param('/"ask"/', [1], id="by its bytes"),
        pytest.param("regex:V[0-9]", [1], id="by its bytes, said the other way"),
        pytest.param("type:Nothing", [], id="a type that nothing is of"),
    ],
)
def test_what_is_chosen(text: str, places: list[int]) -> None:
    assert chosen(text, LINES) == places


@pytest.mark.parametrize(
    "text", ["", "later", "seq:", "seq:x", "seq:1-", "type:", "order:", "/(/", "regex:[", "x:y"]
)
def test_what_selects_nothing_is_said(text: str) -> None:
    with pytest.raises(NoSelector, match=r"selects nothing|names no lines|no regular expression"):
        chosen(text, LINES)
