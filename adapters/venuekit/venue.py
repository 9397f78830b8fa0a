"""What a module hands in to be tested: one venue, its words, and a server that speaks them.

A module of anybody's names it `VENUE`; `pytest --venue that.module` runs every scenario on it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.clients.port import Codec
from adapters.paper.operations import Told
from adapters.simulating import Routes
from adapters.transport.http import HttpCall
from domain.wire import Dialect

NAMES = ("abp", "fourcasters", "predictstreet")
"""The venues that are shipped: each is a module of this name in `adapters.venuekit.venues`."""


class NoVenue(ValueError):
    """The module cannot be imported, or hands in no venue."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that the kit wants to rest at the venue.

    `number` is new each time. `market` is 0 or 1, `size` a decimal's text, `user_ref` a tag: a
    venue that has no word for tags leaves it out.
    """

    number: int
    market: int = 0
    size: str = "100"
    user_ref: str = "kit"


@dataclass(frozen=True, slots=True)
class Listening:
    """How the account's feed is heard: where, and what to say first.

    `hello` is told the key and gives the frames; `headers` open the socket. `answers`: how many
    frames come before the first that tells of an order.
    """

    path: str
    channel: str
    hello: Callable[[str], Sequence[bytes]] = lambda _key: ()
    answers: int = 0


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
    place: Callable[[Wanted, str], HttpCall]
    """The request that places one order for an account."""
    placed: Callable[[Any], Sequence[str]]
    """The ids in the answer to that (JSON, read)."""
    account: Callable[[int], str] = _account
    key: Callable[[str], str] = _key
    """The key of an account, as the venue's keys look."""
    ws_path: str | None = None
    """Where cancels are taken on a socket."""
    feed: Listening | None = None
    """How the account's feed is heard; None: the venue has none, and is only asked."""
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
