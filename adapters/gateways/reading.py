"""A request's body as one of the venue's models, and as the served OpenAPI tells of it."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from adapters.gateways.exact import NotReadable, body_of, object_of

M = TypeVar("M", bound=BaseModel)


async def read(request: Request, model: type[M]) -> M:
    """The body as the model; raise `RequestValidationError` when it does not fit.

    FastAPI would read numbers through a binary float; this reads them exactly.
    """
    try:
        return model.model_validate(object_of(await body_of(request)))
    except NotReadable as error:
        problem = {"loc": ("body",), "msg": str(error), "type": "json_invalid"}
        raise RequestValidationError([problem]) from error
    except ValidationError as error:
        problems: list[dict[str, Any]] = [
            {"loc": ("body", *found["loc"]), "msg": found["msg"], "type": found["type"]}
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise RequestValidationError(problems) from error


def body_schema(model: type[BaseModel]) -> dict[str, Any]:
    """What the OpenAPI document says of the body; `named_bodies` gives it its name there."""
    schema = model.model_json_schema(ref_template=_REFERENCE)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_REFERENCE = "#/components/schemas/{model}"


def named_bodies(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the models of request bodies among its components, referred to by name."""
    named: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for path in document.get("paths", {}).values():
        for operation in path.values():
            content = operation.get("requestBody", {}).get("content", {})
            media: dict[str, Any] = content.get("application/json", {})
            schema: dict[str, Any] = media.get("schema", {})
            if "title" in schema and "$ref" not in schema:
                name = schema["title"]
                told = {key: value for key, value in schema.items() if key != "$defs"}
                named.update({**schema.get("$defs", {}), name: told})
                media["schema"] = {"$ref": _REFERENCE.format(model=name)}
    return document
