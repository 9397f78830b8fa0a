"""What a cancel asks for, as declared: no wider, no narrower."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.messages import Asked, CancelSent
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Unreadable
from tests.adapters.venues.abp.building import UUID_1, UUID_2, sent, tell

NON_HEX = "0b6f6f0e-0000-4000-8eh9-000000000001"


def by_id(text: str, value: str | None = None) -> Asked:
    return Asked(text=text, name=Name(NameKind.VENUE, value or text))


def by_ref(text: str, value: str | None = None) -> Asked:
    return Asked(text=text, name=Name(NameKind.CLIENT, value or text))


@pytest.mark.parametrize(
    ("body", "scope", "asked"),
    [
        pytest.param(
            {"orderIds": [9001, 9002], "requestUuids": None, "userRef": None},
            (Scope(ScopeKind.ORDERS, ("9001", "9002")),),
            (by_id("9001"), by_id("9002")),
            id="ids name the venue's orders; null filters are none",
        ),
        pytest.param(
            {"orderIds": [9001, "9001", Decimal("9001.0"), 9002]},
            (Scope(ScopeKind.ORDERS, ("9001", "9001", "9001.0", "9002")),),
            (by_id("9001"), by_id("9002")),
            id="an id asked for again stays in the scope and is asked once",
        ),
        pytest.param(
            {"requestUuids": [UUID_1, UUID_2]},
            (Scope(ScopeKind.REFERENCES, (UUID_1, UUID_2)),),
            (by_ref(UUID_1), by_ref(UUID_2)),
            id="request UUIDs are our references",
        ),
        pytest.param(
            {"requestUuids": [UUID_1.upper(), UUID_1]},
            (Scope(ScopeKind.REFERENCES, (UUID_1.upper(), UUID_1)),),
            (by_ref(UUID_1.upper(), UUID_1),),
            id="a UUID in capitals is the same UUID",
        ),
        pytest.param(
            {"requestUuids": [NON_HEX]},
            (Scope(ScopeKind.REFERENCES, (NON_HEX,)),),
            (by_ref(NON_HEX),),
            id="the sample's UUID with letters beyond f is one",
        ),
        pytest.param(
            {"userRef": "desk-7"},
            (Scope(ScopeKind.USER_REF, ("desk-7",)),),
            (),
            id="a user reference names no single order",
        ),
        pytest.param(
            {"orderIds": [9001], "requestUuids": [UUID_2], "userRef": "desk-7"},
            (
                Scope(ScopeKind.ORDERS, ("9001",)),
                Scope(ScopeKind.REFERENCES, (UUID_2,)),
                Scope(ScopeKind.USER_REF, ("desk-7",)),
            ),
            (by_id("9001"), by_ref(UUID_2)),
            id="filters are joined by OR: one scope each",
        ),
        pytest.param(
            {"orderIds": []},
            (Scope(ScopeKind.ORDERS, ()),),
            (),
            id="an empty list of ids is a cancel by ids that names none",
        ),
        pytest.param(
            {}, (Scope(ScopeKind.ORDERS, ()),), (), id="no filter at all is never a cancel of all"
        ),
        pytest.param(
            None, (Scope(ScopeKind.ORDERS, ()),), (), id="no body at all is never a cancel of all"
        ),
        pytest.param(
            {"orderIds": ["none-such"]},
            (Scope(ScopeKind.ORDERS, ("none-such",)),),
            (by_id("none-such"),),
            id="an id of the wrong form was asked for all the same",
        ),
        pytest.param(
            {"order_ids": [9001], "note": {"mine": 1}},
            (Scope(ScopeKind.ORDERS, ("9001",)),),
            (by_id("9001"),),
            id="snake case is read, fields of later generations are kept and ignored",
        ),
    ],
)
def test_filters_become_the_declared_scope(
    body: object, scope: tuple[Scope, ...], asked: tuple[Asked, ...]
) -> None:
    assert tell(sent("POST", "/cancel-orders", body)) == [CancelSent(scope=scope, asked=asked)]


def test_cancel_all_is_everything() -> None:
    assert tell(sent("POST", "/cancel-all-orders")) == [CancelSent(scope=(Scope(ScopeKind.ALL),))]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param([9001], "body", id="a bare list"),
        pytest.param({"orderIds": 9001}, "orderIds", id="one id that is no list"),
        pytest.param({"orderIds": [None]}, "orderIds", id="a null among the ids"),
        pytest.param({"orderIds": [True]}, "orderIds", id="a truth value among the ids"),
        pytest.param({"userRef": ["a"]}, "userRef", id="a list for the user reference"),
        pytest.param({"$text": "a=b"}, "not JSON", id="a body that is no JSON"),
        pytest.param({"$base64": "AA=="}, "not JSON", id="a body that is no text"),
    ],
)
def test_a_request_of_another_shape_is_set_aside_by_field(body: object, names: str) -> None:
    with pytest.raises(Unreadable, match=names):
        tell(sent("POST", "/cancel-orders", body))
