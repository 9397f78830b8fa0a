"""What a cancel request and its answer add to the log: on the request and on every order in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from adapters.engine.orders import Orders
from adapters.engine.working import Moment, Stream, WorkingSet
from domain import events as e
from domain import requests as r
from domain.buckets import buckets
from domain.ids import cancel_stream, derived
from domain.messages import CancelReply, CancelResult, CancelSent, OrderMessage
from domain.values import Account, Name, NameKind

WIDE = frozenset({r.ScopeKind.MARKET, r.ScopeKind.USER_REF, r.ScopeKind.ALL})
OpenInScope = Callable[[Account, r.Scope], Sequence[UUID]]


class Cancels:
    """Applies what was asked and answered to the requests and their orders."""

    def __init__(self, work: WorkingSet, orders: Orders, open_in_scope: OpenInScope) -> None:
        self._work = work
        self._orders = orders
        self._open_in_scope = open_in_scope

    def request(self, owner: Account, ref: str) -> Stream | None:
        """The request that a report quotes; None when nobody here sent it."""
        key = self._work.find(owner, Name(NameKind.REQUEST, ref))
        return None if key is None else self._work.get(owner, key)

    def sent(self, owner: Account, message: CancelSent, moment: Moment) -> None:
        """We asked: open the request and mark every order of ours that it touches."""
        asked: list[r.AskedFor] = []
        sizes: dict[UUID, e.CancelRequested] = {}
        cancel_id = cancel_stream(owner, moment.capture, moment.seq)
        for item in message.asked:
            key = self._work.find(owner, item.name)
            asked.append(r.AskedFor(item.text, key))
            if key is not None and key not in sizes:
                sizes[key] = e.CancelRequested(
                    cancel_id=cancel_id, asked=item.text, size=item.size
                )
        for scope in message.scope:
            if scope.kind in WIDE:
                for key in self._open_in_scope(owner, scope):
                    if key not in sizes:
                        sizes[key] = e.CancelRequested(cancel_id=cancel_id)
                        asked.append(r.AskedFor(None, key))
        request = self._work.get(owner, cancel_id)
        opened = r.CancelOpened(
            venue=owner.venue,
            account=owner.account,
            scope=message.scope,
            request_ref=message.request_ref,
            requested_by=message.requested_by,
            why=message.why,
            asked=tuple(asked),
        )
        self._work.record(request, opened, moment, occurred_at=moment.observed_at)
        self._name(owner, message, cancel_id)
        self._work.load(sizes)
        for key, requested in sizes.items():
            order = self._work.get(owner, key)
            self._work.tell(order, requested, moment, occurred_at=moment.observed_at)
            if message.chain is not None and self._work.find(owner, message.chain) is None:
                self._work.learn(owner, message.chain, order.key)
                self._work.tell(order, e.OrderIdentified(names=(message.chain,)), moment)

    def _name(self, owner: Account, message: CancelSent, cancel_id: UUID) -> None:
        if message.request_ref is None:
            return
        name = Name(NameKind.REQUEST, message.request_ref)
        if self._work.find(owner, name) is None:
            self._work.learn(owner, name, cancel_id)

    def heard(self, owner: Account, message: OrderMessage, moment: Moment) -> None:
        """A report about one order, which may quote or settle a request of ours."""
        request: Stream | None = None
        cancel_id: UUID | None = None
        if message.cancel_ref is not None:
            request = self.request(owner, message.cancel_ref)
            if request is not None:
                cancel_id = request.key
                self._touch(owner, message, request, moment)
            elif message.answers:
                cancel_id = _stray_id(owner, message.cancel_ref)
        before = self._orders.locate(owner, message, moment)
        left = buckets(before.order).remaining if before is not None else None
        order, news = self._orders.hear(owner, message, moment, cancel_id=cancel_id)
        if not message.answers or message.cancel_ref is None or cancel_id is None:
            return
        outcome = _told(message, order, left)
        if request is None:
            self._stray(owner, message.cancel_ref, (outcome,), moment)
        elif request.answered and not any(
            isinstance(item, e.Cancelled | e.CancelRejected) for item in news
        ):
            repeated = r.CancelAnswerRepeated(request_ref=message.cancel_ref)
            self._work.record(request, repeated, moment)
        else:
            answered = r.CancelAnswered(outcomes=(_asked_in(request, outcome),))
            self._work.record(request, answered, moment, occurred_at=message.occurred_at)

    def _touch(
        self, owner: Account, message: OrderMessage, request: Stream, moment: Moment
    ) -> None:
        """An answered request touches the order, even if it was not known when we asked."""
        order = self._orders.locate(owner, message, moment)
        if order is None or request.key in order.order.cancels:
            return
        sent_at = request.events[0].observed_at
        requested = e.CancelRequested(cancel_id=request.key)
        self._work.tell(order, requested, moment, occurred_at=sent_at, observed_at=sent_at)

    def _stray(
        self, owner: Account, ref: str, outcomes: tuple[r.Outcome, ...], moment: Moment
    ) -> None:
        stray = self._work.get(owner, _stray_id(owner, ref))
        event = r.CancelAnswerStray(
            venue=owner.venue, account=owner.account, request_ref=ref, outcomes=outcomes
        )
        if stray.events and stray.events[-1].event == event:
            self._work.record(stray, r.CancelAnswerRepeated(request_ref=ref), moment)
        else:
            self._work.record(stray, event, moment)

    def replied(
        self, owner: Account, reply: CancelReply, moment: Moment, request_id: UUID | None
    ) -> None:
        """The venue answered, refused, or stayed silent; nobody's order is guessed at."""
        request: Stream | None = None
        if request_id is not None:
            request = self._work.get(owner, request_id)
        elif reply.request_ref is not None:
            request = self.request(owner, reply.request_ref)
        if request is None or request.opened is None:
            self._unasked(owner, reply, moment)
        elif reply.not_sent:
            self._not_sent(owner, reply, request, moment)
        elif reply.lost is not None:
            self._lost(owner, reply, request, moment)
        elif reply.reason is not None and not reply.results:
            self._refused(owner, reply, request, moment)
        else:
            self._answered(owner, reply, request, moment)

    def _not_sent(
        self, owner: Account, reply: CancelReply, request: Stream, moment: Moment
    ) -> None:
        self._work.record(request, r.CancelUnsent(detail=reply.detail), moment)
        for order in self._touched(owner, request):
            event = e.CancelNotSent(cancel_id=request.key, detail=reply.detail)
            self._work.tell(order, event, moment)

    def _lost(self, owner: Account, reply: CancelReply, request: Stream, moment: Moment) -> None:
        kind = reply.lost or "unreadable"
        self._work.record(request, r.CancelUnanswered(kind=kind, detail=reply.detail), moment)
        for order in self._touched(owner, request):
            event = e.CancelOutcomeUnknown(cancel_id=request.key, why=kind, detail=reply.detail)
            self._work.tell(order, event, moment)

    def _refused(
        self, owner: Account, reply: CancelReply, request: Stream, moment: Moment
    ) -> None:
        opened = request.opened
        assert opened is not None  # `replied` sends only opened requests here
        outcomes = tuple(
            r.Outcome(
                outcome=r.OutcomeKind.REJECTED,
                asked=item.text,
                order=item.order,
                reason=reply.reason,
                raw_reason=reply.raw_reason,
                mapped=reply.mapped,
            )
            for item in opened.asked
        )
        reason = reply.reason
        assert reason is not None  # `replied` sends only refusals here
        refused = r.CancelRefused(
            reason=reason, raw_reason=reply.raw_reason, mapped=reply.mapped, outcomes=outcomes
        )
        self._work.record(request, refused, moment)
        for order in self._touched(owner, request):
            rejected = e.CancelRejected(
                reason=reason,
                cancel_id=request.key,
                raw_reason=reply.raw_reason,
                mapped=reply.mapped,
            )
            self._work.tell(order, rejected, moment)

    def _touched(self, owner: Account, request: Stream) -> list[Stream]:
        opened = request.opened
        keys = opened.touched if opened is not None else ()
        self._work.load(keys)
        return [self._work.get(owner, self._stays(owner, key)) for key in dict.fromkeys(keys)]

    def _stays(self, owner: Account, key: UUID) -> UUID:
        into = self._work.get(owner, key).order.merged_into
        return key if into is None else into

    def _answered(
        self, owner: Account, reply: CancelReply, request: Stream, moment: Moment
    ) -> None:
        opened = request.opened
        assert opened is not None  # `replied` sends only opened requests here
        answered_before = request.answered
        texts = {item.text: item for item in opened.asked if item.text is not None}
        by_order = {
            self._stays(owner, item.order): item for item in opened.asked if item.order is not None
        }
        mentioned: set[r.AskedFor] = set()
        told: set[UUID] = set()
        outcomes: list[r.Outcome] = []
        for result in reply.results:
            asked = self._asked(owner, result, texts, by_order, moment)
            if asked is not None:
                mentioned.add(asked)
            outcome = self._one(owner, result, asked, request, moment)
            outcomes.append(outcome)
            if outcome.order is not None:
                told.add(outcome.order)
        missing = [
            item
            for item in opened.asked
            if item not in mentioned
            and (item.order is None or self._stays(owner, item.order) not in told)
        ]
        if reply.complete and missing:
            outcomes.extend(self._unmentioned(owner, missing, request, moment))
        answer = r.CancelAnswered(outcomes=tuple(outcomes), count=reply.count)
        if answered_before and any(entry.event == answer for entry in request.events):
            self._work.record(
                request, r.CancelAnswerRepeated(request_ref=reply.request_ref), moment
            )
        else:
            self._work.record(request, answer, moment)

    def _asked(
        self,
        owner: Account,
        result: CancelResult,
        texts: dict[str, r.AskedFor],
        by_order: dict[UUID, r.AskedFor],
        moment: Moment,
    ) -> r.AskedFor | None:
        """Which of the orders asked for the result is about, by its text or by the order."""
        for text in (result.text, *(name.value for name in result.names)):
            if text is not None and text in texts:
                return texts[text]
        order = self._orders.locate(owner, OrderMessage(names=result.names), moment)
        return by_order.get(order.key) if order is not None else None

    def _one(  # noqa: PLR0913 - one row of an answer in the light of its request
        self,
        owner: Account,
        result: CancelResult,
        asked: r.AskedFor | None,
        request: Stream,
        moment: Moment,
    ) -> r.Outcome:
        opened = request.opened
        unasked = asked is None and opened is not None and opened.explicit
        message = OrderMessage(
            names=result.names,
            said=result.also,
            known_only=result.terms.size is None,
            terms=result.terms,
            source=e.Source.CANCEL,
            occurred_at=result.occurred_at,
        )
        order, _news = self._orders.hear(owner, message, moment)
        left = None if order is None else buckets(order.order).remaining
        if order is not None:
            if request.key not in order.order.cancels and not unasked:
                self._touch(owner, message, request, moment)
            said = _said(result, request.key, requested=not unasked)
            order, _ = self._orders.hear(owner, replace(message, said=(said,)), moment)
        kind = r.OutcomeKind.CANCELLED if result.cancelled else r.OutcomeKind.REJECTED
        taken = result.size
        if taken is None and result.cancelled and left is not None:
            taken = left
        return r.Outcome(
            outcome=r.OutcomeKind.UNREQUESTED if unasked else kind,
            asked=asked.text if asked is not None else None,
            order=None if order is None else order.key,
            venue_order_id=_venue_id(result.names),
            reason=result.reason,
            raw_reason=result.raw_reason,
            mapped=result.mapped,
            cancelled=taken if result.cancelled else None,
            took_off=result.cancelled,
        )

    def _unmentioned(
        self, owner: Account, missing: Sequence[r.AskedFor], request: Stream, moment: Moment
    ) -> list[r.Outcome]:
        outcomes: list[r.Outcome] = []
        for item in missing:
            if item.order is not None:
                order = self._work.get(owner, self._stays(owner, item.order))
                event = e.CancelOutcomeUnknown(cancel_id=request.key, why="not_mentioned")
                self._work.tell(order, event, moment)
            outcomes.append(
                r.Outcome(
                    outcome=r.OutcomeKind.NOT_MENTIONED, asked=item.text, order=item.order
                )
            )
        return outcomes

    def _unasked(self, owner: Account, reply: CancelReply, moment: Moment) -> None:
        """An answer to a request that the log does not hold: its facts still count."""
        outcomes: list[r.Outcome] = []
        ref = reply.request_ref or f"{moment.capture}:{moment.seq}"
        stray = _stray_id(owner, ref)
        for result in reply.results:
            message = OrderMessage(
                names=result.names,
                said=(*result.also, _said(result, stray, requested=True)),
                known_only=result.terms.size is None,
                terms=result.terms,
                source=e.Source.CANCEL,
                occurred_at=result.occurred_at,
            )
            order, _ = self._orders.hear(owner, message, moment)
            kind = r.OutcomeKind.CANCELLED if result.cancelled else r.OutcomeKind.REJECTED
            outcomes.append(
                r.Outcome(
                    outcome=kind,
                    asked=None,
                    order=None if order is None else order.key,
                    venue_order_id=_venue_id(result.names),
                    reason=result.reason,
                    raw_reason=result.raw_reason,
                    mapped=result.mapped,
                    cancelled=result.size,
                    took_off=result.cancelled,
                )
            )
        self._stray(owner, ref, tuple(outcomes), moment)


