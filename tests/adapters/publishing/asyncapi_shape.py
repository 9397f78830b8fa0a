"""The shape of an AsyncAPI 3.0.0 document as its specification tells it, object by object.

The official schema is fetched from the network by its tools, and the packages that carry a model of
their own refuse what the specification allows (a list of security schemes, dots in names). So the
fixed fields of each object that we write stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {"type": "string", "minLength": 1}
ANY: Shape = {}
NAMES = "^[a-zA-Z0-9._-]+$"
"""How the parts of `components` may be called."""


def fixed(required: Mapping[str, Shape], optional: Mapping[str, Shape]) -> Shape:
    """An object of these fields, and of extensions."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "patternProperties": {"^x-": ANY},
        "additionalProperties": False,
    }


def mapped(of: Shape, names: str = "^.+$") -> Shape:
    """An object whose fields are the writer's own."""
    return {"type": "object", "patternProperties": {names: of}, "additionalProperties": False}


def reference(to: str) -> Shape:
    """A reference to a part of the document."""
    pointer = {"type": "string", "pattern": f"^#/{to}/[^/]+$"}
    return {**fixed({"$ref": pointer}, {}), "patternProperties": {}}


TOLD = {"title": TEXT, "summary": TEXT, "description": TEXT, "tags": ANY, "externalDocs": ANY}
SECURITY: Shape = {"type": "array", "items": reference("components/securitySchemes")}

INFO = fixed(
    {"title": TEXT, "version": TEXT},
    {
        "description": TEXT,
        "termsOfService": TEXT,
        "contact": ANY,
        "license": ANY,
        "tags": ANY,
        "externalDocs": ANY,
    },
)
SERVER = fixed(
    {"host": {"type": "string", "pattern": "^[^/]+$"}, "protocol": TEXT},
    {
        **TOLD,
        "protocolVersion": TEXT,
        "pathname": TEXT,
        "variables": ANY,
        "security": SECURITY,
        "bindings": ANY,
    },
)
TEXTS: Shape = {"type": "array", "items": TEXT}
PARAMETER = fixed(
    {},
    {"enum": TEXTS, "default": TEXT, "description": TEXT, "examples": TEXTS, "location": TEXT},
)
CHANNEL = fixed(
    {},
    {
        **TOLD,
        "address": {"type": ["string", "null"], "pattern": "^[^?#]*$"},
        "messages": mapped(reference("components/messages")),
        "servers": {"type": "array", "items": reference("servers"), "uniqueItems": True},
        "parameters": mapped(PARAMETER, "^[A-Za-z0-9_-]+$"),
        "bindings": ANY,
    },
)
OPERATION = fixed(
    {"action": {"enum": ["send", "receive"]}, "channel": reference("channels")},
    {
        **TOLD,
        "security": SECURITY,
        "bindings": ANY,
        "traits": ANY,
        "messages": {"type": "array", "items": reference("channels/[^/]+/messages")},
        "reply": ANY,
    },
)
MESSAGE = fixed(
    {},
    {
        **TOLD,
        "headers": {"type": "object"},
        "payload": {"type": "object"},
        "correlationId": ANY,
        "contentType": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
        "name": TEXT,
        "bindings": ANY,
        "examples": {"type": "array"},
        "traits": ANY,
    },
)
KEY = fixed(
    {"type": {"const": "httpApiKey"}, "name": TEXT, "in": {"enum": ["query", "header", "cookie"]}},
    {"description": TEXT},
)
COMPONENTS = fixed(
    {},
    {
        "schemas": mapped({"type": ["object", "boolean"]}, NAMES),
        "messages": mapped(MESSAGE, NAMES),
        "securitySchemes": mapped(KEY, NAMES),
    },
)
DOCUMENT: Shape = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **fixed(
        {"asyncapi": {"const": "3.0.0"}, "info": INFO},
        {
            "id": TEXT,
            "servers": mapped(SERVER, "^[a-zA-Z0-9_-]+$"),
            "defaultContentType": TEXT,
            "channels": mapped(CHANNEL),
            "operations": mapped(OPERATION),
            "components": COMPONENTS,
        },
    ),
}
