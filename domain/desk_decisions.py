"""What may be done about a break in which state: facts, or a sentence that says why not.

Asked twice by the same person, a decision adds nothing. By somebody else it is refused, so that
two people who act at once learn of each other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from domain.desk import (
    BreakAccepted,
    BreakAcknowledged,
    BreakApproved,
    BreakAssigned,
    BreakCommented,
    BreakDeclined,
    BreakForceClosed,
    BreakReopened,
    BreakResolved,
    DeskEvent,
    Evidence,
)
from domain.desk_state import TO_DO, Act, Desk, Work, contradicted, status_of
from domain.values import Choice

OVERRIDE = "INT-06"
"""The code of an override that later evidence contradicts; only its own break ends it."""


class Refused(Exception):
    """This cannot be done with the break as it stands; the sentence ends with what to try."""


class Verb(Choice):
    """What somebody may ask for; the name of the command."""

    ASSIGN = "assign"
    COMMENT = "comment"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    FORCE_CLOSE = "force-close"
    APPROVE = "approve"
    DECLINE = "decline"


ALLOWED: Mapping[Verb, frozenset[Work]] = {
    Verb.ASSIGN: TO_DO,
    Verb.COMMENT: frozenset(Work),
    Verb.ACKNOWLEDGE: frozenset({Work.OPEN}),
    Verb.ACCEPT: frozenset({Work.OPEN, Work.ACKNOWLEDGED}),
    Verb.RESOLVE: frozenset({Work.OPEN, Work.ACKNOWLEDGED}),
    Verb.REOPEN: frozenset(
        {
            Work.ACKNOWLEDGED,
            Work.AWAITING_APPROVAL,  # takes the proposal back
            Work.ACCEPTED,
            Work.RESOLVED,
            Work.FORCE_CLOSED,
        }
    ),
    Verb.FORCE_CLOSE: frozenset({Work.OPEN, Work.ACKNOWLEDGED}),
    Verb.APPROVE: frozenset({Work.AWAITING_APPROVAL}),
    Verb.DECLINE: frozenset({Work.AWAITING_APPROVAL}),
}
"""In which states each may be asked for. Besides, an override may be revoked (`reopen`) while its
break is closed or its figures have changed, and in the latter case confirmed (`approve`)."""

_NEXT: Mapping[Work, Sequence[Verb]] = {
    Work.OPEN: (Verb.ACKNOWLEDGE, Verb.ACCEPT, Verb.RESOLVE, Verb.FORCE_CLOSE),
    Work.ACKNOWLEDGED: (Verb.ACCEPT, Verb.RESOLVE, Verb.FORCE_CLOSE, Verb.REOPEN),
    Work.AWAITING_APPROVAL: (Verb.APPROVE, Verb.DECLINE, Verb.REOPEN),
    Work.ACCEPTED: (Verb.REOPEN,),
    Work.RESOLVED: (Verb.REOPEN,),
    Work.FORCE_CLOSED: (Verb.REOPEN,),
    Work.CLOSED: (Verb.COMMENT,),
}
"""What to try instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants of a break. `at_stake` is true when a second person has to agree."""

    verb: Verb
    by: str
    to: str | None = None
    text: str | None = None
    at_stake: bool = False


def decide(break_id: UUID, desk: Desk, seen: Evidence, asked: Asked) -> Sequence[DeskEvent]:
    """The facts that come of it; none when they are known. Raise `Refused` when it cannot be."""
    work = status_of(desk, seen)
    if _said_already(desk, work, asked):
        return ()
    if seen.code == OVERRIDE and asked.verb in _MAKES.keys() - {Verb.ACKNOWLEDGE}:
        raise Refused(
            f"{asked.verb}: break {break_id} is about an override; on the break that it names, try "
            "`breakwater breaks reopen` to revoke it, or a second person's `approve` to confirm it"
        )
    override = _overrides(desk, seen, work, asked.verb)
    if work not in ALLOWED[asked.verb] and not override:
        raise Refused(
            f"{asked.verb}: break {break_id} {_stands(desk, work)}; {_try(break_id, work)}"
        )
    if asked.verb in {Verb.APPROVE, Verb.DECLINE}:
        _second_person(break_id, desk, asked)
    return (_fact(break_id, desk, seen, asked),)


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: case, spaces and ways of writing letters do not count."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _overrides(desk: Desk, seen: Evidence, work: Work, verb: Verb) -> bool:
    """Whether it is asked about an override that is in force and that the status does not show."""
    if contradicted(desk, seen) and desk.proposed is None:
        return verb in {Verb.REOPEN, Verb.APPROVE}
    in_force = desk.standing is not None and desk.standing.work is Work.FORCE_CLOSED
    return verb is Verb.REOPEN and work is Work.CLOSED and in_force


_MAKES: Mapping[Verb, Work] = {
    Verb.ACKNOWLEDGE: Work.ACKNOWLEDGED,
    Verb.ACCEPT: Work.ACCEPTED,
    Verb.RESOLVE: Work.RESOLVED,
    Verb.FORCE_CLOSE: Work.FORCE_CLOSED,
}


def _said_already(desk: Desk, work: Work, asked: Asked) -> bool:
    if asked.verb is Verb.ASSIGN:
        return work in TO_DO and desk.owner == asked.to
    if asked.verb not in _MAKES:
        return False
    act = _act_of(desk, work)
    if act is None or act.work is not _MAKES[asked.verb]:
        return False
    return act.reason == asked.text and same_person(act.by, asked.by)


def _act_of(desk: Desk, work: Work) -> Act | None:
    """The decision that makes the break stand as it does."""
    match work:
        case Work.ACKNOWLEDGED:
            return desk.acknowledged
        case Work.AWAITING_APPROVAL:
            return desk.proposed
        case Work.ACCEPTED | Work.RESOLVED | Work.FORCE_CLOSED:
            return desk.standing
        case _:
            return None


def _second_person(break_id: UUID, desk: Desk, asked: Asked) -> None:
    act = desk.proposed or desk.standing
    if act is not None and same_person(act.by, asked.by):
        raise Refused(
            f"{asked.verb}: {act.by} asked for it, and a second person has to agree; "
            f"try `--by` with whoever that is, or `breakwater breaks reopen {break_id}`"
        )


def _fact(  # noqa: PLR0911 - one line per verb
    break_id: UUID, desk: Desk, seen: Evidence, asked: Asked
) -> DeskEvent:
    by, text = asked.by, asked.text or ""
    match asked.verb:
        case Verb.ASSIGN:
            return BreakAssigned(break_id=break_id, by=by, to=asked.to)
        case Verb.COMMENT:
            return BreakCommented(break_id=break_id, by=by, text=text)
        case Verb.ACKNOWLEDGE:
            return BreakAcknowledged(break_id=break_id, by=by, evidence=seen)
        case Verb.ACCEPT:
            return BreakAccepted(
                break_id=break_id,
                by=by,
                reason=text,
                evidence=seen,
                needs_approval=asked.at_stake,
            )
        case Verb.RESOLVE:
            return BreakResolved(break_id=break_id, by=by, reason=asked.text, evidence=seen)
        case Verb.REOPEN:
            return BreakReopened(break_id=break_id, by=by, reason=text, evidence=seen)
        case Verb.FORCE_CLOSE:
            return BreakForceClosed(
                break_id=break_id,
                by=by,
                reason=text,
                evidence=seen,
                needs_approval=asked.at_stake or _own_override(desk, seen, by),
            )
        case Verb.APPROVE:
            return BreakApproved(break_id=break_id, by=by, evidence=seen)
        case Verb.DECLINE:
            return BreakDeclined(break_id=break_id, by=by, reason=text)
        case _:
            assert_never(asked.verb)


def _own_override(desk: Desk, seen: Evidence, by: str) -> bool:
    """Whoever closed it by force may not alone do so again on figures that contradict it."""
    act = desk.standing
    return act is not None and contradicted(desk, seen) and same_person(act.by, by)


def _stands(desk: Desk, work: Work) -> str:
    """How the break stands, as the end of a sentence."""
    act = _act_of(desk, work)
    if act is None:
        return "is open" if work is Work.OPEN else "was closed by its evidence"
    who = f"{act.by} at {act.at:%Y-%m-%d %H:%M:%S} UTC"
    if work is Work.AWAITING_APPROVAL:
        return f"waits for a second person: {who} asked for it to be {_WORDS[act.work]}"
    approved = f", approved by {act.approved_by}" if act.approved_by else ""
    return f"was {_WORDS[work]} by {who}{approved}"


_WORDS: Mapping[Work, str] = {
    Work.ACKNOWLEDGED: "acknowledged",
    Work.ACCEPTED: "accepted",
    Work.RESOLVED: "resolved",
    Work.FORCE_CLOSED: "closed by force",
}


def _try(break_id: UUID, work: Work) -> str:
    first, *others = _NEXT[work]
    more = f" (or {', '.join(others)})" if others else ""
    return f"try `breakwater breaks {first} {break_id}`{more}"
