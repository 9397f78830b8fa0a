"""What a cancel request and its answer add to the log: on the request and on every order in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from adapters.engine.answers import Answers
from adapters.engine.orders import Orders
from adapters.engine.outcomes import report_told, stray_id
from adapters.engine.reading import in_session
from adapters.engine.working import Moment, Stream, WorkingSet
from domain import events as e
from domain import requests as r
from domain.buckets import buckets
from domain.ids import cancel_stream
from domain.messages import CancelReply, CancelSent, OrderMessage
from domain.values import Account, Name, NameKind
from domain.wire import Line

WIDE = frozenset({r.ScopeKind.MARKET, r.ScopeKind.USER_REF, r.ScopeKind.ALL})
OpenInScope = Callable[[Account, r.Scope], Sequence[UUID]]


class Cancels:
    """Applies what was asked and answered to the requests and their orders."""

    def __init__(self, work: WorkingSet, orders: Orders, open_in_scope: OpenInScope) -> None:
        self._work = work
        self._orders = orders
        self._open_in_scope = open_in_scope
        self._answers = Answers(work, orders)

    def _quoted(self, owner: Account, ref: str | None, moment: Moment) -> Stream | None:
        """The stream that a reference leads to: a request, or answers to one not seen so far.

        A client that counts its requests anew in each session uses a reference again: the request
        of the same recording is meant then.
        """
        if ref is None:
            return None
        key = self._work.find(owner, in_session(ref, moment.capture))
        if key is None:
            key = self._work.find(owner, Name(NameKind.REQUEST, ref))
        return None if key is None else self._work.get(owner, key)

    def _request(self, owner: Account, ref: str | None, moment: Moment) -> Stream | None:
        """The request that a report quotes; None when nobody here is known to have sent it."""
        stream = self._quoted(owner, ref, moment)
        return stream if stream is not None and stream.opened is not None else None

    def knows(self, owner: Account, reply: CancelReply, moment: Moment) -> bool:
        """Whether the request that the reply quotes is known."""
        return self._request(owner, reply.request_ref, moment) is not None

    def sent(self, owner: Account, message: CancelSent, moment: Moment) -> None:
        """We asked: open the request and mark every order of ours that it touches."""
        quoted = self._quoted(owner, message.request_ref, moment)
        cancel_id = cancel_stream(owner, moment.capture, moment.seq)
        if quoted is not None:
            if quoted.opened is None:
                cancel_id = quoted.key  # the answer was read before the request
            elif _is_repeat(quoted, message, moment):
                self._repeated(owner, quoted, message, moment)
                return
        asked, marks = self._asked(owner, message, cancel_id)
        if quoted is not None and is_wide(message):
            for key in answered_orders(quoted):
                if key not in marks:  # the answer took it off the book before we knew the request
                    marks[key] = e.CancelRequested(cancel_id=cancel_id)
                    asked.append(r.AskedFor(None, key))
        request = self._work.begin(owner, cancel_id)  # its line, which names it, is new
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
        if message.request_ref is not None:
            self._name(owner, message.request_ref, cancel_id, moment)
        self._work.load(marks)
        for key, requested in marks.items():
            order = self._work.get(owner, key)
            self._work.tell(order, requested, moment, occurred_at=moment.observed_at)
            if message.chain is not None and self._work.name(owner, message.chain, order.key):
                self._work.tell(order, e.OrderIdentified(names=(message.chain,)), moment)

    def _name(self, owner: Account, ref: str, cancel_id: UUID, moment: Moment) -> None:
        if not self._work.name(owner, Name(NameKind.REQUEST, ref), cancel_id):
            self._work.name(owner, in_session(ref, moment.capture), cancel_id)

    def _asked(
        self, owner: Account, message: CancelSent, cancel_id: UUID
    ) -> tuple[list[r.AskedFor], dict[UUID, e.CancelRequested]]:
        """What the request asks for, and the mark for every order of ours that it touches."""
        asked: list[r.AskedFor] = []
        marks: dict[UUID, e.CancelRequested] = {}
        for item in message.asked:
            key = self._work.find(owner, item.name)
            asked.append(r.AskedFor(item.text, key))
            if key is not None and key not in marks:
                marks[key] = e.CancelRequested(cancel_id=cancel_id, asked=item.text, size=item.size)
        for scope in message.scope:
            if scope.kind in WIDE:
                for key in self._open_in_scope(owner, scope):
                    if key not in marks:
                        marks[key] = e.CancelRequested(cancel_id=cancel_id)
                        asked.append(r.AskedFor(None, key))
        return asked, marks

    def _repeated(
        self, owner: Account, request: Stream, message: CancelSent, moment: Moment
    ) -> None:
        """The same request stands twice in the recording."""
        ref = message.request_ref or ""
        for order in self._answers.touched(owner, request):
            again = e.DuplicateReported(what="message", ref=ref)
            self._work.tell(order, again, moment)

    def heard(self, owner: Account, message: OrderMessage, moment: Moment) -> None:
        """A report about one order, which may quote or settle a request of ours."""
        request = self._request(owner, message.cancel_ref, moment)
        cancel_id: UUID | None = None
        if request is not None:
            cancel_id = request.key
            self._answers.touch(owner, message, request, moment)
        elif message.cancel_ref is not None and message.answers:
            cancel_id = stray_id(owner, message.cancel_ref)
        if not message.answers or message.cancel_ref is None or cancel_id is None:
            self._orders.hear(owner, message, moment, cancel_id=cancel_id)
            return
        before = self._orders.locate(owner, message, moment)
        left = buckets(before.order).remaining if before is not None else None
        order, news = self._orders.hear(owner, message, moment, cancel_id=cancel_id)
        outcome = report_told(message, order, left)
        if request is None:
            self._answers.stray(owner, message.cancel_ref, (outcome,), moment, named=True)
        elif request.answered and not any(
            isinstance(item, e.Cancelled | e.CancelRejected) for item in news
        ):
            repeated = r.CancelAnswerRepeated(request_ref=message.cancel_ref)
            self._work.record(request, repeated, moment)
        else:
            asked = self._answers.asked_in(owner, request, outcome)
            answered = r.CancelAnswered(outcomes=(replace(outcome, asked=asked),))
            self._work.record(request, answered, moment, occurred_at=message.occurred_at)

    def replied(
        self, owner: Account, reply: CancelReply, moment: Moment, request_id: UUID | None
    ) -> None:
        """The venue answered, refused, or stayed silent; nobody's order is guessed at."""
        request = None if request_id is None else self._work.get(owner, request_id)
        if request is None or request.opened is None:
            request = self._request(owner, reply.request_ref, moment)
        if request is None:
            self._answers.unasked(owner, reply, moment)
        elif reply.not_sent:
            self._answers.not_sent(owner, reply, request, moment)
        elif reply.lost is not None:
            self._answers.lost(owner, reply, request, moment)
        elif reply.reason is not None and not reply.results:
            self._answers.refused(owner, reply, request, moment)
        else:
            self._answers.answered(owner, reply, request, moment)


def is_wide(message: CancelSent) -> bool:
    """Whether the request reaches orders that it does not name."""
    return any(scope.kind in WIDE for scope in message.scope)


def intended(message: CancelSent, line: Line) -> CancelSent:
    """The cancel with what its line says of who wanted it and why."""
    if line.intent is None:
        return message
    by, why = line.intent.get("by"), line.intent.get("why")
    return replace(
        message,
        requested_by=by if isinstance(by, str) else message.requested_by,
        why=why if isinstance(why, str) else message.why,
    )


def answered_orders(request: Stream) -> list[UUID]:
    """The orders that answers to a request name, in their order."""
    answers = (entry.event for entry in request.events)
    return [
        outcome.order
        for answer in answers
        if isinstance(answer, r.CancelAnswerStray)
        for outcome in answer.outcomes
        if outcome.order is not None
    ]


def _is_repeat(request: Stream, message: CancelSent, moment: Moment) -> bool:
    """Whether the recording holds one request twice.

    A reference may be used again in another session, which is another capture; there only the
    same moment proves the same message.
    """
    opened = request.opened
    first = request.events[0]
    if opened is None or opened.scope != message.scope:
        return False
    return first.capture == moment.capture or first.observed_at == moment.observed_at
