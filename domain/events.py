"""What happens to an order: immutable facts in the desk's past tense.

A fact carries what was said and nothing that can be derived. Sizes are in the order's own unit
(stake or tokens), prices in the venue's format. `Claims` is what the venue says of its own state
beside the fact; it never changes ours, it is held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.desk import DeskEvent
from domain.lifecycle import Status
from domain.making import quickly_made
from domain.notices import NoticeEvent
from domain.reasons import CancelRejectReason
from domain.requests import RequestEvent
from domain.runs import RunEvent
from domain.values import Choice, Name, Price, Side


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order is, as far as somebody told; None means not told."""

    size: Decimal | None = None
    price: Price | None = None
    side: Side | None = None
    market: str | None = None
    selection: str | None = None
    currency: str | None = None
    time_in_force: str | None = None
    user_ref: str | None = None
    placed_at: datetime | None = None
    expires_at: datetime | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The venue's word on its own state at this report; None means not told.

    `raw_status` is the venue's word, `status` its translation (None when it has none).
    `records` is true when the report came with the complete list of its matches. `average` is the
    average price of the matches, by size.
    """

    status: Status | None = None
    raw_status: str | None = None
    size: Decimal | None = None
    matched: Decimal | None = None
    remaining: Decimal | None = None
    cancelled: Decimal | None = None
    lapsed: Decimal | None = None
    voided: Decimal | None = None
    price: Price | None = None
    records: bool = False
    average: Price | None = None


class Source(Choice):
    """What sort of message made an order known that nobody here had placed."""

    REPORT = "report"
    FILL = "fill"
    LIST = "list"
    CANCEL = "cancel"


class Result(Choice):
    """How a bet ended."""

    WON = "won"
    LOST = "lost"
    HALF_WON = "half_won"
    HALF_LOST = "half_lost"
    PUSH = "push"
    VOID = "void"
    CASHED_OUT = "cashed_out"


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The money that came of a match; None means not told.

    `profit` is what was won or lost, `payout` what came back, the stake included: venues tell one
    or the other. `result` is None where the venue's word (`raw_result`) is in no table.
    """

    result: Result | None = None
    raw_result: str | None = None
    profit: Decimal | None = None
    payout: Decimal | None = None
    fee: Decimal | None = None
    currency: str | None = None
    market_result: str | None = None
    reason: str | None = None
    settled_at: datetime | None = None


