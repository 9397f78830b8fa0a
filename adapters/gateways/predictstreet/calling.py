"""Who calls PredictStreet's API: the key, the wallet that it acts for, and what it is good for.

A key made for a wallet acts for that one and `X-User-Wallet` is passed over (`single_wallet`); a
key made for `*` acts for the wallet that each request names (`multi_wallet`).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Header, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Client, Scope
from adapters.gateways.frame import Frame
from adapters.gateways.predictstreet.buckets import Buckets, Left
from adapters.gateways.predictstreet.refusals import (
    FORBIDDEN,
    TOO_MANY,
    UNAUTHORIZED,
    Declined,
    refuse,
)
from adapters.gateways.predictstreet.rows import epoch_ms
from adapters.gateways.route import Handler
from domain.values import Account

VENUE = "predictstreet"
EVERY_WALLET = "*"
WALLET = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_PARTS = 4
_KEY = APIKeyHeader(name="X-Api-Key", scheme_name="predictstreetKey", auto_error=False)
_ACTING = Header(
    alias="X-User-Wallet",
    description="The acting wallet: required with a multi_wallet key, else passed over.",
)


@dataclass(frozen=True, slots=True)
class Need:
    """What a call needs: the key's scope, and the endpoint whose buckets it takes from."""

    scope: Scope
    endpoint: str


Recognise = Callable[[Request, str | None, str | None], Awaitable[Client]]


def caller(frame: Frame, buckets: Buckets, need: Need) -> Recognise:
    """Who calls, when the key is good for it and both buckets have one left."""

    async def recognised(
        request: Request,
        key: Annotated[str | None, Security(_KEY)],
        wallet: Annotated[str | None, _ACTING] = None,
    ) -> Client:
        address = request.client.host if request.client is not None else "-"
        by_address = buckets.of_address(need.endpoint, address)
        _passed(frame, request, by_address)
        client = known(frame, key, wallet)
        request.state.client = client
        by_wallet = buckets.of_wallet(need.endpoint, client.owner.account)
        _passed(frame, request, by_wallet, by_address)
        _allowed(client, need.scope)
        return client

    return recognised


def known(frame: Frame, key: str | None, wallet: str | None) -> Client:
    """The caller of this key, acting for its wallet; raise `Declined` with the documented code."""
    if not key:
        raise Declined(UNAUTHORIZED, "auth_required", "X-Api-Key is missing")
    if not _is_key(key):
        raise Declined(
            UNAUTHORIZED, "api_key_bad_format", "X-Api-Key is not ps_live_<keyId>_<secret>"
        )
    client = frame.clients.of(VENUE, key)
    if client is None:
        raise Declined(UNAUTHORIZED, "api_key_unknown_key", "no key in force is this one")
    return replace(client, owner=Account(VENUE, _acting(client.owner.account, wallet)))


def _is_key(key: str) -> bool:
    """`ps_<env>_<keyId>_<secret>`; the secret may hold separators of its own."""
    parts = key.split("_", _PARTS - 1)
    return (
        len(parts) == _PARTS
        and parts[0] == "ps"
        and parts[1] in {"live", "test"}
        and _KEY_ID.fullmatch(parts[2]) is not None
        and _SECRET.fullmatch(parts[3]) is not None
    )


def _acting(owner: str, named: str | None) -> str:
    if owner != EVERY_WALLET:
        if WALLET.fullmatch(owner) is None:
            raise Declined(
                UNAUTHORIZED,
                "api_key_no_associated_wallet",
                "the key's account is no wallet; make one with `breakwater keys create "
                "--venue predictstreet --account 0x…` (or '*' for any wallet)",
            )
        return owner.lower()
    if not named:
        raise Declined(
            UNAUTHORIZED,
            "api_key_user_wallet_required",
            "a multi_wallet key needs X-User-Wallet on every request",
        )
    if WALLET.fullmatch(named) is None:
        raise Declined(
            UNAUTHORIZED,
            "api_key_user_wallet_invalid",
            "X-User-Wallet is not 0x and 40 hexadecimal digits",
        )
    return named.lower()


WRITES = frozenset({Scope.CANCEL, Scope.PLACE})
_NEEDED: Mapping[Scope, str] = {
    Scope.READ: "portfolio:read",
    Scope.CANCEL: "orders:write",
    Scope.PLACE: "orders:write",
}


def scopes_of(client: Client) -> list[str]:
    """The key's scopes in the venue's words; half of `orders:write` says which half."""
    told = {"portfolio:read"} if client.may(Scope.READ) else set[str]()
    writes = [scope for scope in WRITES if client.may(scope)]
    if len(writes) == len(WRITES):
        told.add("orders:write")
    else:
        told.update(f"orders:write:{scope.value}" for scope in writes)
    return sorted(told)


def _allowed(client: Client, scope: Scope) -> None:
    if not client.may(scope):
        needed = _NEEDED[scope]
        raise Declined(
            FORBIDDEN,
            "api_key_scope_missing",
            f"the key lacks {needed}",
            {"requiredScope": needed, "have": scopes_of(client)},
        )


def _passed(frame: Frame, request: Request, *buckets: Left | None) -> None:
    """Note what the answer tells of the tightest bucket; raise `Declined` when one is empty."""
    found = [left for left in buckets if left is not None]
    if not found:
        return
    tightest = min(found, key=lambda left: (left.passed, left.remaining))
    request.state.limits = tightest.headers(frame.clock())
    if not tightest.passed:
        raise Declined(TOO_MANY, "rate_limited", "too many requests; see Retry-After")


def metered(frame: Frame) -> type[APIRoute]:
    """A kind of route whose answers tell how the buckets stand, and the server's time."""

    class Metered(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def told(request: Request) -> Response:
                try:
                    answer = await handle(request)
                except (HTTPException, RequestValidationError) as error:
                    answer = refuse(error)
                limits: Mapping[str, str] = getattr(request.state, "limits", {})
                answer.headers.update(limits)
                answer.headers["X-Server-Time"] = str(epoch_ms(frame.clock()))
                return answer

            return told

    return Metered
