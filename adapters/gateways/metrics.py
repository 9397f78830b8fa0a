"""`/metrics`: what the service and its log have to tell to Prometheus.

Without a key the figures are sums over all accounts: who trades here is nobody's business. An
auditor's key opens them by account. Where only this machine can ask, there are no keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Request, Response, Security
from fastapi.security.http import HTTPAuthorizationCredentials
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException

from adapters.gateways.clients import Clients
from adapters.gateways.metering import Meters
from adapters.gateways.v1 import BEARER, KEY, reader


class Figures(Protocol):
    """What the log and the read models have to tell."""

    def told(self, *, by_account: bool) -> bytes:
        """The figures as they are now, in Prometheus' text format; never an error."""
        ...


def metrics(
    meters: Meters, figures: Figures, clients: Clients | None, venues: Sequence[str] = ()
) -> APIRouter:
    """The route; without `clients` everything is told to whoever asks."""
    routes = APIRouter()
    whose: Callable[..., object] | None = None if clients is None else reader(clients, venues)

    @routes.get("/metrics", include_in_schema=False)
    def told(
        request: Request,
        key: Annotated[str | None, Security(KEY)],
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
    ) -> Response:
        """Everything, by account for an auditor; a key that is none is told so."""
        is_auditor = whose is None
        if whose is not None and (key or bearer is not None):
            if whose(request, key, bearer) is not None:
                raise HTTPException(403, "figures by account are for auditors; ask without a key")
            is_auditor = True
        body = meters.told() + figures.told(by_account=is_auditor)
        return Response(body, headers={"content-type": CONTENT_TYPE_LATEST})

    return routes
