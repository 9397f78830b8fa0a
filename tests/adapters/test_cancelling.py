"""What leaves is never wider than what was declared, whatever is asked and whatever we hold."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import App, opened
from adapters.cancelling import Ambiguous, plan_of
from adapters.clients.abp import AbpCodec
from adapters.clients.fourcasters import FourcastersCodec
from adapters.clients.port import Ask, Call, CannotSay, Codec, SocketCall
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.settings import Settings
from domain.requests import ScopeKind
from domain.values import Account
from projections.tables import orders

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
numbers = itertools.count(1)
CODECS: Mapping[str, Codec] = {
    "abp": AbpCodec(),
    "predictstreet": PredictStreetCodec(),
    "fourcasters": FourcastersCodec(lambda: f"r{next(numbers)}"),
}
GAMES = ("a" * 24, "b" * 24)
TAGS = ("desk-7", "desk-8")


class Held(NamedTuple):
    """An order in our books."""

    key: str
    venue_id: str | None
    reference: str | None
    tag: str
    market: str
    account: str
    is_open: bool


def held_at(venue: str) -> list[Held]:
    """Orders of two accounts, in two markets, under two tags, open and over, named and not."""
    spelt = {"abp": "{}", "predictstreet": "p-{}", "fourcasters": "{:024x}"}[venue]
    found: list[Held] = []
    variety = itertools.product(("acme", "rival"), GAMES, TAGS, (True, False), (True, False))
    for number, (account, game, tag, is_open, named) in enumerate(variety, 1):
        venue_id = spelt.format(number) if named else None
        reference = f"ref-{number}"
        key = f"{venue}-{number}"
        found.append(Held(key, venue_id, reference, tag, game, account, is_open))
    return found


BOOKS = {venue: held_at(venue) for venue in CODECS}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    path: Path = tmp_path_factory.mktemp("books") / "books.db"
    with opened(Settings(database_url=f"sqlite:///{path}")) as app:
        with app.writing() as connection:
            for venue, rows in BOOKS.items():
                connection.execute(orders.insert(), [row_of(venue, held) for held in rows])
        yield app


def row_of(venue: str, held: Held) -> dict[str, Any]:
    ten, none = Decimal(10), Decimal(0)
    left = ten if held.is_open else none
    return {
        "order_key": held.key, "venue": venue, "account": held.account,
        "venue_order_id": held.venue_id, "client_order_id": held.reference, "user_ref": held.tag,
        "market": held.market, "side": "BUY", "price": Decimal("0.5"), "price_format": "plain",
        "size": ten, "matched": none, "remaining": left, "cancelled": ten - left,
        "lapsed": none, "voided": none, "status": "NEW" if held.is_open else "CANCELLED",
        "cancel_pending": False, "replace_pending": False, "certain": True, "remaining_min": left,
        "remaining_max": left, "updated_at": NOON, "last_position": 1, "is_open": held.is_open,
    }  # fmt: skip


class Said(NamedTuple):
    """What the calls reach: orders by id, by reference, and whole scopes."""

    ids: set[str]
    references: set[str]
    scopes: set[tuple[ScopeKind, str]]


def reach(calls: list[Call]) -> Said:
    """Every order and scope that the calls name; fails on a filter that it does not know."""
    said = Said(set(), set(), set())
    for call in calls:
        if isinstance(call, SocketCall):
            verb, payload = json.loads(call.frame)
            payload.pop("requestID")
            is_all = verb == "cancelAll"
        else:
            payload = json.loads(call.body or b"{}")
            is_all = call.path.endswith(("cancel-all", "cancel-all-orders"))
        assert payload or is_all, f"an empty filter: {call}"
        if not payload:
            said.scopes.add((ScopeKind.ALL, ""))
        for name, value in payload.items():
            if name in {"orderIds", "orderIDs"}:
                said.ids.update(map(str, value))
            elif name == "orderId":
                said.ids.add(value)
            elif name == "requestUuids":
                said.references.update(value)
            elif name == "userRef":
                said.scopes.add((ScopeKind.USER_REF, value))
            else:
                assert name in {"marketId", "gameId"}, name
                said.scopes.add((ScopeKind.MARKET, value))
    return said


def declared(ask: Ask, held: Held) -> bool:
    """The order is in the declared scope."""
    if held.account != "acme":
        return False
    by_kind: dict[ScopeKind, set[str | None]] = {
        ScopeKind.ORDERS: {held.key, held.venue_id, held.reference},
        ScopeKind.REFERENCES: {held.reference},
        ScopeKind.USER_REF: {held.tag},
        ScopeKind.MARKET: {held.market},
        ScopeKind.ALL: set(),
    }
    return ask.kind is ScopeKind.ALL or bool(by_kind[ask.kind].intersection(ask.values))


def values_at(venue: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Names and tags that are held, and some that are not, of every kind."""
    rows = BOOKS[venue]
    known = [name for row in rows for name in (row.key, row.venue_id, row.reference) if name]
    free = st.sampled_from(["999", "f" * 24, "none", "*", "%", "desk-7,desk-8"])
    any_name = st.one_of(st.sampled_from(known), st.sampled_from((*GAMES, *TAGS)), free)
    return st.lists(any_name, max_size=6).map(tuple)


@pytest.mark.parametrize("venue", CODECS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), kind=st.sampled_from(ScopeKind))
def test_what_leaves_is_never_wider_than_what_was_declared(
    app: App, venue: str, data: st.DataObject, kind: ScopeKind
) -> None:
    codec, values = CODECS[venue], () if kind is ScopeKind.ALL else data.draw(values_at(venue))
    try:
        ask = Ask(kind, values)
        plan = plan_of(app, Account(venue, "acme"), codec, ask)
        said = reach([call for each in plan.asks for call in codec.cancels(each)])
    except (CannotSay, Ambiguous):
        return  # nothing leaves
    inside = [held for held in BOOKS[venue] if declared(ask, held)]
    told_as_is = set(values) if kind is ScopeKind.ORDERS else set[str]()
    references = set(values) if kind is ScopeKind.REFERENCES else set[str]()
    assert said.ids <= {held.venue_id for held in inside if held.venue_id} | told_as_is
    assert said.references <= {held.reference for held in inside if held.reference} | references
    allowed = {(ScopeKind.ALL, "")} if kind is ScopeKind.ALL else {(kind, v) for v in values}
    assert said.scopes <= allowed
    assert {order["order_key"] for order in plan.orders} <= {held.key for held in inside}


@pytest.mark.parametrize("venue", CODECS)
@pytest.mark.parametrize("kind", [kind for kind in ScopeKind if kind is not ScopeKind.ALL])
def test_a_scope_in_which_nothing_is_held_never_becomes_everything(
    app: App, venue: str, kind: ScopeKind
) -> None:
    codec = CODECS[venue]
    plan = plan_of(app, Account(venue, "nobody"), codec, Ask(kind, ("d" * 24,)))
    try:
        said = reach([call for each in plan.asks for call in codec.cancels(each)])
    except CannotSay:
        return
    assert (ScopeKind.ALL, "") not in said.scopes
    assert not plan.orders
