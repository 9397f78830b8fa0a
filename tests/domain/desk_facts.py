"""What people did about a break: one fact of each kind, and a break to do it about."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Any

from domain.desk import Evidence
from domain.ids import derived
from tests.building import NOON, seconds

BREAK = derived("break", "CXL-04", "under test")

SEEN = Evidence(
    code="CXL-04",
    note="The venue matched 40 after it had cancelled.",
    witness=(3, 7),
    rule_version=1,
    opened_at=NOON,
    as_of=seconds(60),
    log_position=9,
    ours="CANCELLED",
    theirs="40",
    difference="40",
)
"""The break as it stands at 12:01, at position 9 of the log."""

LATER = timedelta(hours=1)

_FULL: dict[str, object] = {
    "break_id": BREAK,
    "by": "ann",
    "to": "ben",
    "text": "asked the venue’s desk",
    "reason": "agreed with the venue",
    "evidence": SEEN,
    "needs_approval": True,
}


def full_desk(kind: type[Any]) -> Any:  # noqa: ANN401 - a fact of the kind asked for
    """A fact of this kind with every field set."""
    return kind(**{field.name: _FULL[field.name] for field in fields(kind)})
