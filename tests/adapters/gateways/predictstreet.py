"""PredictStreet's gateway for tests: keys of both kinds, wallets, and an order to place."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from adapters.gateways.clients import Client, Scope
from adapters.gateways.predictstreet.buckets import UNLIMITED, Limits
from adapters.gateways.predictstreet.routes import router
from adapters.gateways.predictstreet.rows import Settling
from adapters.gateways.predictstreet.socket import socket
from adapters.gateways.predictstreet.venue import Trip
from domain.values import Account
from tests.adapters.gateways.serving import EVERYTHING, Served, serving

VENUE = "predictstreet"
ACME, RIVAL, THIRD = "0x" + "a1" * 20, "0x" + "b2" * 20, "0x" + "c3" * 20


def key(letter: str) -> str:
    """A key of the documented form; its secret holds separators, as base64url may."""
    return f"ps_live_{letter * 16}_{letter * 20}_-{letter * 21}"


OWN, OTHERS, MANY, READER, CANCELLER, PLACER, NAMELESS = map(key, "1234567")
STRANGER = key("9")


class WalletKeys:
    """Keys in memory: of one wallet, of any wallet, of less than everything, of no wallet."""

    def __init__(self) -> None:
        own = Account(VENUE, ACME.upper().replace("X", "x"))
        self.known = {
            OWN: Client("1" * 16, own, EVERYTHING),
            OTHERS: Client("2" * 16, Account(VENUE, RIVAL), EVERYTHING),
            MANY: Client("3" * 16, Account(VENUE, "*"), EVERYTHING),
            READER: Client("4" * 16, own, frozenset({Scope.READ})),
            CANCELLER: Client("5" * 16, own, frozenset({Scope.CANCEL})),
            PLACER: Client("6" * 16, own, frozenset({Scope.PLACE})),
            NAMELESS: Client("7" * 16, Account(VENUE, "acme"), EVERYTHING),
        }

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        return self.known.get(secret) if venue == VENUE else None


@contextmanager
def street(
    limits: Limits = UNLIMITED,
    trips: dict[str, Trip] | None = None,
    recheck_s: float = 60,
    keys: WalletKeys | None = None,
) -> Generator[Served]:
    """Serve PredictStreet until the block ends; `trips` may be filled while it runs."""
    wrong: dict[str, Trip] = {} if trips is None else trips
    with serving(
        VENUE,
        lambda frame, feed: [
            router(frame, limits, Settling(), wrong.get),
            socket(frame, feed, recheck_s),
        ],
        keys or WalletKeys(),
    ) as served:
        yield served


def order(**changed: object) -> dict[str, Any]:
    """A buy of 100 at 0.40, but for what is changed; a change to `...` leaves the field out."""
    told: dict[str, object] = {
        "marketId": "XYZ-BIN-1",
        "side": "buy",
        "outcome": "0",
        "price": "0.40",
        "quantity": "100",
        "nonce": "1",
        "expiry": 0,
        "maker": "0x" + "d4" * 20,
        "signature": "0x" + "5e" * 65,
        **changed,
    }
    return {name: value for name, value in told.items() if value is not ...}
