"""The description of the feed is an AsyncAPI 3.0 document."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest

from adapters.publishing.asyncapi import asyncapi
from tests.adapters.publishing.asyncapi_shape import DOCUMENT

Document = dict[str, Any]

FITS = jsonschema_rs.validator_for(DOCUMENT)
TOLD: Document = deepcopy(dict(asyncapi()))


def test_the_description_has_the_shape_of_asyncapi_3() -> None:
    assert [f"{trouble.instance_path}: {trouble}" for trouble in FITS.iter_errors(TOLD)] == []


def test_every_schema_of_the_description_is_one() -> None:
    parts = TOLD["components"]
    payloads = [message["payload"] for message in parts["messages"].values()]
    for schema in (*parts["schemas"].values(), *payloads):
        assert jsonschema_rs.meta.is_valid(schema)


def test_an_address_names_its_parameters_and_no_others() -> None:
    for channel in TOLD["channels"].values():
        named = set(re.findall(r"\{([^}]+)\}", channel["address"]))
        assert named == set(channel.get("parameters", ()))


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        pytest.param("", {"asyncapi": "2.6.0"}, id="another version"),
        pytest.param("", {"info": None}, id="nothing about itself"),
        pytest.param("", {"topics": {}}, id="a part that there is not"),
        pytest.param("servers", {"url": "u"}, id="a server of version 2"),
        pytest.param("servers", {"host": None}, id="a server nowhere"),
        pytest.param("channels", {"subscribe": {}}, id="a channel of version 2"),
        pytest.param("channels", {"messages": []}, id="messages without names"),
        pytest.param("channels", {"servers": ["service"]}, id="a server by its name"),
        pytest.param("operations", {"action": "publish"}, id="an act of version 2"),
        pytest.param("operations", {"channel": None}, id="an act on nothing"),
        pytest.param("components/messages", {"schema": {}}, id="a schema beside the payload"),
        pytest.param("components/securitySchemes", {"in": "body"}, id="a key nobody looks for"),
    ],
)
def test_what_is_no_asyncapi_document_does_not_pass(part: str, changed: Document) -> None:
    """The first of a part is changed; what is None is not there any more."""
    document = deepcopy(TOLD)
    one = document
    for step in filter(None, part.split("/")):
        one = one[step]
    one = next(iter(one.values())) if part else one
    one.update(changed)
    for name in [name for name, value in changed.items() if value is None]:
        del one[name]
    assert not FITS.is_valid(document)
