"""What a module hands in to be tested: one venue, its words, and a server that speaks them.

A module of anybody's names it `VENUE`; `pytest --venue that.module` runs every scenario on it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from adapters.clients.port import Codec, Wanted
from adapters.paper.operations import Told
from adapters.simulating import Routes
from domain.wire import Dialect

NAMES = ("abp", "fourcasters", "paper", "predictstreet")
"""The venues that are shipped: each is a module of this name in `adapters.venuekit.venues`."""


class NoVenue(ValueError):
    """The module cannot be imported, or hands in no venue."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An order that the kit wants to rest at the venue.

    `number` is new each time. `market` is 0 or 1, for whatever the venue calls them; `account` is
    whose it is.
    """

    account: str
    number: int
    market: int = 0
    size: Decimal = Decimal(100)


def _account(number: int) -> str:
    return f"kit-{number}"


def _key(account: str) -> str:
    return f"canary-{sha256(account.encode()).hexdigest()[:24]}"


def _news(path: str, frame: str) -> Told:
    del path, frame
    return Told.NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueUnderTest:
    """One venue: what reads it, what speaks to it, and a server to speak to."""

    name: str
    dialect: Dialect
    """How it is read (`domain.wire.Dialect`)."""
    codec: Callable[[], Codec]
    """How it is spoken to (`adapters.clients.port.Codec`)."""
    routes: Routes
    """A server that speaks the venue's API over the paper venue's books."""
    order_id: Callable[[int], str]
    """How its messages call the order that the books number so."""
    wanted: Callable[[Sample], Wanted]
    """Such an order as the codec is asked to place it: a price at which nobody else is there."""
    account: Callable[[int], str] = _account
    key: Callable[[str], str] = _key
    """The key of an account, as the venue's keys look."""
    ws_path: str | None = None
    """Where cancels are taken on a socket."""
    told: Callable[[str, str], Told] = _news
    """What a frame of the server's is, on the socket of a path: an answer, news, or a beat."""
    smallest: str = "0.000001"
    """The smallest part of a size that the venue takes."""
    says_how: bool = True
    """Its reads tell a lapse from a cancel."""


def loaded(name: str) -> VenueUnderTest:
    """The venue of a module: one of ours by its name, anybody's by its dotted path."""
    path = f"{__package__}.venues.{name}" if name in NAMES else name
    here = str(Path.cwd())
    if here not in sys.path:  # a module of whoever runs the kit, from where it is run
        sys.path.insert(0, here)
    try:
        module = import_module(path)
    except ImportError as error:
        raise NoVenue(
            f"{name}: {error}; --venue takes a module, or one of {', '.join(NAMES)}"
        ) from error
    found = getattr(module, "VENUE", None)
    if not isinstance(found, VenueUnderTest):
        raise NoVenue(f"{name}: has no VENUE; docs/howto/add-a-venue.md shows one")
    return found
