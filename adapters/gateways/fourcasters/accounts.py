"""Logging in and out, the heartbeat over REST, and the feed's replay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.exact import Exact
from adapters.gateways.fourcasters.calling import (
    ERRORS,
    NOT_RECOGNISED,
    NUMBER,
    TEXT,
    body_of_fields,
    caller,
    fields,
)
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.messages import read_cursor
from adapters.gateways.fourcasters.sessions import LIFETIME, told_in
from adapters.gateways.fourcasters.verbs import beaten, seconds_of

REST_BEAT_MIN_S = 5
"""Over REST a heartbeat's time must be more than this; on the socket more than nothing."""


def add_logins(routes: APIRouter, house: House) -> None:
    """Serve `POST /user/login` and `POST /user/logout`."""
    anyone = Depends(caller(house, None))

    @routes.post(
        "/user/login",
        responses=ERRORS,
        openapi_extra=body_of_fields(username=TEXT, password=TEXT),
    )
    async def login(request: Request) -> Response:
        """A session token: the account's name is the user name, its key the password."""
        body = await fields(request)
        username, password = body.get("username"), body.get("password")
        if not (isinstance(username, str) and isinstance(password, str) and username and password):
            raise HTTPException(400, "username and password are required")
        token = house.sessions.login(username, password)
        if token is None:
            raise HTTPException(401, NOT_RECOGNISED)
        answer = Exact({"data": {"user": {"username": username, "auth": token}}})
        seconds = int(LIFETIME.total_seconds())
        answer.set_cookie("auth", token, max_age=seconds, httponly=True, samesite="strict")
        return answer

    @routes.post("/user/logout", responses=ERRORS)
    async def logout(request: Request, _: Client = anyone) -> Response:
        """The token opens nothing any more."""
        token = told_in(request.headers, request.cookies) or (await fields(request)).get("token")
        if isinstance(token, str):
            house.sessions.logout(token)
        return Exact({"data": {}})


def add_heartbeat(routes: APIRouter, house: House) -> None:
    """Serve `POST /user/ordersHeartbeat`: one switch with the socket's."""
    cancels = Depends(caller(house, Scope.CANCEL))

    @routes.post(
        "/user/ordersHeartbeat", responses=ERRORS, openapi_extra=body_of_fields(timeout=NUMBER)
    )
    async def heartbeat(request: Request, client: Client = cancels) -> Response:
        """Cancel all orders of the account unless another heartbeat comes in time."""
        seconds = seconds_of((await fields(request)).get("timeout"))
        if seconds is None or seconds <= REST_BEAT_MIN_S:
            raise HTTPException(400, "timeout must be greater than 5")
        return Exact({"data": beaten(house, client.owner.account, seconds)})


def add_replay(routes: APIRouter, house: House) -> None:
    """Serve `GET /v2/user/messages`."""

    @routes.get("/v2/user/messages", responses=ERRORS)
    async def replay(
        request: Request,
        after_id: Annotated[str | None, Query(alias="afterID")] = None,
        before_id: Annotated[str | None, Query(alias="beforeID")] = None,
        token: Annotated[str | None, Query()] = None,
        auth: Annotated[str | None, Header(alias="Auth")] = None,
    ) -> Response:
        """The messages after one id and before another, if all of them are still there."""
        told = told_in(request.headers, request.cookies) or auth or token
        client = None if told is None else house.sessions.client(told)
        if client is None:
            raise HTTPException(401, NOT_RECOGNISED)
        request.state.client = client
        if not client.may(Scope.READ):
            raise HTTPException(403, NOT_RECOGNISED)
        house.timers.look()
        after = None if after_id is None else read_cursor(after_id)
        before = None if before_id is None else read_cursor(before_id)
        if after is None or (before_id is not None and before is None):
            raise HTTPException(400, "afterID and beforeID are message IDs")
        complete, rows = house.messages.between(client.owner.account, after, before)
        if complete:
            return Exact({"status": "success", "messages": rows})
        return Exact({"status": "cache_expired", "availableMessages": rows})
