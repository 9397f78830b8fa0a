"""The service: the venues' routes on one port, health beside them, bounds on what is taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapters.gateways.door import BODY_S_MAX, Door, Seen
from adapters.gateways.exact import Exact
from adapters.gateways.reading import named_bodies

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Checks = Mapping[str, Callable[[], str | None]]
"""By name, what must hold for the service to be of use: None, or why it does not hold."""


class Service(FastAPI):
    """The application; its OpenAPI document has the bodies of requests by their names."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        return self.openapi_schema or named_bodies(super().openapi())


def create_app(
    routers: Sequence[APIRouter],
    lifespan: Lifespan | None = None,
    checks: Checks | None = None,
    body_s_max: float = BODY_S_MAX,
    seen: Seen | None = None,
) -> FastAPI:
    """The application over these routes."""
    app = Service(
        title="Breakwater",
        version=version("breakwater"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )

    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        """The process answers."""
        return Exact({"status": "ok"})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> Response:
        """The service can do its work; where it cannot, why."""
        told = {name: check() for name, check in (checks or {}).items()}
        ready = not any(told.values())
        body = {name: why or "ok" for name, why in told.items()}
        return Exact(
            {"status": "ready" if ready else "not ready", "checks": body}, 200 if ready else 503
        )

    for routes in routers:
        app.include_router(routes)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _told)
    app.add_middleware(Door, body_s_max=body_s_max, seen=seen)
    return app


async def _told(request: Request, error: Exception) -> Response:
    """What no venue's route answered: no such path, no such method."""
    del request
    if isinstance(error, HTTPException):
        return Exact({"detail": error.detail}, error.status_code, headers=error.headers)
    return Exact({"detail": f"the request does not fit{_where(error)}"}, 422)


def _where(error: Exception) -> str:
    """Which parameters do not fit and why, without what was sent: it may be a secret."""
    if not isinstance(error, RequestValidationError):
        return ""
    found = [(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
    return "".join(f"; {place}: {why}" for place, why in found)
