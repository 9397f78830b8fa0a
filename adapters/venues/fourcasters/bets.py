"""Matched and graded bets, a row for each fill: its `txID`, and what leads to the order.

A row's `id` is the order that rested: ours when we posted it (`origin: offer`), the counterparty's
when we took it. Then only `wagerRequestID`, if it is told, leads to our order.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import AliasChoices, Field, field_validator

from adapters.venues.exact import Id, Moment, Number, Quantity, read
from adapters.venues.fourcasters.fields import Label
from adapters.venues.fourcasters.reads import TOTAL
from adapters.venues.fourcasters.terms import american, names, selection, terms
from adapters.venues.fourcasters.wire import Bet, Game
from domain.events import Filled, FillVoided, Source, UnknownValueSeen
from domain.messages import Message, OrderMessage, Said
from domain.wire import Unreadable

OFFER, WAGER = "offer", "wager"
TAKEN_BACK = frozenset({"refund", "refunded"})
OUTCOMES = frozenset({"winner", "loser", "push", "half-win", "half-loss"}) | TAKEN_BACK
CENT = Decimal("0.01")


class BetRow(Bet):
    """A fill in a list of bets. `risk` is rounded to the cent and has the commission in it."""

    tx_id: Id = Field(validation_alias=AliasChoices("txID", "txId"))
    id: Label = None
    origin: Label = None
    wager_request_id: Label = Field(None, validation_alias="wagerRequestID")
    bet: Quantity | None = None
    risk: Quantity | None = None
    fee: Number | None = None
    over_under: Label = Field(None, validation_alias="OU")
    spread: Number | None = None
    total: Number | None = None
    participant: Label = Field(None, validation_alias="participantID")
    matched_time: Moment | None = Field(None, validation_alias="matchedTime")
    outcome: Label = None
    admin_refund: bool | None = Field(None, validation_alias="adminRefund")
    game: Game = Field(default_factory=Game)

    @field_validator("id", mode="before")
    @classmethod
    def _not_loaded(cls, value: object) -> object:
        """`{"_id", "error"}` stands for an order that the venue could not load."""
        return None if isinstance(value, dict) else value


def bet_row(value: object) -> Sequence[Message]:
    """What a row tells: a match, and that it was taken back where it was refunded."""
    row = read(BetRow, value)
    if row.bet is None and row.risk is None:
        raise Unreadable("bet, risk: missing: nothing says how much was matched")
    own = row.id if row.origin == OFFER else None
    said: list[Said] = [
        Filled(fill_id=row.tx_id, size=_size(row), price=american(row.odds), fee=row.fee)
    ]
    if row.admin_refund or row.outcome in TAKEN_BACK:
        said.append(FillVoided(fill_id=row.tx_id, returns=False, reason=row.outcome))
    if row.outcome is not None and row.outcome not in OUTCOMES:
        said.append(UnknownValueSeen(field="outcome", value=row.outcome))
    return (
        OrderMessage(
            names=names(own, row.wager_request_id),
            terms=terms(game=row.game.id, picked=_picked(row), user_ref=row.user_reference),
            said=tuple(said),
            source=Source.LIST,
            occurred_at=row.matched_time,
        ),
    )


def _size(row: BetRow) -> Decimal:
    """What this fill matched: `bet`, unless `risk` shows that it is the size of the whole order.

    One document calls `bet` the stake on this fill, another the original size. `risk` has at least
    the fill's stake in it, so a smaller one says that `bet` is more than the fill.
    """
    if row.bet is None or (row.risk is not None and row.risk + CENT < row.bet):
        assert row.risk is not None, "one of them is there"
        return row.risk
    return row.bet


def _picked(row: BetRow) -> str | None:
    side = row.side or (row.over_under if row.type == TOTAL else row.participant)
    return selection(row.type, side, row.total if row.type == TOTAL else row.spread, row.market)
