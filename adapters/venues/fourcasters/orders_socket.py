"""The orders socket: what we send (`[verb, payload]`) and the answers to it.

An answer is tied to its request by the exchange of the capture and always by `requestID`.
Without the request, the shape of the answer tells what it answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from adapters.venues.exact import read
from adapters.venues.fourcasters.answers import cancel_answer, refused
from adapters.venues.fourcasters.cancels import SCOPES, Sent, sent_cancel
from adapters.venues.fourcasters.fields import fields_of, items_of, rows_of
from adapters.venues.fourcasters.place import place_answer, place_lost, place_refused, unread
from adapters.venues.fourcasters.reasons import known, verdict
from adapters.venues.fourcasters.wire import Answer
from adapters.venues.losses import cancel_lost, loss_of, unreadable
from adapters.venues.outcomes import unreadable_reply, words
from domain.messages import CancelReply, Message
from domain.wire import Line, Unreadable

PLACE = "placeV3"
HEARTBEAT = "heartbeat"
HEARTBEAT_ERROR = "invalid heartbeat timeout"
QUIET = frozenset({HEARTBEAT, "subscribe", "unsubscribe", "subscribeAll"})
"""Verbs that tell of no order: the dead-man switch, and the commands of the price feed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that we sent, taken apart."""

    verb: str
    payload: Mapping[str, object]

    @property
    def request_id(self) -> str | None:
        """The id that the answer quotes."""
        for name in ("requestID", "requestId"):
            value = self.payload.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                return str(value) or None
        return None


def frame_of(line: Line | None) -> Frame | None:
    """The frame of a line on the orders socket; None when the line has none."""
    frame = None if line is None or line.ws is None else line.ws.get("frame")
    if frame is None:
        return None
    if isinstance(frame, Mapping):  # the price feed's commands are bare objects
        payload = cast("Mapping[str, object]", frame)
        return Frame(str(payload.get("type"))[:60], payload)
    parts = items_of(frame, "ws.frame")
    verb = parts[0] if parts else None
    if not isinstance(verb, str):
        raise Unreadable("ws.frame: not [verb, payload]")
    return Frame(verb, fields_of(parts[1] if len(parts) > 1 else None, "ws.frame.1"))


def sent(line: Line) -> list[Message]:
    """What a frame of ours tells: a cancel and its scope.

    A place tells nothing before its answer, because no order in it has a name yet.
    """
    frame = frame_of(line)
    if frame is None:
        raise Unreadable("ws.frame: missing")
    if frame.verb == PLACE:
        _orders(frame)
        return []
    if frame.verb in QUIET:
        return []
    cancel = _cancel_of(frame)
    if cancel is None:
        raise Unreadable(f"no documented message: {frame.verb[:60]}")
    return [cancel.message]


def lost(line: Line, request: Line | None) -> list[Message]:
    """What a loss tells of a cancel or of placed orders: not sent, or outcome unknown."""
    frame = frame_of(line) or frame_of(request)
    if frame is None:
        raise Unreadable("ws.frame: nothing says what was lost")
    if frame.verb == PLACE:
        return place_lost(line, frame.request_id, _orders(frame), loss_of(line), request)
    return list(cancel_lost(line, frame.request_id)) if frame.verb in SCOPES else []


def _orders(frame: Frame) -> Sequence[object]:
    """The orders of a place that we sent."""
    return items_of(frame.payload.get("orders"), "ws.frame.1.orders")


def received(line: Line, request: Line | None) -> list[Message]:
    """What an answer tells. A request that quotes another `requestID` is not the answer's."""
    answer = _unwrapped(read(Answer, line.ws and line.ws.get("frame"), "ws.frame"))
    frame = frame_of(request)
    if frame is not None and answer.request_id not in {None, frame.request_id}:
        frame = None
    if frame is not None and frame.verb == PLACE:
        return _placed(line, answer, frame, request)
    if answer.data is None and answer.error is None:
        return _empty(answer, frame)
    if answer.data is None:
        return _error(answer, frame)
    return _data(line, answer, frame)


