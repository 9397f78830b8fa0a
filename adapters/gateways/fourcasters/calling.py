"""Who calls 4casters' REST API, what its bodies hold, and how it puts errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, cast

from fastapi import Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import APIKeyHeader
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact, NotReadable, body_of, object_of
from adapters.gateways.fourcasters.asked import texts_in
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.sessions import told_in

NOT_RECOGNISED = "InvalidCredentials"
_TOKEN = APIKeyHeader(
    name="Authorization",
    scheme_name="sessionToken",
    auto_error=False,
    description="The token of a login, or a key; `Bearer ` before it is optional",
)


class ErrorBody(BaseModel):
    """An error."""

    error: str


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in (
        (400, "What was asked cannot be read"),
        (401, "Missing, unknown or expired token"),
        (403, "The key is not good for this"),
        (404, "There is no such order, bet or game"),
        (408, "A parameter is missing"),
        (409, "The order cannot be cancelled any more"),
    )
}


def refuse(error: HTTPException | RequestValidationError) -> Response:
    """An error as the venue puts it: `{"error": …}`."""
    if isinstance(error, HTTPException):
        return Exact({"error": error.detail}, error.status_code, headers=error.headers)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return Exact({"error": f"{where}: {first['msg']}".removeprefix(": ")}, 400)


def caller(house: House, scope: Scope | None) -> Callable[[Request, str | None], Awaitable[Client]]:
    """Who calls, if the key is good for this kind of work."""

    async def recognised(request: Request, _: Annotated[str | None, Security(_TOKEN)]) -> Client:
        house.timers.look()
        token = told_in(request.headers, request.cookies) or await _in_body(request)
        client = None if token is None else house.sessions.client(token)
        if client is None:
            raise HTTPException(401, NOT_RECOGNISED)
        request.state.client = client
        if scope is not None and not client.may(scope):
            raise HTTPException(403, NOT_RECOGNISED)
        return client

    return recognised


async def _in_body(request: Request) -> str | None:
    """On a POST the token may stand in the body."""
    if request.method != "POST":
        return None
    try:
        token = object_of(await body_of(request)).get("token")
    except NotReadable:
        return None
    return token if isinstance(token, str) else None


async def fields(request: Request) -> Mapping[str, Any]:
    """The body as a JSON object; nothing at all is an empty one."""
    if not await request.body():
        return {}
    try:
        return object_of(await body_of(request))
    except NotReadable as error:
        raise HTTPException(400, str(error)) from error


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A field that must be a text."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise HTTPException(400, f"{name} is required")
    return value


def texts_of(body: Mapping[str, Any], name: str, most: int) -> list[str]:
    """A field that must be a list of texts."""
    value = body.get(name)
    if not isinstance(value, list):
        raise HTTPException(400, f"{name} is required")
    found = texts_in(cast("object", value))
    if found is None or len(found) > most:
        raise HTTPException(400, f"{name}: at most {most} texts")
    return found


def body_of_fields(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """What the OpenAPI document says of a body with these fields."""
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


TEXT: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}}
NUMBER: Mapping[str, Any] = {"type": "number"}
INTEGER: Mapping[str, Any] = {"type": "integer"}
OBJECTS: Mapping[str, Any] = {"type": "array", "items": {"type": "object"}}
