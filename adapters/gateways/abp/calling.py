"""Who calls ABP's API, how it puts errors, and which orders a filter names."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException

from adapters.gateways.abp import told
from adapters.gateways.abp.rates import Rates, TooOften
from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.frame import Frame
from adapters.paper.book import Order

VENUE = "abp"
_KEY = APIKeyHeader(
    name="x-api-key",
    scheme_name="apiKey",
    description="API key for authentication: `breakwater keys create` makes one.",
    auto_error=False,
)
ONE_OF = "at least one of orderIds, requestUuids, or userRef required"
Answers = dict[int | str, dict[str, Any]]
Recognise = Callable[[Request, str | None], Coroutine[Any, Any, Client]]
ERRORS: Answers = {
    401: {"model": told.Detail, "description": "Unauthorized — missing or invalid API key"},
    403: {"model": told.Detail, "description": "Access denied — client not resolved from API key"},
    422: {"model": told.Unfit, "description": "The request does not fit its schema"},
    429: {"model": told.TooOften, "description": "Rate limit exceeded"},
    500: {"model": told.Detail, "description": "Internal server error"},
}


def answers(model: type[told.Told], description: str, **errors: str) -> Answers:
    """The documented answers of a route; `errors` are further ones, `_400` and so on."""
    return {
        200: {"model": model, "description": description},
        **{
            int(code.removeprefix("_")): {"model": told.Detail, "description": words}
            for code, words in errors.items()
        },
        **ERRORS,
    }


def refuse(error: HTTPException | RequestValidationError) -> Response:
    """An error as the venue puts it: `{"detail": …}`."""
    if isinstance(error, HTTPException):
        body = error.body if isinstance(error, TooOften) else {"detail": error.detail}
        return Exact(body, error.status_code, headers=error.headers)
    problems = [
        {"loc": list(problem["loc"]), "msg": problem["msg"], "type": problem["type"]}
        for problem in error.errors()
    ]
    return Exact({"detail": problems}, 422)


def caller(frame: Frame, rates: Rates, scope: Scope) -> Recognise:
    """Who calls, if the key is good for this kind of work and it is not called too often."""

    # Not in a thread: a known key is a look into a table, and changing threads costs far more.
    async def recognised(request: Request, key: Annotated[str | None, Security(_KEY)]) -> Client:
        client = None if key is None else frame.clients.of(VENUE, key)
        if client is None:
            raise HTTPException(401, "Missing or invalid API key")
        request.state.client = client
        rates.count(client.owner.account)
        if not client.may(scope):
            raise HTTPException(403, "Access denied to endpoint")
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
    account, book = client.owner.account, frame.book
    found = {order_id: book.find(account, order_id) for order_id in order_ids}
    for uuid in request_uuids:
        found.update({order.order_id: order for order in book.called(account, str(uuid))})
    if user_ref:
        for order in book.orders(account):
            if order.terms.user_ref == user_ref:
                found[order.order_id] = order
    known = (order for order in found.values() if order is not None)
    return sorted(known, key=lambda order: order.order_id, reverse=True)
