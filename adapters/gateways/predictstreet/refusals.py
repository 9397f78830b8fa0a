"""How PredictStreet puts a refusal: `{code, message, details?}`, whatever was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from adapters.gateways.exact import Exact

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 400, 401, 403, 404, 429
SERVER_ERRORS = 500

_BY_FIELD: Mapping[str, str] = {
    "limit": "invalid_limit",
    "status": "bad_request",
    "cursor": "bad_request",
    "before": "bad_request",
    "from": "bad_request",
    "to": "bad_request",
}
"""The code that a query parameter of this name is refused with."""


class Declined(HTTPException):
    """A refusal with the venue's code for it."""

    def __init__(
        self, status: int, code: str, message: str, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(status, message)
        self.code = code
        self.details = details


def refuse(error: HTTPException | RequestValidationError) -> Response:
    """The envelope of an error."""
    if isinstance(error, RequestValidationError):
        return _misshapen(error.errors())
    if not isinstance(error, Declined):
        code = "bad_request" if error.status_code < SERVER_ERRORS else "internal_error"
        return _envelope(error.status_code, code, str(error.detail), None)
    return _envelope(error.status_code, error.code, str(error.detail), error.details)


def clean(text: object) -> str:
    """A text that can leave: what is half a character becomes a question mark."""
    return str(text).encode("utf-8", "replace").decode()


def _misshapen(problems: Sequence[Any]) -> Response:
    code = "validation_failed"
    told: list[dict[str, str]] = []
    for problem in cast("Sequence[Mapping[str, Any]]", problems):
        where = tuple(problem["loc"])
        if where[0] == "query" and len(where) > 1:
            code = _BY_FIELD.get(str(where[1]), code)
        field = ".".join(clean(part)[:80] for part in where[1:])
        told.append({"field": field, "message": clean(problem["msg"])})
    message = "; ".join(f"{row['field'] or 'body'}: {row['message']}" for row in told[:5])
    return _envelope(BAD_REQUEST, code, message, {"errors": told[:100]})


def _envelope(
    status: int, code: str, message: str, details: Mapping[str, object] | None
) -> Response:
    body: dict[str, object] = {"code": code, "message": message}
    if details is not None:
        body["details"] = details
    return Exact(body, status)
