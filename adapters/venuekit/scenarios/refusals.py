"""What a status, or a loss, says of a cancel as a whole: refused, unknown, or never sent."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.clients.port import Ask
from adapters.recording.lines import Loss
from adapters.venuekit.bench import Bench
from adapters.venuekit.scenarios.registry import DoesNotApply, Scenarios
from adapters.venuekit.scenarios.taped import Asked, asked, claims_a_cancel, replies, with_status
from adapters.venuekit.tape import answers, read
from domain.messages import Message
from domain.reasons import CancelRejectReason
from domain.requests import ScopeKind
from domain.wire import Unreadable

SCENARIOS = Scenarios()
DETAIL = {"detail": "no"}


@SCENARIOS.called("400 refuses the cancel as a whole", 400, "INVALID_ID")
@SCENARIOS.called("401 refuses the cancel as a whole", 401, "PERMISSION")
@SCENARIOS.called("403 refuses the cancel as a whole", 403, "PERMISSION")
@SCENARIOS.called("404 refuses the cancel as a whole", 404, "UNKNOWN_ORDER")
@SCENARIOS.called("429 refuses the cancel as a whole", 429, "RATE_LIMITED")
def refused(bench: Bench, status: int, reason: str) -> None:
    """The order is as it was; the reason is one of the closed set, the venue's words are kept."""
    day = _over_http(bench)
    (reply,) = replies(day.told(with_status(day.answer, status, DETAIL)))
    assert reply.lost is None, f"{status} is an answer: {reply}"
    assert reply.reason is CancelRejectReason(reason), f"{status}: {reply.reason}"
    assert reply.raw_reason, "the venue's words are lost"
    assert not any(result.cancelled for result in reply.results)


@SCENARIOS.called("a status that nobody has heard of is OTHER and flagged", 418)
@SCENARIOS.called("a conflict that nobody has mapped is OTHER and flagged", 409)
def strange_status(bench: Bench, status: int) -> None:
    """Unmapped: `mapped` is False, which raises CXL-34."""
    day = _over_http(bench)
    (reply,) = replies(day.told(with_status(day.answer, status, DETAIL)))
    assert reply.reason is not None, f"{status} is an answer: {reply}"
    assert not any(result.cancelled for result in reply.results)
    if reply.reason is CancelRejectReason.OTHER:
        assert not reply.mapped, "an unknown status passes for a known one"


@SCENARIOS.called("a redirect says nothing", 302, "unreadable")
@SCENARIOS.called("408 leaves the outcome unknown", 408, "venue_error")
@SCENARIOS.called("500 leaves the outcome unknown", 500, "venue_error")
@SCENARIOS.called("502 leaves the outcome unknown", 502, "venue_error")
@SCENARIOS.called("503 leaves the outcome unknown", 503, "venue_error")
@SCENARIOS.called("504 leaves the outcome unknown", 504, "venue_error")
def unknown(bench: Bench, status: int, kind: str) -> None:
    """The venue may have acted: neither refused nor done."""
    day = _over_http(bench)
    told = day.told(with_status(day.answer, status, DETAIL))
    (reply,) = replies(told)
    assert reply.reason is None, f"{status} is called a refusal: {reply.reason}"
    assert reply.lost == kind, f"{status}: lost is {reply.lost}"
    assert not claims_a_cancel(told)


@SCENARIOS.called("a timeout leaves the outcome unknown", "timeout")
@SCENARIOS.called("a lost connection leaves the outcome unknown", "disconnected")
@SCENARIOS.called("an answer that could not be read leaves the outcome unknown", "unreadable")
@SCENARIOS.called("a loss of a kind that nobody has heard of leaves the outcome unknown", "?")
def lost(bench: Bench, kind: str) -> None:
    """A lost line is no failure of the cancel."""
    (reply,) = replies(_lost(bench, kind))
    assert reply.reason is None, f"a {kind} is called a refusal: {reply.reason}"
    assert not reply.not_sent, f"a {kind} may have arrived"
    assert reply.lost == (kind if kind != "?" else "unreadable"), f"{kind}: {reply.lost}"
    assert not reply.results


@SCENARIOS.called("what was not sent never left")
def not_sent(bench: Bench) -> None:
    """No doubt about the order comes of it."""
    (reply,) = replies(_lost(bench, "not_sent"))
    assert reply.not_sent
    assert reply.lost is None
    assert reply.reason is None


@SCENARIOS.called("a lost look-up tells nothing")
def lost_look_up(bench: Bench) -> None:
    """A question without an answer is no word about the order."""
    stand = bench.stand()
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    stand.look_up([one], tape=tape)
    request, _ = answers(tape.lines)[-1]
    tape.told(Loss(request.exchange or "", "timeout", "no answer"))
    told = bench.venue.dialect.translate(read(tape.lines[-1]).line, request)
    assert not claims_a_cancel(told)
    assert not replies(told)


@SCENARIOS.called("an answer to a question that nobody asked is set aside")
def no_request(bench: Bench) -> None:
    """Without its request an answer over HTTP says nothing for certain."""
    day = asked(bench)
    if not day.over_http:
        raise DoesNotApply("its answers quote their requests")
    try:
        told = bench.venue.dialect.translate(read(day.answer).line, None)
    except Unreadable:
        return
    assert not replies(told), f"it is taken for the answer to a cancel: {told}"


def _over_http(bench: Bench) -> Asked:
    day = asked(bench)
    if not day.over_http:
        raise DoesNotApply("its cancels are answered on a socket: there is no status")
    return day


def _lost(bench: Bench, kind: str) -> Sequence[Message]:
    stand = bench.stand()
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    stand.say(Ask(ScopeKind.ORDERS, (one,)), tape)
    request, _ = answers(tape.lines)[-1]
    tape.told(Loss(request.exchange or "", kind if kind != "?" else "gone fishing", "no answer"))
    return bench.venue.dialect.translate(read(tape.lines[-1]).line, request)
