"""The venue's words for a refused cancel in ours: one total table, unknown words flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.venues.outcomes import MAX_WORDS, http_refusal, words
from adapters.venues.predictstreet.fields import members
from domain.messages import CancelReply
from domain.reasons import CancelRejectReason

BY_ORDER: Mapping[str, CancelRejectReason] = {
    "not_found": CancelRejectReason.UNKNOWN_ORDER,  # a single cancel says it of over orders too
    "already_terminal": CancelRejectReason.ALREADY_TERMINAL,
    "lock_invariant": CancelRejectReason.BALANCE_LOCK,
    "unknown": CancelRejectReason.VENUE_ERROR,
}
"""Why one order was not cancelled: the four documented reasons."""

BY_CODE: Mapping[str, CancelRejectReason] = {
    **BY_ORDER,
    "auth_required": CancelRejectReason.PERMISSION,
    "api_key_bad_format": CancelRejectReason.PERMISSION,
    "api_key_unknown_key": CancelRejectReason.PERMISSION,
    "api_key_bad_secret": CancelRejectReason.PERMISSION,
    "api_key_revoked": CancelRejectReason.PERMISSION,
    "api_key_expired": CancelRejectReason.PERMISSION,
    "api_key_suspended": CancelRejectReason.PERMISSION,
    "api_key_ip_denied": CancelRejectReason.PERMISSION,
    "api_key_no_associated_wallet": CancelRejectReason.PERMISSION,
    "api_key_user_wallet_required": CancelRejectReason.PERMISSION,
    "api_key_user_wallet_invalid": CancelRejectReason.PERMISSION,
    "api_key_scope_missing": CancelRejectReason.PERMISSION,
    "wallet_banned": CancelRejectReason.PERMISSION,
    "validation_failed": CancelRejectReason.INVALID_ID,
    "bad_request": CancelRejectReason.INVALID_ID,
}
"""Why a whole cancel request was refused: the documented codes of the error envelope.

Codes of placing (`insufficient_funds`, `invalid_tif`, …) cannot refuse a cancel; one that does
is not understood and is flagged.
"""


def reason_of(
    word: str, table: Mapping[str, CancelRejectReason] = BY_ORDER
) -> tuple[CancelRejectReason, bool]:
    """Our word for the venue's, and whether the table has it."""
    reason = table.get(word.strip().casefold())
    return (reason or CancelRejectReason.OTHER, reason is not None)


def raw_words(value: object) -> str:
    """What a reason reads like when it is not the text that it should be."""
    if isinstance(value, str):
        return value[:MAX_WORDS]
    return words(value) or f"(not a text: {type(value).__name__})"


def refused(code: str, message: object) -> CancelReply:
    """An answer of HTTP 200 that refuses the whole request by its `code`."""
    reason, mapped = reason_of(code, BY_CODE)
    return CancelReply(
        reason=reason, raw_reason=code[:MAX_WORDS], mapped=mapped, detail=words(message)
    )


def refused_by_status(status: int, body: object) -> CancelReply | None:
    """What the HTTP status makes of a cancel as a whole; None for a success.

    The venue's code is its word for the reason; its message is kept as detail.
    """
    reply = http_refusal(status, body)
    if reply is None or reply.reason is None:
        return reply
    code = code_of(body)
    if code is None:
        return reply
    known = BY_CODE.get(code.strip().casefold())
    return replace(
        reply,
        reason=known or reply.reason,
        mapped=reply.mapped or known is not None,
        raw_reason=code[:MAX_WORDS],
        detail=words(body),
    )


def code_of(body: object) -> str | None:
    """The `code` of an error envelope, if the body is one."""
    code = members(body).get("code")
    return code if isinstance(code, str) and code.strip() else None
