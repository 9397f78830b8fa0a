"""How the venue is spoken to: the calls for each scope, the reads, the feed. It sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.clients.hearing import NOTHING, Conversation, FeedPlace, Heard, Numbers, fields_of
from adapters.clients.port import Ask, CannotSay, Capabilities, Wanted, parts
from adapters.clients.words import body, number, together
from adapters.transport.http import HttpCall
from adapters.transport.pacing import Rate
from domain.requests import ScopeKind
from domain.values import plain

BATCH_MAX = 100
PAGE = "500"
_RATES = (Rate(200, 1),)


class PaperCodec:
    """The venue's words."""

    capabilities = Capabilities(
        scopes=frozenset(ScopeKind),
        batch_max=BATCH_MAX,
        cancel_rates=_RATES,
        read_rates=_RATES,
        looks_up=frozenset({ScopeKind.ORDERS, ScopeKind.REFERENCES, ScopeKind.USER_REF}),
        places_max=BATCH_MAX,
        lists_open=True,
    )
    feed = FeedPlace("/feed", "feed", beat_s=20, silence_s_max=60)

    def credentials(self, key: str, account: str) -> Mapping[str, str]:
        """The key; the account is the key's."""
        del account
        return {"x-api-key": key}

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """`POST /cancels`, a call for each batch, reference or market."""
        match ask.kind:
            case ScopeKind.ORDERS:
                ids = [str(number(value)) for value in ask.values]
                told: list[object] = [{"orders": list(part)} for part in parts(ids, BATCH_MAX)]
            case ScopeKind.REFERENCES:
                told = [{"references": list(some)} for some in parts(_named(ask), BATCH_MAX)]
            case ScopeKind.USER_REF:
                told = [{"userRef": value} for value in _named(ask)]
            case ScopeKind.MARKET:
                told = [{"market": value} for value in _named(ask)]
            case ScopeKind.ALL:
                told = [{"everything": True}]
        return [HttpCall("POST", "/cancels", body=body(each)) for each in told]

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """`GET /orders` with one filter."""
        match ask.kind:
            case ScopeKind.ORDERS:
                ids = [str(number(value)) for value in ask.values]
                queries = [("ids", ",".join(part)) for part in parts(ids, BATCH_MAX)]
            case ScopeKind.REFERENCES:
                queries = [("references", ",".join(some)) for some in parts(ask.values, BATCH_MAX)]
            case ScopeKind.USER_REF:
                queries = [("userRef", value) for value in _named(ask)]
            case _:
                raise CannotSay(f"orders cannot be looked up by {ask.kind.value}")
        return [HttpCall("GET", "/orders", (query, ("limit", PAGE))) for query in queries]

    def open_orders(self) -> Sequence[HttpCall]:
        """`GET /orders?state=open`: the first page."""
        return (HttpCall("GET", "/orders", (("state", "open"), ("limit", PAGE))),)

    def recent(self, since: datetime) -> Sequence[HttpCall]:
        """None: there is no filter by time."""
        del since
        return ()

    def next_page(self, call: HttpCall, answer: bytes) -> HttpCall | None:
        """The page after the order that `next` names."""
        after = fields_of(answer).get("next")
        if not isinstance(after, str):
            return None
        query = [pair for pair in call.query if pair[0] != "after"]
        return HttpCall(call.method, call.path, (*query, ("after", after)))

    def replay(self, after: str) -> HttpCall | None:
        """None: what was missed is read anew."""
        del after
        return None

    def places(self, wanted: Sequence[Wanted]) -> Sequence[HttpCall]:
        """`POST /orders`: an order is known by our reference until it has an id."""
        rows = [_row(one) for one in wanted]
        return [
            HttpCall("POST", "/orders", body=body({"orders": rows[start : start + BATCH_MAX]}))
            for start in range(0, len(rows), BATCH_MAX)
        ]

    def conversation(self, key: str) -> Conversation:
        """The key goes with the handshake."""
        del key
        return PaperFeed()


class PaperFeed:
    """To be connected is to listen; `n` counts the messages of the connection."""

    def __init__(self) -> None:
        self._numbers = Numbers()

    def opening(self) -> Sequence[bytes]:
        """Nothing."""
        return ()

    def heard(self, frame: bytes) -> Heard:
        """A number is noted."""
        told = fields_of(frame).get("n")
        if type(told) is int:
            self._numbers.saw(told)
        return NOTHING

    def beat(self) -> bytes | None:
        """The socket's own pings keep it."""
        return None

    @property
    def missing(self) -> bool:
        """Whether a number was jumped over."""
        return self._numbers.missing

    def covered(self) -> None:
        """Jumps so far do not count."""
        self._numbers.covered()


def _named(ask: Ask) -> Sequence[str]:
    """Each value once; raise `CannotSay` for one that names nothing."""
    if not all(value.strip() for value in ask.values):
        raise CannotSay(f"{ask.kind.value}: an empty name")
    return list(dict.fromkeys(ask.values))


def _row(one: Wanted) -> Mapping[str, object]:
    if one.reference is None:
        raise CannotSay("an order needs a reference")
    ours = {
        "reference": one.reference,
        "userRef": one.user_ref,
        "market": one.market,
        "selection": one.selection,
        "side": one.side.value,
        "price": plain(one.price),
        "size": plain(one.size),
    }
    return together(ours, one.more)
