"""The service: the venues' routes on one port, health beside them, bounds on what is taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapters.gateways.exact import BODY_BYTES_MAX, Exact

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(routers: Sequence[APIRouter], lifespan: Lifespan | None = None) -> FastAPI:
    """The application over these routes."""
    app = FastAPI(
        title="Breakwater",
        version=version("breakwater"),
        lifespan=lifespan,
        max_body_size=BODY_BYTES_MAX,
        docs_url=None,
        redoc_url=None,
    )

    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        """The process answers."""
        return Exact({"status": "ok"})

    for routes in routers:
        app.include_router(routes)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _told)
    return app


async def _told(request: Request, error: Exception) -> Response:
    """What no venue's route answered: no such path, no such method."""
    del request
    if isinstance(error, HTTPException):
        return Exact({"detail": error.detail}, error.status_code, headers=error.headers)
    return Exact({"detail": "the request does not fit"}, 422)
