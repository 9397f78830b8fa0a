"""Every documented code of a refused request, one by one: coverage is blind to tables."""

from __future__ import annotations

import pytest

from adapters.venues.predictstreet.reasons import BY_CODE, BY_ORDER, reason_of
from domain.reasons import CancelRejectReason as Why

DOCUMENTED = {
    "not_found": Why.UNKNOWN_ORDER,
    "already_terminal": Why.ALREADY_TERMINAL,
    "lock_invariant": Why.BALANCE_LOCK,
    "unknown": Why.VENUE_ERROR,
    "auth_required": Why.PERMISSION,
    "api_key_bad_format": Why.PERMISSION,
    "api_key_unknown_key": Why.PERMISSION,
    "api_key_bad_secret": Why.PERMISSION,
    "api_key_revoked": Why.PERMISSION,
    "api_key_expired": Why.PERMISSION,
    "api_key_suspended": Why.PERMISSION,
    "api_key_ip_denied": Why.PERMISSION,
    "api_key_no_associated_wallet": Why.PERMISSION,
    "api_key_user_wallet_required": Why.PERMISSION,
    "api_key_user_wallet_invalid": Why.PERMISSION,
    "api_key_scope_missing": Why.PERMISSION,
    "wallet_banned": Why.PERMISSION,
    "validation_failed": Why.INVALID_ID,
    "bad_request": Why.INVALID_ID,
}


@pytest.mark.parametrize(("code", "reason"), DOCUMENTED.items(), ids=DOCUMENTED)
def test_each_documented_code(code: str, reason: Why) -> None:
    assert reason_of(f" {code.upper()}", BY_CODE) == (reason, True)


def test_the_tables_hold_what_is_documented_and_no_more() -> None:
    assert BY_CODE == DOCUMENTED
    assert list(BY_ORDER) == ["not_found", "already_terminal", "lock_invariant", "unknown"]


@pytest.mark.parametrize("code", ["insufficient_funds", "invalid_tif", "", "market_halted"])
def test_a_code_that_cannot_refuse_a_cancel_is_flagged(code: str) -> None:
    assert reason_of(code, BY_CODE) == (Why.OTHER, False)
