"""ABP's REST API as we serve it (seeds: cancel-orders and orders; venues/abp.md for the rest)."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.gateways.abp.bets import add_bets
from adapters.gateways.abp.calling import refuse
from adapters.gateways.abp.cancels import add_cancels
from adapters.gateways.abp.places import add_places
from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.reads import add_reads
from adapters.gateways.frame import Frame
from adapters.gateways.route import recorded_by


def router(frame: Frame, rates: Rates | None = None) -> APIRouter:
    """The routes, over the books of `frame`."""
    routes = APIRouter(tags=["Orders"], route_class=recorded_by(frame, refuse))
    limits = rates or Rates()
    add_cancels(routes, frame, limits)
    add_reads(routes, frame, limits)
    add_bets(routes, frame, limits)
    add_places(routes, frame, limits)
    return routes