def _stray_id(owner: Account, ref: str) -> UUID:
    return derived("stray", owner.venue, owner.account, ref)


def _venue_id(names: Sequence[Name]) -> str | None:
    return next((name.value for name in names if name.kind is NameKind.VENUE), None)


def _said(result: CancelResult, cancel_id: UUID | None, *, requested: bool) -> e.OrderEvent:
    if result.cancelled:
        return e.Cancelled(
            cancel_id=cancel_id,
            size=result.size,
            matched=result.matched,
            requested=requested,
            raw_reason=result.raw_reason,
            claims=result.claims,
        )
    reason = result.reason
    assert reason is not None, "a refused cancel has a reason"
    return e.CancelRejected(
        reason=reason,
        cancel_id=cancel_id,
        raw_reason=result.raw_reason,
        mapped=result.mapped,
        claims=result.claims,
    )


def _told(message: OrderMessage, order: Stream | None, left: Decimal | None) -> r.Outcome:
    """The outcome that a report which settles a request tells for its one order."""
    refused = next((item for item in message.said if isinstance(item, e.CancelRejected)), None)
    venue_id = _venue_id(message.names) or _venue_id(message.found_by)
    key = None if order is None else order.key
    if refused is not None:
        return r.Outcome(
            outcome=r.OutcomeKind.REJECTED,
            order=key,
            venue_order_id=venue_id,
            reason=refused.reason,
            raw_reason=refused.raw_reason,
            mapped=refused.mapped,
        )
    taken = next((item.size for item in message.said if isinstance(item, e.Cancelled)), None)
    if taken is None and order is not None and left is not None:
        taken = left - buckets(order.order).remaining
    return r.Outcome(
        outcome=r.OutcomeKind.CANCELLED,
        order=key,
        venue_order_id=venue_id,
        cancelled=taken,
        took_off=True,
    )


def _asked_in(request: Stream, outcome: r.Outcome) -> r.Outcome:
    opened = request.opened
    if opened is None:
        return outcome
    for item in opened.asked:
        if item.order == outcome.order or len(opened.asked) == 1:
            return replace(outcome, asked=item.text)
    return outcome

