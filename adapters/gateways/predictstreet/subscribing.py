"""The commands of the user feed: what a connection is subscribed to, and how each is answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from adapters.gateways.clients import Client, Scope
from adapters.gateways.predictstreet.calling import WALLET
from adapters.gateways.predictstreet.feeds import OF_THE_MARKET, VAULTS, WALLETS_OWN
from adapters.gateways.predictstreet.refusals import clean
from adapters.gateways.predictstreet.rows import Row

SUBSCRIPTIONS_MAX = 256
IDS_MAX = 100
ECHO_MAX = 100
_SAFE = 2**53

Vaults = Callable[[], Collection[str]]


class NotDone(Exception):
    """A command, or one subscription of it, that is refused with a documented code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(slots=True)
class Subscription:
    """One subscription of a connection: `ids` for the channels that have them."""

    channel: str
    ids: tuple[str, ...] = ()

    def told(self, sid: int) -> Row:
        """As acknowledgements and lists show it."""
        ids = {"ids": list(self.ids)} if self.channel == VAULTS else {}
        return {"sid": sid, "channel": self.channel, **ids}


@dataclass(slots=True)
class Subscriptions:
    """What one connection hears. `vaults` are those that the wallet has traded from."""

    client: Client
    vaults: Vaults
    held: dict[int, Subscription] = field(default_factory=dict[int, Subscription])
    _last: int = 0

    def sids_of(self, channel: str) -> list[int]:
        """The subscriptions to a channel."""
        return [sid for sid, held in self.held.items() if held.channel == channel]

    def answer(self, command: Mapping[str, Any], now_ms: int) -> Row:
        """Do what a command says; the answer to it, refusals included."""
        echo = _echo(command.get("id"))
        try:
            answer = self._done(command, now_ms)
        except NotDone as refusal:
            answer = {"type": "error", "code": refusal.code, "message": str(refusal)}
        return {"id": echo, **answer, "serverTs": now_ms}

    def _done(self, command: Mapping[str, Any], now_ms: int) -> Row:
        asked = _members(command.get("params", {}))
        match command.get("cmd"):
            case "subscribe":
                return self._subscribe(asked)
            case "update_subscription":
                return self._update(asked)
            case "unsubscribe":
                return self._unsubscribe(asked)
            case "list_subscriptions":
                rows = [held.told(sid) for sid, held in self.held.items()]
                return {"type": "subscriptions", "subscriptions": rows}
            case "ping":
                return {"type": "pong", "ts": now_ms}
            case "get_book_snapshot":
                raise NotDone("forbidden", "books are told by /ws/market")
            case _:
                raise NotDone("invalid_params", "no such command")

    def _subscribe(self, params: Mapping[str, Any]) -> Row:
        wanted: object = params.get("subscriptions")
        if not isinstance(wanted, list) or not wanted:
            raise NotDone("invalid_params", "subscriptions is no list of subscriptions")
        accepted: list[Row] = []
        rejected: list[Row] = []
        for one in cast("list[object]", wanted):
            asked = cast("Mapping[str, Any]", one if isinstance(one, dict) else {})
            try:
                accepted.append(self._accepted(asked))
            except NotDone as refusal:
                channel = clean(asked.get("channel"))[:ECHO_MAX]
                told = {"channel": channel, "code": refusal.code, "message": str(refusal)}
                rejected.append(told)
        return {"type": "subscribed", "accepted": accepted, "rejected": rejected}

    def _accepted(self, asked: Mapping[str, Any]) -> Row:
        channel = asked.get("channel")
        if not isinstance(channel, str):
            raise NotDone("invalid_params", "channel is no name")
        if channel in OF_THE_MARKET:
            raise NotDone("forbidden", "a public channel: use /ws/market")
        if channel not in WALLETS_OWN and channel != VAULTS:
            raise NotDone("invalid_params", "no such channel")
        if not self.client.may(Scope.READ):
            raise NotDone("api_key_scope_missing", f"channel {channel} needs portfolio:read")
        if channel in WALLETS_OWN and "ids" in asked:
            raise NotDone("invalid_params", f"channel {channel} takes no ids")
        ids = self._ids(asked.get("ids")) if channel == VAULTS else ()
        if len(self.held) >= SUBSCRIPTIONS_MAX:
            raise NotDone(
                "subscription_cap_exceeded", f"a connection holds at most {SUBSCRIPTIONS_MAX}"
            )
        self._last += 1
        self.held[self._last] = held = Subscription(channel, ids)
        return held.told(self._last)

    def _ids(self, told: object) -> tuple[str, ...]:
        """Vaults of the wallet, lower-cased, each once."""
        if not isinstance(told, list) or not told:
            raise NotDone("invalid_params", f"channel {VAULTS} needs ids")
        found: dict[str, None] = {}
        for one in cast("list[object]", told):
            if not isinstance(one, str) or WALLET.fullmatch(one) is None:
                raise NotDone("invalid_params", "an id is no address")
            found[one.lower()] = None
        if len(found) > IDS_MAX:
            raise NotDone("subscription_too_many_ids", "subscription accepts at most 100 ids")
        if not found.keys() <= set(self.vaults()):
            raise NotDone("forbidden", "a vault that the key does not cover")
        return tuple(found)

    def _update(self, params: Mapping[str, Any]) -> Row:
        sid = params.get("sid")
        held = self.held.get(sid) if type(sid) is int else None
        if held is None or held.channel != VAULTS:
            raise NotDone("invalid_params", "sid names no subscription that has ids")
        more = self._ids(params["add_ids"]) if "add_ids" in params else ()
        less = self._ids(params["remove_ids"]) if "remove_ids" in params else ()
        left = tuple(one for one in dict.fromkeys((*held.ids, *more)) if one not in less)
        if len(left) > IDS_MAX:
            raise NotDone("subscription_too_many_ids", "subscription accepts at most 100 ids")
        held.ids = left
        return {"type": "subscription_updated", **held.told(cast("int", sid))}

    def _unsubscribe(self, params: Mapping[str, Any]) -> Row:
        """End subscriptions; one that there is not is passed over."""
        told = params.get("sids", [params.get("sid")])
        if not isinstance(told, list):
            raise NotDone("invalid_params", "sids is no list")
        sids = [sid for sid in cast("list[object]", told) if type(sid) is int]
        removed = [sid for sid in sids if self.held.pop(sid, None) is not None]
        return {"type": "unsubscribed", "sids": removed}


def _members(params: object) -> Mapping[str, Any]:
    if not isinstance(params, dict):
        raise NotDone("invalid_params", "params is no object")
    return cast("Mapping[str, Any]", params)


def _echo(told: object) -> str | int | None:
    """The client's own id for a command, as far as it can be said again."""
    if type(told) is int and abs(told) < _SAFE:
        return told
    return clean(told)[:ECHO_MAX] if isinstance(told, str) else None
