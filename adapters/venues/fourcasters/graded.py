"""Graded bets over REST: the money of each match, which may be graded again.

A row is keyed by its match (`txID`); of several the one that was settled last counts. Who refunds a
bet declares it void: the stake comes back as if it had never matched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from adapters.venues.exact import Moment, Number, read
from adapters.venues.fourcasters.bets import OFFER, BetRow
from adapters.venues.fourcasters.fields import fields_of, items_of
from adapters.venues.fourcasters.terms import CURRENCY, names
from domain.events import Result, Settled, Settlement, Source, UnknownValueSeen
from domain.messages import Message, Notice, OrderMessage, Said
from domain.notices import UnreadableValue
from domain.values import Account
from domain.wire import Unreadable

RESULTS: Mapping[str, Result] = {
    "winner": Result.WON,
    "loser": Result.LOST,
    "half-win": Result.HALF_WON,
    "half-loss": Result.HALF_LOST,
    "push": Result.PUSH,
    "refund": Result.VOID,
    "refunded": Result.VOID,
}
"""Both documents' words for how a bet was graded."""


class GradedRow(BetRow):
    """A graded bet. `result` is signed, and absent while the outcome is not known."""

    result: Number | None = None
    settled_at: Moment | None = Field(None, validation_alias="settledAt")


def graded(owner: Account, body: object) -> list[Message]:
    """The rows of `data.graded[]`; one that cannot be read is noted."""
    data = fields_of(fields_of(body, "body").get("data"), "body.data")
    return graded_rows(owner, items_of(data.get("graded", ()), "body.data.graded"))


def graded_rows(owner: Account, rows: Sequence[object]) -> list[Message]:
    """What each graded bet tells of the order that it was a match of."""
    told: list[Message] = []
    for index, row in enumerate(rows):
        where = f"body.data.graded.{index}"
        try:
            told.extend(_graded(read(GradedRow, row, where)))
        except Unreadable as reason:
            note = UnreadableValue(
                venue=owner.venue, account=owner.account, field=where, value=str(reason)
            )
            told.append(Notice(event=note))
    return told


def _graded(row: GradedRow) -> list[Message]:
    """Nothing of a bet that is not graded yet, nor of one whose row names no order of ours."""
    word = (row.outcome or "").strip().casefold()
    if not word and row.result is None and not row.admin_refund:
        return []
    own = names(row.id if row.origin == OFFER else None, row.wager_request_id)
    if not own:
        return []
    result = Result.VOID if row.admin_refund else RESULTS.get(word)
    settlement = Settlement(
        result=result,
        raw_result=row.outcome,
        profit=row.result,
        fee=row.fee,
        currency=CURRENCY,
        settled_at=row.settled_at,
    )
    said: list[Said] = [Settled(fill_id=row.tx_id, settlement=settlement)]
    if word and word not in RESULTS:
        said.append(UnknownValueSeen(field="outcome", value=row.outcome or ""))
    return [
        OrderMessage(
            names=own,
            said=tuple(said),
            source=Source.LIST,
            known_only=True,
            occurred_at=row.settled_at,
        )
    ]
