"""PredictStreet's REST API as we serve it (the seed's cancel-batch; venues/predictstreet.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from fastapi import APIRouter
from fastapi.routing import APIRoute

from adapters.gateways.frame import Frame
from adapters.gateways.predictstreet.buckets import DOCUMENTED, Buckets, Limits
from adapters.gateways.predictstreet.calling import metered
from adapters.gateways.predictstreet.cancels import add_cancels
from adapters.gateways.predictstreet.places import add_places
from adapters.gateways.predictstreet.reads import add_reads
from adapters.gateways.predictstreet.refusals import refuse
from adapters.gateways.predictstreet.rows import Settling
from adapters.gateways.predictstreet.venue import Trip, Venue, no_trips
from adapters.gateways.route import recorded_by


def router(
    frame: Frame,
    limits: Limits = DOCUMENTED,
    settling: Settling | None = None,
    trips: Callable[[str], Trip | None] = no_trips,
) -> APIRouter:
    """The routes, over the books of `frame`; `trips` says which cancels of a batch go wrong."""
    venue = Venue(frame, Buckets(frame.clock, limits), settling or Settling(), trips)
    # The outer keeps what the inner answers: the bucket's headers are part of the recording.
    kept_and_metered = type("KeptAndMetered", (recorded_by(frame, refuse), metered(frame)), {})
    routes = APIRouter(tags=["PredictStreet"], route_class=cast("type[APIRoute]", kept_and_metered))
    add_cancels(routes, venue)
    add_places(routes, venue)
    add_reads(routes, venue)
    return routes
