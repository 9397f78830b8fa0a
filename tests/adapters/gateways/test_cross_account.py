"""Over every route of every venue that names an order: another account's is one that is not there.

4casters' routes and verbs are walked in `test_fourcasters_accounts.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx2
import pytest
from fastapi import APIRouter

from adapters.gateways.abp.routes import router as abp_router
from adapters.gateways.frame import Frame
from adapters.gateways.predictstreet.routes import router as street_router
from tests.adapters.at_venues import DESKS, Desk
from tests.adapters.gateways.predictstreet import OTHERS

OTHER_KEYS: Mapping[str, Mapping[str, str]] = {
    "abp": {"x-api-key": "rival-key"},
    "predictstreet": {"x-api-key": OTHERS},
}
NOBODYS = {"abp": "7", "predictstreet": "00000000-0000-4000-8000-000000000007"}
REFERENCES = {"abp": "00000000-0000-0000-0000-000000000001", "predictstreet": "c0"}
NO_REFERENCE = {"abp": "00000000-0000-0000-0000-00000000ffff", "predictstreet": "c-nobody"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that names an order: by its id (`<id>`), or by a reference (`<ref>`)."""

    method: str
    path: str
    body: str = ""


NAMING: Mapping[str, Mapping[str, tuple[Ask, ...]]] = {
    "abp": {
        "/cancel-orders": (
            Ask("POST", "/cancel-orders", '{"orderIds":[<id>]}'),
            Ask("POST", "/cancel-orders", '{"requestUuids":["<ref>"]}'),
            Ask("POST", "/cancel-orders", '{"orderIds":[<id>],"requestUuids":["<ref>"]}'),
        ),
        "/orders": (
            Ask("GET", "/orders?orderIds=<id>"),
            Ask("GET", "/orders?requestUuids=<ref>"),
            Ask("GET", "/orders?orderIds=<id>&afterOrderId=99999999"),
        ),
        "/bets": (Ask("GET", "/bets?orderIds=<id>"), Ask("GET", "/bets?betIds=<id>")),
        "/bets/{bet_id}": (Ask("GET", "/bets/<id>"),),
    },
    "predictstreet": {
        "/api/orders/cancel": (Ask("POST", "/api/orders/cancel", '{"orderId":"<id>"}'),),
        "/api/orders/cancel-batch": (
            Ask("POST", "/api/orders/cancel-batch", '{"orderIds":["<id>"]}'),
            Ask("POST", "/api/orders/cancel-batch", '{"orderIds":["<id>","<ref>"]}'),
        ),
        "/api/orders/{order_id}": (Ask("GET", "/api/orders/<id>"),),
        "/api/orders/{order_id}/fills": (Ask("GET", "/api/orders/<id>/fills"),),
    },
}
"""Every route that can name an order, asked for just that."""

NAMELESS = {
    "abp": {"/cancel-all-orders", "/place-orders"},
    "predictstreet": {
        "/api/orders/cancel-all", "/api/orders/place", "/api/orders/place-batch",
        "/api/orders/open", "/api/orders/history", "/api/me/trades",
    },
}  # fmt: skip
"""What names no order: it is about whatever the caller has."""
ROUTERS: Mapping[str, Callable[[Frame], APIRouter]] = {
    "abp": abp_router,
    "predictstreet": street_router,
}


@pytest.fixture(params=sorted(NAMING))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with DESKS[request.param]() as desk:
        yield desk


def test_the_matrix_has_every_route(desk: Desk) -> None:
    venue = desk.owner.venue
    routes = ROUTERS[venue](desk.served.frame).routes
    assert {getattr(route, "path", "") for route in routes} == set(NAMING[venue]) | NAMELESS[venue]


def test_a_route_tells_nothing_of_another_account(desk: Desk) -> None:
    venue = desk.owner.venue
    (theirs,) = desk.place(1)
    with desk.served.client(**OTHER_KEYS[venue]) as client:
        for ask in (ask for some in NAMING[venue].values() for ask in some):
            other = said(client, ask, theirs, REFERENCES[venue])
            nobody = said(client, ask, NOBODYS[venue], NO_REFERENCE[venue])
            assert other == nobody, ask
    assert len(desk.live()) == 1


def said(client: httpx2.Client, ask: Ask, name: str, reference: str) -> tuple[object, ...]:
    """The answer, byte for byte, without the names that it was asked by."""
    path, body = (
        text.replace("<id>", name).replace("<ref>", reference) for text in (ask.path, ask.body)
    )
    headers = {"content-type": "application/json"}
    answer = client.request(ask.method, path, content=body or None, headers=headers)
    told = answer.content
    for each in (name, reference):
        told = told.replace(each.encode(), b"<asked>")
    kept = [each for each in answer.headers if each not in {"x-request-id", "date"}]
    return answer.status_code, told, kept
