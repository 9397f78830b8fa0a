"""Graded bets over REST: by dates of games, and as a walk along their settlement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.fourcasters.bet_rows import graded_row, money
from adapters.gateways.fourcasters.calling import ERRORS, TEXT, body_of_fields, caller, fields
from adapters.gateways.fourcasters.gradings import Graded
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.rows import Row, time
from domain.values import ZERO

WINDOW_MAX = timedelta(days=35)
PATHS = ("/user/v2/getGraded", "/user/getGradedWagers")
SINCE = "/user/v2/getGradedSince"
_DATES = {"startDate": TEXT, "endDate": TEXT}
_WALK = {"since": TEXT, "cursor": TEXT}


def add_graded(routes: APIRouter, house: House) -> None:
    """Serve `getGraded`, its old name, and `getGradedSince`, each by GET and by POST."""
    reads = Depends(caller(house, Scope.READ))

    async def get_graded(request: Request, client: Client = reads) -> Response:
        """The graded bets of games that start between two dates."""
        asked = await _asked(request)
        start, end = _moment(asked, "startDate"), _moment(asked, "endDate")
        if start is not None and end is not None and end - start > WINDOW_MAX:
            raise HTTPException(400, "the window is at most 35 days")
        account = client.owner.account
        found = [
            graded
            for graded in house.gradings.latest(account)
            if _between(house.market.start(account, graded.order.terms.market), start, end)
        ]
        rows = [graded_row(house.market, graded) for graded in found]
        return Exact({"data": {"graded": rows, "summary": _summary(found)}})

    async def get_graded_since(request: Request, client: Client = reads) -> Response:
        """A page of settlements, in their order; the cursor leads on, now or later."""
        asked = await _asked(request)
        account = client.owner.account
        start = _start(house, account, asked)
        page, end, more = house.gradings.page(account, start)
        through = page[-1].at if page else house.frame.clock()
        data: Row = {
            "graded": [graded_row(house.market, graded) for graded in page],
            "hasMore": more,
            "cursor": house.gradings.cursor(account, end),
            "settledThrough": time(through),
        }
        return Exact({"data": data})

    for path in PATHS:
        _both(routes, path, get_graded, _DATES)
    _both(routes, SINCE, get_graded_since, _WALK)


def _both(
    routes: APIRouter,
    path: str,
    handler: Any,  # noqa: ANN401 - a handler, as FastAPI takes it
    names: Mapping[str, Mapping[str, Any]],
) -> None:
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in names.items()]
    routes.get(path, responses=ERRORS, openapi_extra={"parameters": query})(handler)
    routes.post(path, responses=ERRORS, openapi_extra=body_of_fields(**names))(handler)


async def _asked(request: Request) -> Mapping[str, Any]:
    """The parameters: a query, or the same as JSON."""
    return request.query_params if request.method == "GET" else await fields(request)


def _start(house: House, account: str, asked: Mapping[str, Any]) -> int:
    cursor = asked.get("cursor")
    if cursor is None:
        since = _moment(asked, "since")
        if since is None:
            raise HTTPException(400, "since or cursor is required")
        return house.gradings.since(account, since)
    place = house.gradings.read(account, cursor) if isinstance(cursor, str) else None
    if place is None:
        raise HTTPException(400, "invalid cursor")
    return place


def _moment(asked: Mapping[str, Any], name: str) -> datetime | None:
    value = asked.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise HTTPException(400, f"{name} is a date") from error


def _between(moment: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= moment) and (end is None or moment <= end)


def _summary(found: list[Graded]) -> Row:
    pnl = sum((graded.result or ZERO for graded in found), ZERO)
    volume = sum((graded.fill.size for graded in found), ZERO)
    return {"pnl": money(pnl), "volume": money(volume)}
