"""What we serve of ABP covers the seeds' two pages, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.gateways.abp.routes import router
from adapters.gateways.abp.socket import socket
from adapters.gateways.app import create_app
from adapters.gateways.feed import Feed
from adapters.gateways.frame import Frame, Unrecorded
from adapters.paper.book import Book
from tests.adapters.gateways.serving import KnownKeys, Time

SEEDS = Path(__file__).parent / "abp_seeds"
Json = Mapping[str, Any]
OPERATIONS = [
    ("cancel_orders", "/cancel-orders", "post"),
    ("get_orders", "/orders", "get"),
]


def seed(name: str) -> Json:
    told: Json = json.loads((SEEDS / f"{name}.json").read_text())
    return told


def ours() -> Json:
    clock = Time()
    book = Book(clock)
    frame = Frame("abp", book, KnownKeys("abp"), clock, lambda _: Unrecorded())
    return create_app([router(frame), socket(frame, Feed(book))]).openapi()


def followed(document: Json, schema: Json) -> Json:
    """The schema that a reference leads to."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = {**found, **beside}
    return schema


def facts(document: Json, schema: Json, where: str = "") -> Iterator[tuple[str, object]]:
    """What a schema says, one fact at a time, however it spells that null may stand there."""
    schema = followed(document, schema)
    choices = [followed(document, choice) for choice in schema.get("anyOf", ())]
    if choices:
        plain, *_ = (choice for choice in choices if choice.get("type") != "null")
        nullable = {"nullable": True} if {"type": "null"} in choices else {}
        outer = {key: value for key, value in schema.items() if key not in {"anyOf", "title"}}
        schema = {**plain, **nullable, **outer}
    for name in ("type", "format", "nullable", "description", "minimum", "maximum", "enum"):
        if name in schema:
            yield f"{where}.{name}", " ".join(str(schema[name]).split())
    if schema.get("default") is not None:
        yield f"{where}.default", schema["default"]
    for name, field in schema.get("properties", {}).items():
        yield from facts(document, field, f"{where}.{name}")
    if "items" in schema:
        yield from facts(document, schema["items"], f"{where}[]")


def bodies(document: Json, operation: Json) -> Iterator[tuple[str, object]]:
    for status, answer in operation["responses"].items():
        yield f"{status}.description", answer["description"]
        for media, told in answer.get("content", {}).items():
            yield from facts(document, told["schema"], f"{status} {media}")


@pytest.mark.parametrize(("name", "path", "method"), OPERATIONS, ids=["cancel", "orders"])
def test_the_operation_is_the_seed_s(name: str, path: str, method: str) -> None:
    theirs, mine = seed(name), ours()
    wanted, got = theirs["paths"][path][method], mine["paths"][path][method]
    assert got["operationId"] == wanted["operationId"]
    assert got["summary"] == wanted["summary"]
    assert got["tags"] == wanted["tags"]
    assert got["security"] == theirs["security"]
    scheme = {"type": "apiKey", "in": "header", "name": "x-api-key"}
    assert scheme.items() <= mine["components"]["securitySchemes"]["apiKey"].items()


def test_every_parameter_is_there_with_its_schema_default_and_bounds() -> None:
    theirs, mine = seed("get_orders"), ours()
    wanted = theirs["paths"]["/orders"]["get"]["parameters"]
    got = {told["name"]: told for told in mine["paths"]["/orders"]["get"]["parameters"]}
    assert list(got) == [told["name"] for told in wanted]
    for told in wanted:
        found = got[told["name"]]
        assert (found["in"], found["required"]) == (told["in"], told["required"])
        assert found["description"] == " ".join(told["description"].split())
        assert {
            fact for fact in facts(mine, found["schema"]) if not fact[0].endswith("description")
        } == set(facts(theirs, told["schema"]))


def test_the_request_body_has_every_field_and_bounds_none_further() -> None:
    theirs, mine = seed("cancel_orders"), ours()
    wanted = theirs["paths"]["/cancel-orders"]["post"]["requestBody"]
    got = mine["paths"]["/cancel-orders"]["post"]["requestBody"]
    assert got["required"] is wanted["required"]
    (want,), (have,) = wanted["content"].values(), got["content"].values()
    assert want["schema"] == have["schema"]
    assert set(facts(mine, have["schema"])) == set(facts(theirs, want["schema"]))
    assert "required" not in followed(mine, have["schema"])


@pytest.mark.parametrize(("name", "path", "method"), OPERATIONS, ids=["cancel", "orders"])
def test_every_status_and_every_field_of_every_answer_is_there(
    name: str, path: str, method: str
) -> None:
    theirs, mine = seed(name), ours()
    wanted = dict(bodies(theirs, theirs["paths"][path][method]))
    got = dict(bodies(mine, mine["paths"][path][method]))
    assert {key: got.get(key) for key in wanted} == wanted


def test_every_reference_leads_somewhere() -> None:
    document = ours()
    text = json.dumps(document)
    for part in text.split('"$ref": "')[1:]:
        assert followed(document, {"$ref": part.split('"')[0]})
