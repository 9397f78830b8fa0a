"""What an answer to a cancel adds to the log, and what its absence does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from adapters.engine.orders import Orders
from adapters.engine.outcomes import refusals, row_said, same_again, stray_id, venue_id
from adapters.engine.working import Moment, Stream, WorkingSet
from domain import events as e
from domain import requests as r
from domain.buckets import buckets
from domain.messages import CancelReply, CancelResult, OrderMessage
from domain.values import Account, Name, NameKind


class Answers:
    """Applies what was answered to the request and to every order in it."""

    def __init__(self, work: WorkingSet, orders: Orders) -> None:
        self._work = work
        self._orders = orders

    def touch(self, owner: Account, message: OrderMessage, request: Stream, moment: Moment) -> None:
        """An answered request touches the order, even if it was not known when we asked."""
        order = self._orders.locate(owner, message, moment)
        if order is None or request.key in order.order.cancels:
            return
        sent_at = request.events[0].observed_at
        requested = e.CancelRequested(cancel_id=request.key)
        self._work.tell(order, requested, moment, occurred_at=sent_at, observed_at=sent_at)

    def touched(self, owner: Account, request: Stream) -> list[Stream]:
        """The orders of ours that the request touches, as they are called now."""
        opened = request.opened
        keys = opened.touched if opened is not None else ()
        self._work.load(keys)
        kept = dict.fromkeys(self._work.stays(owner, key) for key in keys)
        return [self._work.get(owner, key) for key in kept]

    def asked_in(self, owner: Account, request: Stream, outcome: r.Outcome) -> str | None:
        """By which text the request asked for the order of an outcome."""
        opened = request.opened
        if opened is None:
            return outcome.asked
        for item in opened.asked:
            if len(opened.asked) == 1 or (
                item.order is not None and self._work.stays(owner, item.order) == outcome.order
            ):
                return item.text
        return outcome.asked

    def stray(
        self,
        owner: Account,
        ref: str,
        outcomes: tuple[r.Outcome, ...],
        moment: Moment,
        *,
        named: bool,
    ) -> None:
        """An answer to a request that nobody here is known to have sent.

        `named`: the request may still be read, and is then known by this reference.
        """
        stray = self._work.get(owner, stray_id(owner, ref))
        event = r.CancelAnswerStray(
            venue=owner.venue, account=owner.account, request_ref=ref, outcomes=outcomes
        )
        if any(_tells(entry.event, event) for entry in stray.events):
            self._work.record(stray, r.CancelAnswerRepeated(request_ref=ref), moment)
            return
        self._work.record(stray, event, moment)
        if named:
            self._work.name(owner, Name(NameKind.REQUEST, ref), stray.key)

    def not_sent(self, owner: Account, reply: CancelReply, request: Stream, moment: Moment) -> None:
        """It never left this side."""
        self._work.record(request, r.CancelUnsent(detail=reply.detail), moment)
        for order in self.touched(owner, request):
            event = e.CancelNotSent(cancel_id=request.key, detail=reply.detail)
            self._work.tell(order, event, moment)

    def lost(self, owner: Account, reply: CancelReply, request: Stream, moment: Moment) -> None:
        """It left, and nothing says what became of it."""
        kind = reply.lost or "unreadable"
        self._work.record(request, r.CancelUnanswered(kind=kind, detail=reply.detail), moment)
        for order in self.touched(owner, request):
            event = e.CancelOutcomeUnknown(cancel_id=request.key, why=kind, detail=reply.detail)
            self._work.tell(order, event, moment)

    def refused(self, owner: Account, reply: CancelReply, request: Stream, moment: Moment) -> None:
        """The venue refused the request as a whole: every order in it stays as it was."""
        opened, reason = request.opened, reply.reason
        assert opened is not None, "an answer is held against an opened request"
        assert reason is not None, "a refusal has a reason"
        refused = r.CancelRefused(reason=reason, raw_reason=reply.raw_reason, mapped=reply.mapped)
        refused = replace(refused, outcomes=refusals(opened.asked, refused))
        if any(entry.event == refused for entry in request.events):
            again = r.CancelAnswerRepeated(request_ref=reply.request_ref)
            self._work.record(request, again, moment)
            return
        self._work.record(request, refused, moment)
        for order in self.touched(owner, request):
            rejected = e.CancelRejected(
                reason=reason,
                cancel_id=request.key,
                raw_reason=reply.raw_reason,
                mapped=reply.mapped,
            )
            self._work.tell(order, rejected, moment)

    def answered(self, owner: Account, reply: CancelReply, request: Stream, moment: Moment) -> None:
        """The venue told of orders, one by one or by a bare count."""
        opened = request.opened
        assert opened is not None  # `replied` sends only opened requests here
        answered_before = request.answered
        texts = {item.text: item for item in opened.asked if item.text is not None}
        by_order: dict[UUID, r.AskedFor] = {}
        if any(result.text not in texts for result in reply.results):
            by_order = {
                self._work.stays(owner, item.order): item
                for item in opened.asked
                if item.order is not None
            }
        mentioned: dict[int, r.AskedFor] = {}
        found: list[tuple[r.Outcome, bool]] = []
        for result in reply.results:
            asked = self._asked(owner, result, texts, by_order, moment)
            if asked is not None:
                mentioned[id(asked)] = asked
            outcome = self._one(owner, result, asked, request, moment)
            found.append((outcome, result.size is not None))
        if reply.complete and len(mentioned) < len(opened.asked):
            missing = self._missing(owner, opened, mentioned.values(), found)
            unmentioned = self._unmentioned(owner, missing, request, moment)
            found.extend((outcome, True) for outcome in unmentioned)
        if reply.count is not None and not reply.results and not answered_before:
            for order in self.touched(owner, request):
                event = e.CancelOutcomeUnknown(cancel_id=request.key, why="counted")
                self._work.tell(order, event, moment)
        answer = r.CancelAnswered(
            outcomes=tuple(outcome for outcome, _ in found), count=reply.count
        )
        if answered_before and any(
            isinstance(entry.event, r.CancelAnswered)
            and entry.event.count == reply.count
            and same_again(found, entry.event.outcomes)
            for entry in request.events
        ):
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
        if result.text is not None and (asked := texts.get(result.text)) is not None:
            return asked  # nearly always
        for name in result.names:
            if name.value in texts:
                return texts[name.value]
        order = self._orders.locate(owner, OrderMessage(names=result.names), moment)
        return by_order.get(order.key) if order is not None else None

    def _one(
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
        taken = result.size
        if order is not None:
            if taken is None and result.cancelled:
                taken = buckets(order.order).remaining
            if request.key not in order.order.cancels and not unasked:
                self.touch(owner, message, request, moment)
            said = row_said(result, request.key, requested=not unasked)
            self._orders.add(order, (said,), message, moment)
        kind = r.OutcomeKind.CANCELLED if result.cancelled else r.OutcomeKind.REJECTED
        return r.Outcome(
            outcome=r.OutcomeKind.UNREQUESTED if unasked else kind,
            asked=asked.text if asked is not None else None,
            order=None if order is None else order.key,
            venue_order_id=venue_id(result.names),
            reason=result.reason,
            raw_reason=result.raw_reason,
            mapped=result.mapped,
            cancelled=taken if result.cancelled else None,
            took_off=result.cancelled,
        )

    def _missing(
        self,
        owner: Account,
        opened: r.CancelOpened,
        mentioned: Iterable[r.AskedFor],
        found: Iterable[tuple[r.Outcome, bool]],
    ) -> list[r.AskedFor]:
        """What was asked for and is neither named in the answer nor an order that it tells of."""
        named = set(mentioned)
        told = {outcome.order for outcome, _ in found}
        return [
            item
            for item in opened.asked
            if item not in named
            and (item.order is None or self._work.stays(owner, item.order) not in told)
        ]

    def _unmentioned(
        self, owner: Account, missing: Sequence[r.AskedFor], request: Stream, moment: Moment
    ) -> list[r.Outcome]:
        outcomes: list[r.Outcome] = []
        for item in missing:
            if item.order is not None:
                order = self._work.get(owner, self._work.stays(owner, item.order))
                event = e.CancelOutcomeUnknown(cancel_id=request.key, why="not_mentioned")
                self._work.tell(order, event, moment)
            outcomes.append(
                r.Outcome(outcome=r.OutcomeKind.NOT_MENTIONED, asked=item.text, order=item.order)
            )
        return outcomes

    def unasked(self, owner: Account, reply: CancelReply, moment: Moment) -> None:
        """An answer to a request that the log does not hold: its facts still count."""
        outcomes: list[r.Outcome] = []
        ref = reply.request_ref or f"{moment.capture}:{moment.seq}"
        stray = stray_id(owner, ref)
        for result in reply.results:
            message = OrderMessage(
                names=result.names,
                said=(*result.also, row_said(result, stray, requested=True)),
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
                    venue_order_id=venue_id(result.names),
                    reason=result.reason,
                    raw_reason=result.raw_reason,
                    mapped=result.mapped,
                    cancelled=result.size,
                    took_off=result.cancelled,
                )
            )
        named = reply.request_ref is not None
        self.stray(owner, ref, tuple(outcomes), moment, named=named)


def _tells(before: object, event: r.CancelAnswerStray) -> bool:
    return isinstance(before, r.CancelAnswerStray) and same_again(
        [(outcome, False) for outcome in event.outcomes], before.outcomes
    )
