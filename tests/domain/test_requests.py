"""What a request asked for: the orders it touches, the names nobody knows, how wide it is."""

from __future__ import annotations

import pytest

from domain.requests import AskedFor, CancelOpened, Scope, ScopeKind
from tests.domain.facts import OTHER

KNOWN, UNKNOWN, IN_SCOPE = AskedFor("1", OTHER), AskedFor("2"), AskedFor(None, OTHER)


def opened(*scope: Scope) -> CancelOpened:
    """A request with this scope, for an order by name, one that nobody knows, one in scope."""
    asked = (KNOWN, UNKNOWN, IN_SCOPE)
    return CancelOpened(venue="abp", account="a", scope=scope, asked=asked)


def test_it_touches_the_orders_that_are_known() -> None:
    assert opened().touched == (OTHER, OTHER)


def test_it_names_what_nobody_knows() -> None:
    assert opened().unknown == ("2",)


@pytest.mark.parametrize(
    ("kinds", "explicit"),
    [
        pytest.param([ScopeKind.ORDERS], True, id="ids"),
        pytest.param([ScopeKind.ORDERS, ScopeKind.REFERENCES], True, id="ids and references"),
        pytest.param([ScopeKind.ORDERS, ScopeKind.MARKET], False, id="ids or a market"),
        pytest.param([ScopeKind.USER_REF], False, id="a user reference"),
        pytest.param([ScopeKind.ALL], False, id="everything"),
    ],
)
def test_only_names_are_explicit(kinds: list[ScopeKind], *, explicit: bool) -> None:
    assert opened(*(Scope(kind) for kind in kinds)).explicit is explicit
