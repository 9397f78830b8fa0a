"""The cancels that we send: what each verb and each REST path declares as its scope.

A scope by game says in its further values how the request narrows it (`type=spread`); the first
value is always the game.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.venues.exact import read
from adapters.venues.fourcasters.wire import SentCancel
from domain.messages import Asked, CancelSent
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind

Scopes = tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A cancel of ours, read: what it declares and what its answer can be held against."""

    message: CancelSent
    ids: tuple[str, ...]
    request_ref: str | None
    single: bool
    """It names exactly one order, so that a refusal as a whole is that order's refusal."""
    complete: bool
    """Every order of ours in its scope must be in the answer."""


def sent_cancel(verb: str, payload: object, where: str) -> Sent | None:
    """The cancel that `verb` makes of `payload`; None when the verb cancels nothing."""
    scope_of = SCOPES.get(verb)
    if scope_of is None:
        return None
    told = read(SentCancel, payload, where)
    scopes = scope_of(told)
    ids = scopes[0].values if scopes[0].kind is ScopeKind.ORDERS else ()
    asked = tuple(Asked(text=text, name=Name(NameKind.VENUE, text)) for text in dict.fromkeys(ids))
    message = CancelSent(scope=scopes, asked=asked, request_ref=told.request_id)
    return Sent(
        message=message,
        ids=ids,
        request_ref=told.request_id,
        single=verb in SINGLE and len(ids) == 1,
        complete=bool(ids) or not any(_narrowed(scope) for scope in scopes),
    )


def _narrowed(scope: Scope) -> bool:
    """The answer lists only a part of what we hold in the scope: we cannot tell which."""
    return len(scope.values) > 1 or any(value.startswith("league=") for value in scope.values)


def _one(told: SentCancel) -> Scopes:
    return (Scope(ScopeKind.ORDERS, () if told.order_id is None else (told.order_id,)),)


def _many(told: SentCancel) -> Scopes:
    return (Scope(ScopeKind.ORDERS, told.order_ids),)


def _game(told: SentCancel) -> Scopes:
    """A missing game is kept as an empty scope: the break rules look for exactly that."""
    if told.game_id is None:
        return (Scope(ScopeKind.MARKET),)
    by = (("type", told.type), ("side", told.side), ("market", told.market))
    narrowed = tuple(f"{name}={value}" for name, value in by if value is not None)
    return (Scope(ScopeKind.MARKET, (told.game_id, *narrowed)),)


def _references(told: SentCancel) -> Scopes:
    """Orders of one game by our `userReference`, which several orders may share."""
    game = () if told.game_id is None else (f"gameID={told.game_id}",)
    references = dict.fromkeys(told.user_references)
    scopes = tuple(Scope(ScopeKind.USER_REF, (reference, *game)) for reference in references)
    return scopes or (Scope(ScopeKind.USER_REF),)


def _league(told: SentCancel) -> Scopes:
    """No message tells an order's league, so this touches no order of ours that we could name."""
    return (Scope(ScopeKind.MARKET, () if told.league is None else (f"league={told.league}",)),)


def _all(_told: SentCancel) -> Scopes:
    return (Scope(ScopeKind.ALL),)


SCOPES: Mapping[str, Callable[[SentCancel], Scopes]] = {
    "cancelById": _one,
    "cancelMultiple": _many,
    "cancelAllByGame": _game,
    "cancelAll": _all,
    "/session/cancel": _one,
    "/session/cancelMultiple": _many,
    "/session/cancelByReference": _references,
    "/session/cancelAllOrdersForGame": _game,
    "/session/cancelAllForLeague": _league,
    "/session/cancelAllOrders": _all,
    "/session/pauseOrders": _all,
    "/session/editOrder": _one,
    "/session/v4/editOrder": _one,
}
"""Every documented cancel, by its verb on the orders socket or its REST path.

An edit takes the order off before it puts another in its place; a pause takes all of them off.
"""

SINGLE = frozenset({"cancelById", "/session/cancel", "/session/editOrder", "/session/v4/editOrder"})
