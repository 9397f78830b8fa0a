"""What somebody did about a break, in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain import desk as d
from domain.desk import DeskEvent


def desk_sentence(event: DeskEvent) -> str:
    """What the fact says."""
    return _SAY[type(event)](event)


def _assigned(event: d.BreakAssigned) -> str:
    if event.to is None:
        return f"{event.by} gave the break to nobody."
    return f"{event.by} gave the break to {event.to}."


def _because(reason: str | None) -> str:
    return f" (“{reason}”)" if reason else ""


def _accepted(event: d.BreakAccepted) -> str:
    what = "asked for the difference to be accepted" if event.needs_approval else "accepted it"
    return f"{event.by} {what}{_because(event.reason)}{_figures(event.evidence)}."


def _force_closed(event: d.BreakForceClosed) -> str:
    what = "asked for it to be closed by force" if event.needs_approval else "closed it by force"
    return f"{event.by} {what}{_because(event.reason)}{_figures(event.evidence)}."


def _figures(seen: d.Evidence) -> str:
    words = zip(("we held", "they said", "the difference was"), seen.figures, strict=True)
    told = [f"{word} {value}" for word, value in words if value is not None]
    return f": {', '.join(told)}" if told else ""


_SAY: Mapping[type, Callable[[Any], str]] = {
    d.BreakAssigned: _assigned,
    d.BreakCommented: lambda event: f"{event.by} noted: “{event.text}”.",
    d.BreakAcknowledged: lambda event: f"{event.by} has seen it.",
    d.BreakAccepted: _accepted,
    d.BreakResolved: lambda event: f"{event.by} resolved it{_because(event.reason)}.",
    d.BreakReopened: lambda event: f"{event.by} opened it again{_because(event.reason)}.",
    d.BreakForceClosed: _force_closed,
    d.BreakApproved: lambda event: f"{event.by} approved{_figures(event.evidence)}.",
    d.BreakDeclined: lambda event: f"{event.by} declined{_because(event.reason)}.",
}
