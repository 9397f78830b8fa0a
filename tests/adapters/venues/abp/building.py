"""Messages of ABP's documented shapes with invented values; a test names what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.venues.abp.translate import AbpDialect
from domain.events import Terms
from domain.messages import CancelReply, CancelResult, Message, OrderMessage, Said
from domain.values import Account, Name, NameKind, Price, PriceFormat, Side
from domain.wire import Line

OWNER = Account("abp", "acme")
UUID_1 = "0b6f6f0e-0000-4000-8000-000000000001"
UUID_2 = "0b6f6f0e-0000-4000-8000-000000000002"
PLACED_AT = datetime(2031, 2, 3, 10, 0, 1, tzinfo=UTC)
CREATED_AT = datetime(2031, 2, 3, 10, 0, tzinfo=UTC)
FED_AT = datetime(2031, 2, 3, 10, 0, 2, tzinfo=UTC)
FED_MS = 1_927_879_202_000
NAMES = (Name(NameKind.VENUE, "9001"), Name(NameKind.CLIENT, UUID_1))

TERMS = Terms(
    size=Decimal(300),
    price=Price(Decimal("1.9"), PriceFormat.DECIMAL),
    side=Side.BUY,
    market="id2000000000000001",
    selection="101",
    currency="USD",
    user_ref="desk-7",
    placed_at=CREATED_AT,
    expires_at=datetime(2031, 2, 3, 11, 0, tzinfo=UTC),
)


def bet(**told: object) -> dict[str, Any]:
    """A confirmed bet of 120 USD at 1.93 inside an order's row."""
    return {
        "betId": 501,
        "orderId": 9001,
        "bookmaker": "sharpbet",
        "bookmakerBetId": "X-1",
        "placedPrice": Decimal("1.93"),
        "placedStake": 120,
        "placedCurrency": "USD",
        "placedAt": "2031-02-03T10:00:01+00:00",
        "betStatus": "CONFIRMED",
        "settlementStatus": "UNSETTLED",
        "clientName": "acme",
        "testBet": False,
        "userRef": "desk-7",
        "requestUuid": UUID_1,
        "declineReason": None,
        **told,
    }


def order(**told: object) -> dict[str, Any]:
    """An enriched order of 300 USD, pending, nothing matched."""
    return {
        "orderId": 9001,
        "requestUuid": UUID_1,
        "allowedBookmakers": "*",
        "fixtureId": "id2000000000000001",
        "outcomeId": 101,
        "playerId": 0,
        "orderPrice": Decimal("1.9"),
        "orderStake": 300,
        "filledStake": 0,
        "userRef": "desk-7",
        "testOrder": False,
        "orderCurrency": "USD",
        "back": True,
        "expiresAt": "2031-02-03T11:00:00+00:00",
        "acceptBetterOdds": True,
        "acceptPartialStake": True,
        "clientName": "acme",
        "orderStatus": "PENDING",
        "createdAt": "2031-02-03T10:00:00.000000+00:00",
        "updatedAt": "2031-02-03T10:00:00.000000+00:00",
        "meta": None,
        "bets": [],
        "fixtureInfo": {},
        "outcomeInfo": {},
        **told,
    }


def raw_row(**told: object) -> dict[str, Any]:
    """The order as the WebSocket has it: no bets, but what remains."""
    row = order(remainingStake=300, statusReason=None, filledAt=None, meta={}, client="acme")
    del row["bets"], row["fixtureInfo"], row["outcomeInfo"]
    return {**row, **told}


def line(direction: str, **told: Any) -> Line:  # noqa: ANN401 - the parts of a line
    """A line of a capture."""
    return Line(
        capture="c", seq=7, at=datetime(2031, 2, 3, 12, tzinfo=UTC), owner=OWNER,
        direction=direction, **told,
    )  # fmt: skip


def sent(method: str, path: str, body: object = None) -> Line:
    """An HTTP request of ours."""
    return line("sent", exchange="x", http={"method": method, "path": path, "body": body})


def received(body: object, status: object = 200) -> Line:
    """An HTTP answer."""
    return line("received", exchange="x", http={"status": status, "body": body})


def lost(kind: str) -> Line:
    """An answer that never came."""
    return line("lost", exchange="x", error={"kind": kind, "detail": "…"})


CANCEL = sent("POST", "/cancel-orders", {"orderIds": [9001]})
CANCEL_ALL = sent("POST", "/cancel-all-orders")
READ = sent("GET", "/orders")
PLACE = sent("POST", "/place-orders", {"orders": []})


def data(channel: str, event: str, payload: object, **told: object) -> Line:
    """A data message of the WebSocket."""
    frame = {"type": "data", "channel": channel, "event": event, "payload": payload,
             "ts": FED_MS, "seq": 12, **told}  # fmt: skip
    return line("received", ws={"channel": channel, "frame": frame})


def tell(one: Line, request: Line | None = None) -> list[Message]:
    """What the dialect makes of a line."""
    return list(AbpDialect().translate(one, request))


def answer(
    cancelled: Sequence[object] = (),
    refused: Sequence[object] = (),
    *,
    reason: object = "Order not cancellable",
    **told: object,
) -> Mapping[str, Any]:
    """The body of a cancel answer; `status` is what it always is."""
    return {
        "status": "cancelled",
        "cancelledCount": len(cancelled),
        "cancelled": list(cancelled),
        "notCancelled": {"reason": reason, "orders": list(refused)},
        **told,
    }


def reply_to(body: object, request: Line = CANCEL) -> CancelReply:
    """The reply in what a cancel answer tells; it comes last."""
    last = tell(received(body), request)[-1]
    assert isinstance(last, CancelReply)
    return last


def result_of(body: object) -> CancelResult:
    """The one result of a cancel answer."""
    (result,) = reply_to(body).results
    return result


def facts(messages: Sequence[Message]) -> list[Said]:
    """Everything said of orders, in order."""
    return [fact for one in messages if isinstance(one, OrderMessage) for fact in one.said]


def page(*rows: object) -> dict[str, object]:
    """The body of a read that found these rows."""
    return {"orders": list(rows), "count": len(rows), "hasMore": False, "nextCursor": None}


def said_of(row: Mapping[str, Any]) -> list[Any]:
    """Everything that a read says of the order in this row."""
    return facts(tell(received(page(row)), READ))