class Initiator(Choice):
    """Who took the order off the book."""

    US = "us"
    VENUE = "venue"


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """We sent the order to the venue."""

    terms: Terms
    names: tuple[Name, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOutcomeUnknown:
    """We sent the order and nothing says whether the venue has it.

    `why`: timeout, disconnected, unreadable, venue_error.
    """

    why: str
    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNotSent:
    """The order never left this side: nothing of it is live or ever was."""

    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPending:
    """The venue has the order and has not decided yet (FIX PendingNew)."""

    claims: Claims | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted:
    """The venue took the order onto its book."""

    terms: Terms = Terms()
    names: tuple[Name, ...] = ()
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRejected:
    """The venue refused the order; nothing of it is live.

    `duplicate`: it says that an order with this reference exists already.
    """

    raw_reason: str | None = None
    duplicate: bool = False
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRefused:
    """The venue refused another order that was sent under this one's reference; this one stays."""

    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDiscovered:
    """A venue's message named an order that nobody here had placed as far as the log knows."""

    source: Source
    terms: Terms = Terms()
    names: tuple[Name, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIdentified:
    """Further names of the order became known."""

    names: tuple[Name, ...]


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRefReused:
    """The client reference of this order already belongs to another order."""

    name: Name
    other: UUID


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementSeen:
    """The venue tells of another order, `order`, under the name of our change of this one."""

    amend_ref: str
    order: UUID


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMerged:
    """This stream and `into` turned out to be one order; its facts were told again there."""

    into: UUID


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReported:
    """The venue told the order's state without saying that anything happened."""

    terms: Terms = Terms()
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRestated:
    """The venue changed the order's terms by itself, or renewed it.

    `split`: by a corporate action, which changes what a unit is. What has matched counts anew, too.
    """

    size: Decimal | None = None
    price: Price | None = None
    reason: str | None = None
    split: bool = False
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The venue matched part of the order.

    `inferred`: only a running total or a cancel's figures tell of it, no record does. `against` is
    the order of ours that stood on the other side, when it was one of ours.
    """

    fill_id: str
    size: Decimal
    price: Price | None = None
    inferred: bool = False
    provisional: bool = False
    fee: Decimal | None = None
    claims: Claims | None = None
    report_id: str | None = None
    against: UUID | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class TotalTold:
    """A running total of the venue is lower than what we hold as matched, or is no longer.

    It takes nothing back: which match fell, if one did, only its own record says.
    """

    total: Decimal


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class FillConfirmed:
    """A match that could still be taken back is final now."""

    fill_id: str


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class FillVoided:
    """A match was taken back. `returns`: the size goes back on the book if the order is live.

    `waits`: nobody here knows the match; until it is told, nothing is taken from anything.
    """

    fill_id: str
    size: Decimal | None = None
    returns: bool = True
    waits: bool = False
    reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class FillCorrected:
    """A match was replaced by one of another size or price; `fill_id` is the one replaced.

    `waits`: nobody here knows the match; until it is told, nothing is corrected.
    """

    fill_id: str
    correction_id: str
    size: Decimal
    price: Price | None = None
    waits: bool = False
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequested:
    """A cancel request of ours touches this order. `size` None asks for all that remains."""

    cancel_id: UUID
    asked: str | None = None
    size: Decimal | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPending:
    """The venue has the cancel and has not decided yet (FIX PendingCancel)."""

    cancel_id: UUID | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The venue took size off the book.

    `size` None, or `whole` true: the order is off the book. `size` is what the venue says the
    cancel took; `whole` false takes only that much. `matched` is the matched total that the answer
    told. `requested` is false for an order in an answer that nobody had asked for.
    """

    cancel_id: UUID | None = None
    size: Decimal | None = None
    whole: bool = True
    matched: Decimal | None = None
    initiator: Initiator = Initiator.US
    requested: bool = True
    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRejected:
    """The venue refused to cancel the order, for one of the closed set of reasons.

    `mapped` is false when the venue's words were not in its table of reasons.
    """

    reason: CancelRejectReason
    cancel_id: UUID | None = None
    raw_reason: str | None = None
    mapped: bool = True
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOutcomeUnknown:
    """A cancel was sent and nothing says what became of it for this order.

    `why`: timeout, disconnected, unreadable, venue_error, not_mentioned (the answer leaves the
    order out), counted (the answer only counts orders and names none).
    """

    cancel_id: UUID
    why: str
    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelNotSent:
    """The cancel never left this side; the order is as it was."""

    cancel_id: UUID
    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendRequested:
    """We asked the venue to change size or price (FIX cancel/replace).

    `size` is the whole order's. `rest` stands instead of it where the venue takes the order off and
    puts this much back under another id, whatever has matched.
    """

    amend_ref: str
    size: Decimal | None = None
    price: Price | None = None
    rest: Decimal | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPending:
    """The venue has the change and has not decided yet (FIX PendingReplace)."""

    amend_ref: str
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """The venue changed the order; None is as asked, else as it was."""

    amend_ref: str
    size: Decimal | None = None
    price: Price | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendRejected:
    """The venue refused the change; the order keeps its terms."""

    amend_ref: str
    reason: CancelRejectReason
    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendOutcomeUnknown:
    """A change was sent and nothing says whether the order has the old terms or the new.

    `why`: timeout, disconnected, unreadable, venue_error.
    """

    amend_ref: str
    why: str
    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class AmendNotSent:
    """The change never left this side; the order is as it was."""

    amend_ref: str
    detail: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """A market event took size off the book; `size` None takes all that remains."""

    size: Decimal | None = None
    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """The order's time ran out; what remained lapsed."""

    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """The venue voided the order's unmatched rest (or all of an order that never matched)."""

    size: Decimal | None = None
    raw_reason: str | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DoneForDay:
    """No more matching today (FIX DoneForDay): a day order is over, a good-till order rests."""

    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A match of this size and price is guaranteed but has not happened (FIX Stopped)."""

    size: Decimal | None = None
    price: Price | None = None
    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """The order cannot match for now."""

    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A suspended order, or one that waited for a trigger, can match (again)."""

    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Calculated:
    """The venue closed the order's books for the day (FIX Calculated): nothing remains."""

    claims: Claims | None = None
    report_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A match was settled (`fill_id`), or the order as a whole (None).

    It moves no size, but for a void: that match is taken back for good.
    """

    settlement: Settlement
    fill_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRevised:
    """What had been settled was settled anew, otherwise: this counts instead."""

    settlement: Settlement
    fill_id: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReported:
    """A fact that is known already was told again; it changed nothing.

    `what` is `fill`, `cancel`, `order` or `message`; `ref` the id that came twice. `differs` is
    true when the same id came with other content: then the first stands and a human must look.
    """

    what: str
    ref: str
    differs: bool = False
    cancel_id: UUID | None = None
    claims: Claims | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDisputed:
    """The venue's messages tell terms other than the order's: these, by now; none of them any more.

    `fill_id` is the match in whose record the message told them, `account` another account that it
    named. They change nothing of the order: our own word stands.
    """

    terms: Terms = Terms()
    fill_id: str | None = None
    account: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownValueSeen:
    """The venue used a word that is in none of its tables; the raw message is kept."""

    field: str
    value: str


OrderEvent = (
    OrderPlaced
    | PlaceOutcomeUnknown
    | PlaceNotSent
    | OrderPending
    | OrderAccepted
    | OrderRejected
    | DuplicateRefused
    | OrderDiscovered
    | OrderIdentified
    | ClientRefReused
    | ReplacementSeen
    | OrderMerged
    | OrderReported
    | OrderRestated
    | Filled
    | TotalTold
    | FillConfirmed
    | FillVoided
    | FillCorrected
    | CancelRequested
    | CancelPending
    | Cancelled
    | CancelRejected
    | CancelOutcomeUnknown
    | CancelNotSent
    | AmendRequested
    | AmendPending
    | Amended
    | AmendRejected
    | AmendOutcomeUnknown
    | AmendNotSent
    | Lapsed
    | Expired
    | Voided
    | DoneForDay
    | Stopped
    | Suspended
    | Resumed
    | Calculated
    | Settled
    | SettlementRevised
    | DuplicateReported
    | TermsDisputed
    | UnknownValueSeen
)

Event = OrderEvent | RequestEvent | NoticeEvent | RunEvent | DeskEvent
