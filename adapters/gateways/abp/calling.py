"""Who calls ABP's API, how it puts errors, and which orders a filter names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame
from adapters.paper.book import Order

VENUE = "abp"
_KEY = APIKeyHeader(name="x-api-key", scheme_name="apiKey", auto_error=False)
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": told.Detail, "description": "Missing required filter"},
    401: {"model": told.Detail, "description": "Unauthorized — missing or invalid API key"},
    403: {"model": told.Detail, "description": "Access denied — client not resolved from API key"},
    404: {"model": told.Detail, "description": "No matching orders found"},
}


def refuse(error: HTTPException | RequestValidationError) -> Response:
    """An error as the venue puts it: `{"detail": …}`."""
    if isinstance(error, HTTPException):
        return Exact({"detail": error.detail}, error.status_code, headers=error.headers)
    problems = [
        {"loc": list(problem["loc"]), "msg": problem["msg"], "type": problem["type"]}
        for problem in error.errors()
    ]
    return Exact({"detail": problems}, 422)


def caller(frame: Frame, scope: Scope) -> Callable[[Request, str | None], Client]:
    """Who calls, if the key is good for this kind of work."""

    def recognised(request: Request, key: Annotated[str | None, Security(_KEY)]) -> Client:
        client = None if key is None else frame.clients.of(VENUE, key)
        if client is None:
            raise HTTPException(401, "Missing or invalid API key")
        if not client.may(scope):
            raise HTTPException(403, "Access denied to endpoint")
        request.state.client = client
        return client

    return recognised


def matching(
    frame: Frame,
    client: Client,
    order_ids: Iterable[int],
    request_uuids: Iterable[UUID],
    user_ref: str | None,
) -> list[Order]:
    """The account's orders that any filter names, newest first."""
    ids, uuids = set(order_ids), {str(uuid) for uuid in request_uuids}
    found = [
        order
        for order in frame.book.orders(client.owner.account)
        if order.order_id in ids
        or order.terms.client_ref in uuids
        or (user_ref is not None and order.terms.user_ref == user_ref)
    ]
    return found[::-1]
