"""The feed described for programs: an AsyncAPI 3.0 document, made of the schemas of its events."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final, cast

from adapters.publishing.cloudevents import MEDIA_TYPE, SCHEMA_PREFIX
from adapters.publishing.schemas import DIALECT, TIME, Schema, schemas

_TEXT: Final[Schema] = {"type": "string"}
_TIME: Final[Schema] = {key: value for key, value in TIME.items() if key != "title"}

ENVELOPE: Final[Schema] = {
    "$schema": DIALECT,
    "$id": SCHEMA_PREFIX.removesuffix(":"),
    "title": "Event",
    "description": "A CloudEvent (1.0, JSON) around one event of the log.",
    "type": "object",
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "dataschema",
        "position",
        "streamversion",
        "venue",
        "account",
        "observedtime",
        "recordedtime",
        "data",
    ],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            "description": "The same on every machine that read the same messages.",
            "type": "string",
            "format": "uuid",
        },
        "source": {
            "description": "Whose event it is: /venues/{venue}/accounts/{account}, quoted.",
            "type": "string",
            "format": "uri-reference",
        },
        "type": {
            "description": "The event's name and version.",
            "type": "string",
            "pattern": "^[A-Za-z]+:[1-9][0-9]*$",
        },
        "subject": {
            "description": "What it happened to: orders/{order_key}, cancels/{cancel_id}, runs/…, "
            "notices/… or desk/…. Events of one subject are in the order of `streamversion`.",
            "type": "string",
        },
        "time": {
            **_TIME,
            "description": "occurredtime where the venue told it, else observedtime.",
        },
        "dataschema": {
            "description": "The name of the schema of `data`.",
            "type": "string",
            "format": "uri",
        },
        "position": {
            "description": "The place in the log, which orders events; 64 bits.",
            "type": "integer",
            "minimum": 1,
        },
        "streamversion": {
            "description": "The place among the events of the subject, from 1, without gaps.",
            "type": "integer",
            "minimum": 1,
        },
        "venue": _TEXT,
        "account": _TEXT,
        "occurredtime": {**_TIME, "description": "When it happened, by the venue's clock."},
        "observedtime": {**_TIME, "description": "When this side saw or sent it."},
        "recordedtime": {**_TIME, "description": "When the log took it."},
        "capture": {**_TEXT, "description": "The recording that the causing message is in."},
        "seq": {"description": "Its place there.", "type": "integer", "minimum": 1},
        "data": {"type": "object"},
    },
}

_WAY: Final = (
    "Ask `GET /v1/events?after=N` and go on with `next`, or follow `/v1/events/stream`, which "
    "takes up at `Last-Event-ID`. Keep the position in the transaction that stores what was made "
    "of the events: then nothing is missed and nothing counts twice."
)


def asyncapi(known: Mapping[str, Schema] | None = None) -> Schema:
    """The document; every reference in it leads to a part of it."""
    every = schemas() if known is None else known
    names = {topic: topic.replace(":", ".") for topic in sorted(every)}
    refs = [{"$ref": f"#/components/messages/{name}"} for name in names.values()]
    messages = {name: refs[index] for index, name in enumerate(names.values())}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Breakwater events",
            "version": version("breakwater"),
            "description": f"What happened to orders, as it is stored: never changed, never "
            f"missing. {_WAY}",
        },
        "defaultContentType": MEDIA_TYPE,
        "servers": {
            "service": {
                "host": "localhost:8000",
                "protocol": "http",
                "description": "`breakwater serve`",
                "security": [{"$ref": "#/components/securitySchemes/apiKey"}],
            },
            "nats": {
                "host": "localhost:4222",
                "protocol": "nats",
                "description": "Where `breakwater publish nats --url` publishes to.",
            },
        },
        "channels": _channels(messages),
        "operations": {
            name: {
                "action": "send",
                "channel": {"$ref": f"#/channels/{name}"},
                "summary": summary,
            }
            for name, summary in (
                ("pages", "Events behind a position"),
                ("stream", "Events as they come"),
                ("subjects", "Events as they are published"),
            )
        },
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "httpApiKey", "name": "x-api-key", "in": "header"}
            },
            "messages": {name: _message(topic, name) for topic, name in names.items()},
            "schemas": {
                "Event": _within("Event", ENVELOPE),
                **{name: _within(name, every[topic]) for topic, name in names.items()},
            },
        },
    }


def _channels(messages: Schema) -> Schema:
    """The ways out."""
    return {
        "pages": {
            "address": "/v1/events",
            "servers": [{"$ref": "#/servers/service"}],
            "description": "Pages of up to 1,000 events behind a position.",
            "messages": messages,
        },
        "stream": {
            "address": "/v1/events/stream",
            "servers": [{"$ref": "#/servers/service"}],
            "description": "Server-sent events: `id` is the position, `data` the event.",
            "messages": messages,
        },
        "subjects": {
            "address": "breakwater.{venue}.{account}",
            "servers": [{"$ref": "#/servers/nats"}],
            "description": "One subject for each account at a venue; `Nats-Msg-Id` is the "
            "event's id.",
            "parameters": {
                "venue": {"description": "Percent-encoded, dots too."},
                "account": {"description": "Percent-encoded, dots too."},
            },
            "messages": messages,
        },
    }


def _message(topic: str, name: str) -> Schema:
    return {
        "name": topic,
        "title": topic.partition(":")[0],
        "contentType": MEDIA_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Event"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": topic},
                        "data": {"$ref": f"#/components/schemas/{name}"},
                    },
                },
            ]
        },
    }


def _within(name: str, schema: Schema) -> Schema:
    """The schema as a part of the document: without an address of its own."""
    inside = {key: value for key, value in schema.items() if key not in {"$schema", "$id"}}
    moved: Schema = _moved(inside, f"#/components/schemas/{name}/$defs/")
    return moved


def _moved(value: Any, prefix: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {
            key: item.replace("#/$defs/", prefix) if key == "$ref" else _moved(item, prefix)
            for key, item in cast("Schema", value).items()
        }
    if isinstance(value, list):
        return [_moved(item, prefix) for item in value]  # pyright: ignore[reportUnknownVariableType]  # any JSON value
    return value
