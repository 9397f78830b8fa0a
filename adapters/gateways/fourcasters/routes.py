"""4casters as we serve it (seeds: the cancel page; venues/fourcasters.md for the rest)."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from adapters.gateways.feed import Feed
from adapters.gateways.fourcasters.accounts import add_heartbeat, add_logins, add_replay
from adapters.gateways.fourcasters.calling import refuse
from adapters.gateways.fourcasters.house import House
from adapters.gateways.fourcasters.messages import KEPT
from adapters.gateways.fourcasters.orders_socket import orders_socket
from adapters.gateways.fourcasters.rest_graded import add_graded
from adapters.gateways.fourcasters.rest_orders import add_cancels, add_places, add_wide_cancels
from adapters.gateways.fourcasters.rest_reads import add_reads, add_reads_by
from adapters.gateways.fourcasters.user_feed import user_feed
from adapters.gateways.frame import Frame
from adapters.gateways.route import recorded_by


def fourcasters(frame: Frame, feed: Feed, kept: int = KEPT) -> Sequence[APIRouter]:
    """The routes and sockets, over the books of `frame`; `kept` messages can be replayed."""
    house = House(frame, feed, kept)
    routes = APIRouter(tags=["4casters"], route_class=recorded_by(frame, refuse))
    add_logins(routes, house)
    add_heartbeat(routes, house)
    add_replay(routes, house)
    add_places(routes, house)
    add_cancels(routes, house)
    add_wide_cancels(routes, house)
    add_reads(routes, house)
    add_reads_by(routes, house)
    add_graded(routes, house)
    return routes, orders_socket(house), user_feed(house)
