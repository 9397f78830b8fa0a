"""An event of the log as others get it: CloudEvents 1.0, exact, a pure function of the row."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.codec import KINDS, TOPICS, BrokenState, UnknownTopic, encode, micros
from adapters.publishing.cloudevents import FAMILIES, cloudevent, told
from domain.events import Event, Filled, OrderEvent
from domain.ids import derived
from domain.recorded import Pending
from domain.values import Account, Price, PriceFormat, plain
from tests.adapters.publishing.facts import sample
from tests.building import NOON, seconds
from tests.domain.facts import ANY_FACT

STREAM = derived("order", "told")
ACME = Account("abp", "acme")
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")
FILL = Filled(fill_id="f-1", size=Decimal("300.00"), price=Price(Decimal("2.40")))


def row(
    event: Event, *, owner: Account = ACME, occurred: datetime | None = NOON
) -> tuple[Any, ...]:
    """The log row of an event."""
    capture, seq = ("night", 7) if occurred else (None, None)
    event_id = derived("event", 1)
    pending = Pending(STREAM, 3, owner, event_id, occurred, seconds(1), capture, seq, event)
    return (42, STREAM, 3, *encode(pending), micros(seconds(2.5)), capture, seq)


def test_an_event_has_our_name_the_three_clocks_and_the_line_that_caused_it() -> None:
    assert cloudevent(*row(FILL)) == {
        "specversion": "1.0",
        "id": str(derived("event", 1)),
        "source": "/venues/abp/accounts/acme",
        "type": "Filled:1",
        "subject": f"orders/{STREAM}",
        "time": "2026-02-07T12:00:00Z",
        "dataschema": "urn:breakwater:event:Filled:1",
        "position": 42,
        "streamversion": 3,
        "venue": "abp",
        "account": "acme",
        "observedtime": "2026-02-07T12:00:01Z",
        "recordedtime": "2026-02-07T12:00:02.500000Z",
        "occurredtime": "2026-02-07T12:00:00Z",
        "capture": "night",
        "seq": 7,
        "data": {"fill_id": "f-1", "size": "300", "price": {"value": "2.4"}},
    }


def test_what_the_venue_did_not_date_happened_when_we_saw_it() -> None:
    event = cloudevent(*row(FILL, occurred=None))
    assert event["time"] == event["observedtime"]
    assert not {"occurredtime", "capture", "seq"} & event.keys()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: TOPICS[kind])
def test_every_kind_leaves_with_attributes_that_cloudevents_allows(kind: type[Any]) -> None:
    event = cloudevent(*row(sample(kind)))
    assert all(ATTRIBUTE.fullmatch(name) for name in event)
    assert event["type"] == TOPICS[kind]
    family, _, stream = event["subject"].partition("/")
    assert kind in FAMILIES[family]
    assert UUID(stream) == STREAM


def test_every_kind_is_of_one_family() -> None:
    told_of = [kind for kinds in FAMILIES.values() for kind in kinds]
    assert sorted(told_of, key=TOPICS.__getitem__) == sorted(KINDS, key=TOPICS.__getitem__)


@pytest.mark.parametrize(
    ("owner", "source"),
    [
        pytest.param(
            Account("abp", "a/b c"), "/venues/abp/accounts/a%2Fb%20c", id="what ends a path"
        ),
        pytest.param(
            Account("4c", "é?#"), "/venues/4c/accounts/%C3%A9%3F%23", id="what ends a URI"
        ),
        pytest.param(
            Account("breakwater", "-"), "/venues/breakwater/accounts/-", id="the machine's own"
        ),
    ],
)
def test_the_source_is_a_uri_whatever_the_account_is_called(owner: Account, source: str) -> None:
    event = cloudevent(*row(FILL, owner=owner))
    assert (event["source"], event["venue"], event["account"]) == (source, *_of(owner))


def _of(owner: Account) -> tuple[str, str]:
    return owner.venue, owner.account


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_an_amount_is_plain_text_with_every_digit(size: Decimal) -> None:
    said = cloudevent(*row(replace(FILL, size=size)))["data"]["size"]
    assert said == plain(size)
    assert Decimal(said) == size


@given(ANY_FACT)
def test_no_fact_leaves_with_a_float_and_words_stay_as_they_are(event: OrderEvent) -> None:
    def no_float(text: str) -> None:
        raise AssertionError(text)

    topic, state = encode(Pending(STREAM, 1, ACME, STREAM, None, NOON, None, None, event))
    out = told(1, STREAM, 1, topic, state, 0, None, None)
    data = json.loads(out.body, parse_float=no_float)["data"]
    assert _alike(json.loads(state)["data"], data)


def _alike(stored: object, said: object) -> bool:
    """The same, but for the zeros at the end of amounts."""
    if isinstance(stored, dict):
        there, here = cast("dict[str, object]", stored), cast("dict[str, object]", said)
        return there.keys() == here.keys() and all(_alike(there[key], here[key]) for key in there)
    if isinstance(stored, list):
        rows, told_rows = cast("list[object]", stored), cast("list[object]", said)
        return len(rows) == len(told_rows) and all(map(_alike, rows, told_rows))
    return stored == said or Decimal(str(stored)) == Decimal(str(said))


def test_words_that_look_like_an_amount_are_words() -> None:
    event = replace(FILL, fill_id="10.50", report_id="1E+3")
    data = cloudevent(*row(event))["data"]
    assert (data["fill_id"], data["report_id"]) == ("10.50", "1E+3")


def test_a_price_keeps_its_format() -> None:
    event = replace(FILL, price=Price(Decimal(-110), PriceFormat.AMERICAN))
    assert cloudevent(*row(event))["data"]["price"] == {"value": "-110", "format": "american"}


@pytest.mark.parametrize(
    ("topic", "state", "error", "words"),
    [
        pytest.param(
            "Filled:99", b"{}", UnknownTopic, "42 holds 'Filled:99'", id="of a newer program"
        ),
        pytest.param("Filled:1", b"{", BrokenState, "42 (Filled:1)", id="torn bytes"),
        pytest.param(
            "Filled:1",
            b'{"id":"1","venue":"v","account":"a","observed":"o","data":{"fill_id":"f","size":"x"}}',
            BrokenState,
            "'x' is no amount",
            id="an amount that is none",
        ),
        pytest.param(
            "Filled:1",
            b'{"id":"1","venue":"v","account":"a","observed":"o","data":{"fill_id":"f","size":1}}',
            BrokenState,
            "no amount",
            id="an amount that is a number",
        ),
    ],
)
def test_what_cannot_be_read_is_named_and_not_passed_on(
    topic: str, state: bytes, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=re.escape(words)):
        told(42, STREAM, 3, topic, state, 0, None, None)
