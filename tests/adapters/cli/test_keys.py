"""Keys at the command line: shown once, listed without what opens anything, taken back."""

from __future__ import annotations

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import Run


def test_a_key_is_made_listed_and_taken_back(run: Run) -> None:
    made = run("keys", "create", "--venue", "abp", "--account", "acme", "--json").json
    (row,) = run("keys", "list", "--json").json
    assert (row["key_id"], row["venue"], row["account"]) == (made["key_id"], "abp", "acme")
    assert row["scopes"] == ["cancel", "place", "read"]
    assert made["key"] not in run("keys", "list", "--csv").out
    assert run("keys", "revoke", made["key_id"]).code == Exit.DONE
    again = run("keys", "revoke", made["key_id"])
    assert again.code == Exit.NOT_FOUND
    assert "breakwater keys list" in again.err


def test_a_key_may_be_good_for_less(run: Run) -> None:
    ran = run("keys", "create", "--venue", "abp", "--account", "a", "--scope", "read")
    assert ran.out.startswith("bw_")
    assert [row["scopes"] for row in run("keys", "list", "--json").json] == [["read"]]


def test_a_secret_that_is_too_short_is_an_error_that_says_what_to_set(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_KEYS_SECRET", "short")
    ran = run("keys", "list")
    assert ran.code == Exit.CONFIGURATION
    assert "BREAKWATER_KEYS_SECRET" in ran.err
    assert "$redacted" in run("settings", "--csv").out
