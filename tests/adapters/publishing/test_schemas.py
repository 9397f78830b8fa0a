"""The published schemas: what leaves fits them, and they change only as their readers can bear."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
from hypothesis import given

from adapters.codec import KINDS, TOPICS, encode
from adapters.publishing.asyncapi import ENVELOPE, asyncapi
from adapters.publishing.cloudevents import cloudevent
from adapters.publishing.compatible import incompatible
from adapters.publishing.schemas import Schema, schema_of, schemas
from domain.events import OrderEvent
from domain.ids import derived
from domain.recorded import Pending
from domain.values import Account
from tests.adapters.publishing.facts import sample
from tests.adapters.publishing.page import HERE, files, published, troubles, write
from tests.building import NOON
from tests.domain.facts import ANY_FACT

STREAM = derived("order", "schemas")
SCHEMAS = schemas()
FITS = {name: jsonschema_rs.validator_for(schema) for name, schema in SCHEMAS.items()}
IS_AN_EVENT = jsonschema_rs.validator_for(ENVELOPE)


def leaves(event: Any) -> dict[str, Any]:  # noqa: ANN401 - any kind of event
    """The event as others get it."""
    pending = Pending(STREAM, 1, Account("v", "a"), STREAM, NOON, NOON, "c", 1, event)
    return cloudevent(7, STREAM, 1, *encode(pending), 0, "c", 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: TOPICS[kind])
def test_a_full_event_of_each_kind_fits_its_schema_field_by_field(kind: type[Any]) -> None:
    event = leaves(sample(kind))
    IS_AN_EVENT.validate(event)
    FITS[event["type"]].validate(event["data"])
    assert event["data"].keys() <= SCHEMAS[event["type"]]["properties"].keys()
    assert event["dataschema"] == SCHEMAS[event["type"]]["$id"]


@given(ANY_FACT)
def test_any_event_fits_its_schema(fact: OrderEvent) -> None:
    event = leaves(fact)
    FITS[event["type"]].validate(event["data"])


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"size": 300}, id="a number for an amount"),
        pytest.param({"size": "3E+2"}, id="an exponent"),
        pytest.param({"size": "1.50"}, id="a zero at the end"),
        pytest.param({"fill_id": None}, id="null for what must be told"),
    ],
)
def test_what_would_not_leave_does_not_fit(wrong: dict[str, object]) -> None:
    data = {"fill_id": "f", "size": "300", **wrong}
    assert not FITS["Filled:1"].is_valid(data)


def test_the_directory_says_what_the_definitions_say() -> None:
    there = {
        path.relative_to(HERE).as_posix(): path.read_text("utf-8") for path in HERE.rglob("*.json")
    }
    assert there == files(), "write it anew with `make feed`"


def test_readers_of_what_is_published_can_read_what_leaves() -> None:
    assert troubles() == []


def changed(change: Callable[[Schema], None]) -> list[str]:
    """What stands in the way of this change to the schema of a fill."""
    now = deepcopy(SCHEMAS)
    change(now["Filled:1"])
    return incompatible(SCHEMAS, now)


def dropped(schema: Schema) -> None:
    del schema["properties"]["price"]


def renamed(schema: Schema) -> None:
    schema["properties"]["odds"] = schema["properties"].pop("price")


def retyped(schema: Schema) -> None:
    schema["properties"]["fill_id"] = {"type": "integer"}


def retyped_to_many(schema: Schema) -> None:
    schema["properties"]["fill_id"] = {"type": "array", "items": {"type": "string"}}


def needed(schema: Schema) -> None:
    schema["required"].append("price")


def needed_and_new(schema: Schema) -> None:
    schema["properties"]["odds"] = {"type": "string"}
    schema["required"].append("odds")


def needed_no_more(schema: Schema) -> None:
    schema["required"].remove("size")


def meant_otherwise(schema: Schema) -> None:
    schema["properties"]["inferred"]["default"] = True


def word_gone(schema: Schema) -> None:
    schema["$defs"]["PriceFormat"]["x-extensible-enum"].remove("american")


def within_a_part(schema: Schema) -> None:
    schema["$defs"]["Price"]["properties"]["value"] = {"type": "number"}


def tighter(schema: Schema) -> None:
    schema["properties"]["fill_id"]["maxLength"] = 3


def wider(schema: Schema) -> None:
    del schema["properties"]["against"]["format"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(dropped, "Filled:1.price is gone", id="a field is removed"),
        pytest.param(renamed, "is called otherwise", id="a field is renamed"),
        pytest.param(retyped, "was string and is integer", id="a field has another type"),
        pytest.param(retyped_to_many, "was string and is array", id="a field is a list now"),
        pytest.param(needed, "older events do not have it", id="a field is required now"),
        pytest.param(needed_and_new, "do not have it", id="a new field is required"),
        pytest.param(needed_no_more, "readers count on it", id="a field may be absent now"),
        pytest.param(meant_otherwise, "was False and is True", id="absence means something else"),
        pytest.param(word_gone, "'american' is gone", id="a word is gone"),
        pytest.param(within_a_part, "Price.value", id="a part of it has another type"),
        pytest.param(tighter, "maxLength is new", id="values are narrower"),
        pytest.param(wider, "format is gone", id="values are wider"),
    ],
)
def test_a_change_that_readers_stumble_over_takes_a_new_version(
    change: Callable[[Schema], None], says: str
) -> None:
    assert any(says in sentence for sentence in changed(change))


def optional(schema: Schema) -> None:
    schema["properties"]["odds"] = {"$ref": "#/$defs/Odds"}
    schema["$defs"]["Odds"] = {"type": "string"}


def word_more(schema: Schema) -> None:
    schema["$defs"]["PriceFormat"]["x-extensible-enum"].append("fractional")


def told_better(schema: Schema) -> None:
    schema["description"] = "Other words."
    schema["$defs"]["Price"]["title"] = "Odds"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(optional, id="another field that may be absent"),
        pytest.param(word_more, id="another word in a list of words"),
        pytest.param(told_better, id="other descriptions"),
    ],
)
def test_a_change_that_readers_do_not_notice_is_none(change: Callable[[Schema], None]) -> None:
    assert changed(change) == []


def test_a_new_version_beside_the_old_one_is_no_change_of_it() -> None:
    now = {**SCHEMAS, "Filled:2": {"type": "object"}}
    assert incompatible(SCHEMAS, now) == []


def test_an_old_version_does_not_go_away() -> None:
    now = {name: schema for name, schema in SCHEMAS.items() if name != "Filled:1"}
    assert incompatible(SCHEMAS, now) == ["Filled:1 is gone; what was stored so must stay readable"]


def test_the_directory_is_not_written_over_what_readers_count_on(tmp_path: Path) -> None:
    there = tmp_path / "feed"
    shutil.copytree(HERE, there)
    path = there / "schemas" / "Filled.1.json"
    before = json.loads(path.read_text("utf-8"))
    before["required"].append("report_id")
    path.write_text(json.dumps(before), encoding="utf-8")
    assert write(there) == ["Filled:1.report_id may be absent, and readers count on it"]
    assert json.loads(path.read_text("utf-8")) == before
    path.unlink()
    assert write(there) == []
    assert published(there) == published()


@dataclass
class Odd:
    """No fact: what is in it cannot be told."""

    raw: bytes


def test_what_is_no_part_of_an_event_has_no_schema() -> None:
    with pytest.raises(TypeError, match="no part of an event"):
        schema_of(Odd, "Odd:1")


def references(value: object) -> Iterator[str]:
    """Every `$ref` of a document."""
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if key == "$ref":
                yield str(item)
            yield from references(item)
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from references(item)


def test_every_reference_of_the_description_leads_to_a_part_of_it() -> None:
    document = asyncapi()
    found = set(references(document))
    assert len(found) > len(KINDS)
    for reference in found:
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        assert isinstance(part, dict)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: TOPICS[kind])
def test_the_description_s_message_of_each_kind_fits_its_events(kind: type[Any]) -> None:
    document = asyncapi()
    name = TOPICS[kind].replace(":", ".")
    message = document["components"]["messages"][name]
    fits = jsonschema_rs.validator_for({**message["payload"], "components": document["components"]})
    event = leaves(sample(kind))
    assert fits.is_valid(event)
    assert not fits.is_valid({**event, "type": "Other:1"})
    for channel in document["channels"].values():
        assert name in channel["messages"]
