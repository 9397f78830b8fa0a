"""JSON values as what they are, for code that has not been told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

NO_FIELDS: Mapping[str, Any] = {}


def fields_of(value: object) -> Mapping[str, Any]:
    """The fields of a JSON object; none for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else NO_FIELDS
