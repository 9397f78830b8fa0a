"""Logs to be followed: events of several accounts, stored as the program stores them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from uuid import UUID, uuid4

from adapters.bootstrap import opened
from adapters.eventlog.database import open_database
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.store import Store
from adapters.gateways.clients import Client, Scope
from adapters.settings import Settings
from domain.desk import BreakCommented
from domain.events import Event, Filled, OrderPlaced, Terms
from domain.notices import Check, CheckFailed, MessageRepeated
from domain.recorded import Pending
from domain.values import Account
from tests.building import NOON

ACME, RIVAL = Account("abp", "acme"), Account("abp", "rival")
QUOTED = Account("abp", 'ac"me\\é')
THERE = Account("predictstreet", "acme")
MACHINE = Account("breakwater", "-")
OWNERS = (ACME, RIVAL, QUOTED, THERE)
VENUES = ("abp", "predictstreet")


class EveryAccount:
    """A key `SCOPE:VENUE:ACCOUNT` for whatever it says, until it is revoked."""

    def __init__(self) -> None:
        self.revoked: set[str] = set()

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        scope, _, owner = secret.partition(":")
        at, _, account = owner.partition(":")
        if at != venue or secret in self.revoked:
            return None
        return Client(secret, Account(at, account), frozenset({Scope(scope)}))


def placed(owner: Account, note: str = "M1") -> Pending:
    """An order of its own."""
    return _pending(owner, OrderPlaced(terms=Terms(size=Decimal("10.50"), market=note)))


def filled(owner: Account, note: str = "f-1") -> Pending:
    """A match of an order of its own."""
    return _pending(owner, Filled(fill_id=note, size=Decimal(1)))


def commented(owner: Account, text: str = "they are slow to pay") -> Pending:
    """What somebody at the desk wrote about a break of the account."""
    return _pending(owner, BreakCommented(break_id=uuid4(), by="ann", text=text))


def noticed(owner: Account) -> Pending:
    """What is worth knowing about an account's recording."""
    event = MessageRepeated(venue=owner.venue, account=owner.account, ref="r")
    return _pending(owner, event)


def checked() -> Pending:
    """What a check of this machine found."""
    return _pending(MACHINE, CheckFailed(check=Check.LOG, what="a line is gone"))


def _pending(owner: Account, event: Event, stream: UUID | None = None) -> Pending:
    return Pending(stream or uuid4(), 1, owner, uuid4(), None, NOON, None, None, event)


def store(url: str, events: Sequence[Pending]) -> int:
    """Store them; the position of the last."""
    with opened(Settings(database_url=url)) as app:
        return app.store.append(events, (), (), (), ())[0]


def write_alone(url: str, seed: int, events: int) -> list[str]:
    """Append events of all accounts in batches of any size; their ids."""
    random = Random(seed)  # noqa: S311 - sizes, not secrets
    engine = open_database(url, durability="off")
    log = Store(SqlEventLog(engine))
    told: list[str] = []
    try:
        while len(told) < events:
            size = min(random.randint(1, 30), events - len(told))
            batch = [placed(random.choice(OWNERS), f"{seed}") for _ in range(size)]
            log.append(batch, (), (), (), ())
            told += [str(entry.event_id) for entry in batch]
    finally:
        engine.dispose()
    return told
