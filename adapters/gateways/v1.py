"""Our own `/v1`: orders, cancels and breaks of a key's account, as the commands tell them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, Protocol

from fastapi import APIRouter, Depends, Header, Query, Request, Response, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Clients, Scope
from adapters.gateways.exact import Exact
from domain.values import Account

Row = Mapping[str, Any]
LIMIT_MAX = 1000
After = Annotated[str | None, Query(description="The key after which the page begins")]
Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows of a page, at most")]
Known = Annotated[str | None, Header(alias="if-none-match")]
KEY = APIKeyHeader(name="x-api-key", scheme_name="apiKey", auto_error=False)
BEARER = HTTPBearer(scheme_name="bearer", auto_error=False)


class Page(NamedTuple):
    """Rows by their key, and the log position that they show."""

    rows: Sequence[Row]
    position: int


class Books(Protocol):
    """What is told, of one account or (None) of all; rows are in the order of their keys."""

    def position(self) -> int:
        """How far into the log the books go."""
        ...

    def orders(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Orders by `order_key`."""
        ...

    def order(self, owner: Account | None, key: str) -> Row | None:
        """One order with its history; None when it is not there, or is another's."""
        ...

    def cancels(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Cancel requests by `cancel_id`."""
        ...

    def breaks(self, owner: Account | None, after: str | None, limit: int) -> Page:
        """Open breaks by `break_id`."""
        ...


Listing = Callable[[Account | None, str | None, int], Page]


def reader(
    clients: Clients, venues: Sequence[str]
) -> Callable[[Request, str | None, HTTPAuthorizationCredentials | None], Account | None]:
    """Whose books the key opens; None is everybody's, for an auditor."""

    def owner(
        request: Request,
        key: Annotated[str | None, Security(KEY)],
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    ) -> Account | None:
        secret = key or (bearer.credentials if bearer is not None else None)
        found: Client | None = None
        for venue in venues if secret else ():
            found = found or clients.of(venue, secret or "")
        if found is None:
            raise HTTPException(401, "missing or invalid key")
        request.state.account = found.owner.account
        request.state.key_id = found.key_id
        if Scope.AUDITOR in found.scopes:
            return None
        if not found.may(Scope.READ):
            raise HTTPException(403, "the key is not good for reading")
        return found.owner

    return owner


def v1(books: Books, clients: Clients, venues: Sequence[str]) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["Books"])
    reads = Depends(reader(clients, venues))
    lists: Mapping[str, tuple[str, Listing]] = {
        "orders": ("order_key", books.orders),
        "cancels": ("cancel_id", books.cancels),
        "breaks": ("break_id", books.breaks),
    }
    for name, (key, listing) in lists.items():
        _add_list(routes, books, reads, name, key, listing)

    @routes.get("/orders/{key}", summary="One order with its history", operation_id="v1_order")
    def order(key: str, owner: Account | None = reads, known: Known = None) -> Response:
        """The order of this key, venue id or client reference, and every event of its life."""
        if (same := _unchanged(books.position(), known)) is not None:
            return same
        position = books.position()
        found = books.order(owner, key)
        if found is None:
            raise HTTPException(404, "no such order")
        return Exact(found, headers=_headers(position))

    return routes


def _add_list(  # noqa: PLR0913, PLR0917 - what the three lists differ in
    routes: APIRouter,
    books: Books,
    reads: Any,  # noqa: ANN401 - FastAPI's own kind
    name: str,
    key: str,
    listing: Listing,
) -> None:
    @routes.get(f"/{name}", summary=f"List {name}", operation_id=f"v1_{name}")
    def rows(
        owner: Account | None = reads, after: After = None, limit: Limit = 50, known: Known = None
    ) -> Response:
        """Rows in the order of their keys, a page at a time."""
        if (same := _unchanged(books.position(), known)) is not None:
            return same
        found = listing(owner, after, limit + 1)
        some, more = found.rows[:limit], len(found.rows) > limit
        told = {
            name: some,
            "count": len(some),
            "has_more": more,
            "next_cursor": some[-1][key] if more else None,
        }
        return Exact(told, headers=_headers(found.position))


def _unchanged(position: int, known: str | None) -> Response | None:
    tag = _headers(position)["etag"]
    if known is None or tag not in {part.strip() for part in known.split(",")}:
        return None
    return Response(status_code=304, headers=_headers(position))


def _headers(position: int) -> dict[str, str]:
    return {"etag": f'"{position}"', "vary": "authorization, x-api-key", "cache-control": "private"}
