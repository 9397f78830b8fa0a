"""Facts of every kind: one with all fields set, and any sequence of them."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, get_args

from hypothesis import strategies as st

from domain import events as e
from domain import notices, runs
from domain import requests as r
from domain.ids import derived
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind, Price, PriceFormat, Side
from tests.building import NOON, seconds

ORDER_EVENTS: tuple[type[Any], ...] = get_args(e.OrderEvent)

PRICE = Price(Decimal("1.95"), PriceFormat.DECIMAL)
CANCEL = derived("cancel", 1)
OTHER = derived("order", "another")
TERMS = e.Terms(
    size=Decimal(100),
    price=PRICE,
    side=Side.SELL,
    market="M1",
    selection="S1",
    currency="USD",
    time_in_force="GTC",
    user_ref="desk-7/42",
    placed_at=NOON,
    expires_at=seconds(3600.000001),
)
CLAIMS = e.Claims(
    status=Status.PARTIALLY_FILLED,
    raw_status="PARTIAL",
    size=Decimal(100),
    matched=Decimal(40),
    remaining=Decimal(50),
    cancelled=Decimal(4),
    lapsed=Decimal(3),
    voided=Decimal(3),
    price=PRICE,
    records=True,
)
SETTLEMENT = e.Settlement(
    result=e.Result.WON,
    raw_result="WON",
    profit=Decimal("38.24"),
    payout=Decimal("78.49"),
    fee=Decimal("0.38"),
    currency="USD",
    market_result="home",
    reason="final score",
    settled_at=NOON,
)
NAMES = (Name(NameKind.CLIENT, "c-1"), Name(NameKind.VENUE, "v-1"))

_FULL: dict[str, object] = {
    "terms": TERMS,
    "names": NAMES,
    "claims": CLAIMS,
    "report_id": "r-1",
    "raw_reason": "the venue’s own words",
    "source": e.Source.LIST,
    "name": NAMES[0],
    "other": OTHER,
    "into": OTHER,
    "size": Decimal("40.25"),
    "price": PRICE,
    "reason": "words",
    "fill_id": "f-1",
    "settlement": SETTLEMENT,
    "total": Decimal("30.25"),
    "waits": True,
    "against": OTHER,
    "order": OTHER,
    "account": "another desk",
    "duplicate": True,
    "split": True,
    "rest": Decimal("60.5"),
    "inferred": True,
    "provisional": True,
    "fee": Decimal("0.05"),
    "returns": False,
    "correction_id": "f-2",
    "cancel_id": CANCEL,
    "asked": "v-1",
    "whole": False,
    "matched": Decimal(40),
    "initiator": e.Initiator.VENUE,
    "requested": False,
    "mapped": False,
    "why": "timeout",
    "detail": "no answer in 10 s",
    "amend_ref": "a-1",
    "what": "fill",
    "ref": "f-1",
    "differs": True,
    "field": "status",
    "value": "NEVER SEEN",
}
"""A value for each field that any fact has; none of them is the default."""


def full(kind: type[Any]) -> Any:  # noqa: ANN401 - a fact of the kind asked for
    """A fact of this kind with every field set."""
    values: dict[str, Any] = {field.name: _FULL[field.name] for field in fields(kind)}
    if kind in {e.CancelRejected, e.AmendRejected}:
        values["reason"] = CancelRejectReason.OTHER
    return kind(**values)


OUTCOME = r.Outcome(
    outcome=r.OutcomeKind.REJECTED,
    asked="v-1",
    order=OTHER,
    venue_order_id="v-1",
    reason=CancelRejectReason.OTHER,
    raw_reason="no",
    mapped=False,
    cancelled=Decimal("0.5"),
    took_off=True,
)
_FULL_REQUEST: dict[str, object] = {
    **_FULL,
    "venue": "abp",
    "account": "desk-7",
    "scope": (r.Scope(r.ScopeKind.MARKET, ("M1", "M2")), r.Scope(r.ScopeKind.ALL)),
    "request_ref": "q-1",
    "requested_by": "a person",
    "why": "end of day",
    "asked": (r.AskedFor("v-1", OTHER), r.AskedFor("v-2")),
    "outcomes": (OUTCOME, r.Outcome(outcome=r.OutcomeKind.CANCELLED)),
    "count": 2,
    "reason": CancelRejectReason.RATE_LIMITED,
    "kind": "timeout",
    "capture": "night",
    "first": 3,
    "last": 5,
    "channel": "orders",
    "orders": 2,
    "at": "2026-02-07T12:00:00+00:00",
    "after": "1",
    "before": "5",
    "check": notices.Check.READ_MODELS,
    "run_id": derived("run", 1),
    "as_of": NOON,
    "complete": True,
    "inputs": (
        runs.InputRead(
            name="orders.json", sha256="ab" * 32, lists="orders", complete=True, rows=5, aside=1
        ),
    ),
    "figures": runs.Figures(
        rows=5, matched=2, differing=1, only_ours=1, only_theirs=1, by_aspect=(("size", 1),)
    ),
    "outcome": "cd" * 32,
    "books": 41,
    "parts": ("orders.json, line 5: not a number",),
    "difference": runs.Difference(
        aspect=runs.Aspect.SIZE,
        order=OTHER,
        name=NAMES[0],
        ref="f1",
        figure="size",
        ours="10",
        theirs="12",
        difference="2",
        file="orders.json",
        line=3,
        ours_by_ref=True,
        witness=(7, 9),
    ),
}


def full_request(kind: type[Any]) -> Any:  # noqa: ANN401 - a fact of the kind asked for
    """A fact of this kind about a request or the recording, with every field set."""
    return kind(**{field.name: _FULL_REQUEST[field.name] for field in fields(kind)})


SIZES = st.decimals(min_value="0.01", max_value=120, places=2)
SOME_ID = st.sampled_from(["1", "2", "3"])
SOME_CANCEL = st.sampled_from([derived("cancel", index) for index in (1, 2)])
REPORTS = st.none() | st.integers(min_value=1, max_value=10**9).map(str)
ANY: dict[str, st.SearchStrategy[Any]] = {
    "terms": st.sampled_from([TERMS, replace(TERMS, size=None), e.Terms()]),
    "names": st.sampled_from([NAMES, NAMES[:1], ()]),
    "claims": st.none() | st.sampled_from([CLAIMS, replace(CLAIMS, status=Status.CANCELLED)]),
    "report_id": REPORTS,
    "source": st.sampled_from(e.Source),
    "size": st.none() | SIZES,
    "price": st.none() | st.just(PRICE),
    "fill_id": SOME_ID.map(lambda text: f"f{text}"),
    "correction_id": SOME_ID.map(lambda text: f"f{text}"),
    "settlement": st.sampled_from(
        [
            SETTLEMENT,
            replace(SETTLEMENT, result=e.Result.VOID, payout=Decimal("40.25")),
            replace(SETTLEMENT, result=e.Result.LOST, settled_at=seconds(60)),
            e.Settlement(result=e.Result.WON),
        ]
    ),
    "total": SIZES,
    "rest": st.none() | SIZES,
    "inferred": st.booleans(),
    "provisional": st.booleans(),
    "returns": st.booleans(),
    "cancel_id": SOME_CANCEL,
    "whole": st.booleans(),
    "matched": st.none(),
    "requested": st.booleans(),
    "why": st.sampled_from(["timeout", "not_mentioned"]),
    "amend_ref": SOME_ID,
    "what": st.sampled_from(["fill", "cancel", "order", "message"]),
}
NEEDS_SIZE = frozenset({e.Filled, e.FillCorrected})


def any_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Facts of this kind."""
    values = {field.name: ANY.get(field.name, st.just(_FULL[field.name])) for field in fields(kind)}
    if kind in NEEDS_SIZE:
        values["size"] = SIZES
    if kind in {e.CancelRejected, e.AmendRejected}:
        values["reason"] = st.sampled_from(CancelRejectReason)
    if kind in {e.CancelPending, e.Cancelled, e.CancelRejected, e.DuplicateReported}:
        values["cancel_id"] = st.none() | SOME_CANCEL
    return st.builds(kind, **values)


ANY_FACT: st.SearchStrategy[e.OrderEvent] = st.one_of([any_of(kind) for kind in ORDER_EVENTS])
PLACED = st.just(e.OrderPlaced(terms=TERMS, names=NAMES[:1]))
ANY_LIFE = st.tuples(st.lists(PLACED, max_size=1), st.lists(ANY_FACT, max_size=12)).map(
    lambda parts: [*parts[0], *parts[1]]
)
"""Any sequence of facts, most of them impossible: a venue's word is never refused."""
