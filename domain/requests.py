"""The life of a cancel request: what was asked, for whom, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from domain.making import quickly_made
from domain.reasons import CancelRejectReason
from domain.values import Choice


class ScopeKind(Choice):
    """How wide a cancel was declared to be."""

    ORDERS = "orders"
    REFERENCES = "references"
    USER_REF = "user_ref"
    MARKET = "market"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """One declared scope; several of them are joined by OR. Values are as asked, in order."""

    kind: ScopeKind
    values: tuple[str, ...] = ()


class OutcomeKind(Choice):
    """What an answer says of one order."""

    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    NOT_MENTIONED = "not_mentioned"
    UNREQUESTED = "unrequested"


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one order of the request. `order` is None for an id nobody here knows."""

    outcome: OutcomeKind
    asked: str | None = None
    order: UUID | None = None
    venue_order_id: str | None = None
    reason: CancelRejectReason | None = None
    raw_reason: str | None = None
    mapped: bool = True
    cancelled: Decimal | None = None
    took_off: bool = False
    """The answer says that it cancelled this order (also when nobody had asked for it)."""


@quickly_made
@dataclass(frozen=True, slots=True)
class AskedFor:
    """One order of a request: the text as asked (None: in a wide scope), and the order it names.

    Without an order, nobody here knows it.
    """

    text: str | None = None
    order: UUID | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOpened:
    """We sent a cancel. `asked` lists the orders that it names and those of ours in its scope."""

    venue: str
    account: str
    scope: tuple[Scope, ...]
    request_ref: str | None = None
    requested_by: str | None = None
    why: str | None = None
    asked: tuple[AskedFor, ...] = ()

    @property
    def touched(self) -> tuple[UUID, ...]:
        """The orders of ours that the request touches."""
        return tuple(item.order for item in self.asked if item.order is not None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The asked ids and references that name no order here."""
        return tuple(
            item.text for item in self.asked if item.order is None and item.text is not None
        )

    @property
    def explicit(self) -> bool:
        """Only orders named one by one were asked for: anything else in an answer is wider."""
        return all(scope.kind in {ScopeKind.ORDERS, ScopeKind.REFERENCES} for scope in self.scope)


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswered:
    """The venue answered the request. `count` is the number of cancelled orders it claims."""

    outcomes: tuple[Outcome, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRefused:
    """The venue refused the request as a whole; every order it asked for stays as it was."""

    reason: CancelRejectReason
    raw_reason: str | None = None
    mapped: bool = True
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelUnanswered:
    """The request left and its fate is unknown.

    `kind` is timeout, disconnected, unreadable or venue_error.
    """

    kind: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelUnsent:
    """The request never left this side."""

    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswerStray:
    """An answer came that quotes a request nobody here sent."""

    venue: str
    account: str
    request_ref: str
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswerRepeated:
    """The same answer came again; it changed nothing."""

    request_ref: str | None = None


RequestEvent = (
    CancelOpened
    | CancelAnswered
    | CancelRefused
    | CancelUnanswered
    | CancelUnsent
    | CancelAnswerStray
    | CancelAnswerRepeated
)