def _placed(line: Line, answer: Answer, frame: Frame, request: Line | None) -> list[Message]:
    """The answer to a place: refused as a whole, told order by order, or not to be read."""
    submitted = _orders(frame)
    if answer.data is None and answer.error is not None:
        return place_refused(line, frame.request_id, submitted, words(answer.error))
    try:
        rows = rows_of(answer.data, "ws.frame.data")
    except Unreadable as error:
        told = place_lost(line, frame.request_id, submitted, unreadable(error), request)
        return [*told, unread(line.owner, "ws.frame.data", str(error))]
    return place_answer(line, frame.request_id, rows, submitted)


def _unwrapped(answer: Answer) -> Answer:
    """One documented example wraps the answer in `responses[]`: its data, in order."""
    if answer.responses is None:
        return answer
    wrapped = [
        read(Answer, item, f"ws.frame.responses.{index}")
        for index, item in enumerate(items_of(answer.responses, "ws.frame.responses"))
    ]
    rows: list[object] = []
    for item in wrapped:
        if item.data is not None:
            rows.extend(rows_of(item.data, "ws.frame.responses.data"))
    error = next((item.error for item in wrapped if item.error is not None), None)
    ref = answer.request_id or next((item.request_id for item in wrapped), None)
    return Answer(request_id=ref, data=rows or None, error=error)


def _cancel_of(frame: Frame | None) -> Sent | None:
    return None if frame is None else sent_cancel(frame.verb, frame.payload, "ws.frame.1")


def _empty(answer: Answer, frame: Frame | None) -> list[Message]:
    """Neither data nor error: the outcome of a cancel is unknown."""
    if frame is None or frame.verb not in SCOPES:
        raise Unreadable("ws.frame: neither data nor error")
    reply = unreadable_reply("the answer has neither data nor error")
    return [replace(reply, request_ref=answer.request_id or frame.request_id)]


def _error(answer: Answer, frame: Frame | None) -> list[Message]:
    """An envelope error: the request failed as a whole; of one named order, that order."""
    text = words(answer.error)
    cancel = _cancel_of(frame)
    if frame is not None and cancel is None:
        return []  # a heartbeat that was refused
    if cancel is None:
        return _error_of_unknown(answer, text)
    ref = answer.request_id or cancel.request_ref
    if cancel.single:
        result = refused(text, verdict(text), cancel.ids[0])
        return [CancelReply(request_ref=ref, results=(result,))]
    return [_refused_whole(ref, text)]


def _error_of_unknown(answer: Answer, text: str | None) -> list[Message]:
    """Without its request an error of a place looks the same: only a known text tells."""
    if text is not None and text.casefold() == HEARTBEAT_ERROR:
        return []
    if known(text) is None:
        raise Unreadable("ws.frame.error: an answer without its request, in unknown words")
    return [_refused_whole(answer.request_id, text)]


def _refused_whole(ref: str | None, text: str | None) -> CancelReply:
    found = verdict(text)
    return CancelReply(request_ref=ref, reason=found.reason, raw_reason=text, mapped=found.mapped)


def _data(line: Line, answer: Answer, frame: Frame | None) -> list[Message]:
    if _heartbeat(answer.data) or (frame is not None and frame.verb in QUIET):
        return []
    cancel = _cancel_of(frame)
    if cancel is None and _cancels(answer.data):
        return cancel_answer(line.owner, answer.data, request_ref=answer.request_id)
    if cancel is not None:
        return cancel_answer(
            line.owner,
            answer.data,
            request_ref=answer.request_id or cancel.request_ref,
            asked=cancel.ids,
            complete=cancel.complete,
        )
    return place_answer(line, answer.request_id, rows_of(answer.data, "ws.frame.data"), None)


def _heartbeat(data: object) -> bool:
    if not isinstance(data, Mapping):
        return False
    return cast("Mapping[str, object]", data).get("type") == "heartbeatAck"


def _cancels(data: object) -> bool:
    """Rows of a cancel carry `success`; an empty answer can only be that of a wide cancel."""
    rows = rows_of(data, "ws.frame.data")
    return not rows or any(isinstance(row, Mapping) and "success" in row for row in rows)
