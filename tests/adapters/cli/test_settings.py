"""Settings: the environment outranks the file, the file the defaults; a venue may have its own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bootstrap import limits_of
from adapters.cli.exits import Exit
from adapters.cli.settings import told, without_password
from adapters.limits import Limits, span
from adapters.settings import Settings, SettingsFile
from tests.adapters.cli.using import Run
from tests.gates import tree

FILE = "breakwater.toml"


def listed(run: Run) -> dict[tuple[str, str | None], Any]:
    records = run("settings", "--json").json
    return {(record["setting"], record["venue"]): record["value"] for record in records}


def test_nothing_set_is_every_default(run: Run) -> None:
    records = run("settings", "--json").json
    assert all(record["value"] == record["default"] for record in records)
    assert all(record["meaning"] for record in records)


def test_a_file_sets_all_venues_and_one_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("ack_s_max = 7.1\n[venues.abp]\nack_s_max = '2.5'\n")
    found = listed(run)
    assert found["ack_s_max", None] == "7.1"
    assert found["ack_s_max", "abp"] == "2.5"
    assert ("ack_s_max", "predictstreet") not in found


def test_the_rules_hear_what_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("ack_s_max = 7.1\n[venues.abp]\nack_s_max = 2\n")
    limits = limits_of(Settings())
    assert limits["abp"].ack == timedelta(seconds=2)
    assert limits["canonical"].ack == timedelta(seconds=7, milliseconds=100)
    assert limits["abp"].explain == limits["canonical"].explain == timedelta(seconds=60)


def test_one_setting_can_be_asked_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("ack_s_max = 7.1\n")
    file = SettingsFile(Settings)
    assert file.get_field_value(None, "ack_s_max") == (Decimal("7.1"), "ack_s_max", False)
    assert file.get_field_value(None, "late_s_max") == (None, "late_s_max", False)


def test_the_environment_outranks_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE).write_text("ack_s_max = 7\nlate_s_max = 8\n")
    monkeypatch.setenv("BREAKWATER_ACK_S_MAX", "9")
    found = listed(run)
    assert (found["ack_s_max", None], found["late_s_max", None]) == ("9", "8")


def test_another_file_can_be_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.toml").write_text("ack_s_max = 3\n")
    monkeypatch.setenv("BREAKWATER_SETTINGS", str(tmp_path / "other.toml"))
    assert listed(run)["ack_s_max", None] == "3"


@pytest.mark.parametrize(
    ("written", "word"),
    [
        pytest.param("ack_s = 3\n", "ack_s_max", id="a name that is nearly one"),
        pytest.param("qqqq = 3\n", "qqqq", id="a name that is like none"),
        pytest.param("ack_s_max = \n", FILE, id="no TOML"),
        pytest.param("ack_s_max = 0\n", "ack_s_max", id="a limit out of bounds"),
        pytest.param("[venues.abp]\nack_s_max = 'soon'\n", "ack_s_max", id="a venue's limit"),
        pytest.param("[venues.abp]\nack = 3\n", "ack", id="no limit of a venue is called so"),
        pytest.param("[venues]\nabp = 3\n", "abp", id="a venue that is no table"),
    ],
)
def test_a_file_that_does_not_fit_is_an_error_that_names_the_place(
    run: Run, tmp_path: Path, written: str, word: str
) -> None:
    (tmp_path / FILE).write_text(written)
    ran = run("orders")
    assert ran.code == Exit.CONFIGURATION
    assert word in ran.err


@pytest.mark.parametrize(
    ("written", "variable", "says"),
    [
        pytest.param(
            "ack_s_max = 'soon'\ndurability = 'some'\n",
            None,
            "breakwater.toml: ack_s_max: should be a valid decimal; "
            "durability: should be 'full' or 'normal'; "
            "`BREAKWATER_SETTINGS=/dev/null breakwater settings` lists them all",
            id="two settings of the file",
        ),
        pytest.param(
            "[venues.abp]\nnone = 3\n",
            None,
            "breakwater.toml: venues.abp.none: no setting is called so; "
            "`BREAKWATER_SETTINGS=/dev/null breakwater settings` lists them all",
            id="of one venue",
        ),
        pytest.param(
            "[connections.a]\nvenue = 'abp'\nbase_url = 'https://h'\n",
            None,
            "breakwater.toml: connections.a.account: is missing; "
            "`BREAKWATER_SETTINGS=/dev/null breakwater settings` lists them all",
            id="what is missing of a connection",
        ),
        pytest.param(
            "",
            "BREAKWATER_WORKERS",
            "workers (BREAKWATER_WORKERS): should be a valid integer, unable to parse string as an "
            "integer; "
            "`env -u BREAKWATER_WORKERS breakwater settings` lists them all",
            id="a variable",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_a_line_with_the_next_command(
    run: Run, monkeypatch: pytest.MonkeyPatch, written: str, variable: str | None, says: str
) -> None:
    Path(FILE).write_text(written)
    if variable is not None:
        monkeypatch.setenv(variable, "many")
    ran = run("orders")
    assert (ran.code, ran.err) == (Exit.CONFIGURATION, f"error: {says}\n")


def test_a_named_file_that_is_not_there_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_SETTINGS", "gone.toml")
    ran = run("orders")
    assert ran.code == Exit.CONFIGURATION
    assert "gone.toml" in ran.err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("sqlite:///a.db", "sqlite:///a.db", id="a file"),
        pytest.param("postgresql://u@h:1/d", "postgresql://u@h:1/d", id="no password"),
        pytest.param(
            "postgresql://u:p%40ss@h:1/d", "postgresql://u:$redacted@h:1/d", id="a password"
        ),
    ],
)
def test_a_password_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


@given(st.decimals(min_value="0.000001", max_value=1_000_000, places=6))
def test_a_span_is_exact_to_the_microsecond(seconds: Any) -> None:  # noqa: ANN401 - a Decimal
    assert span(seconds) / timedelta(microseconds=1) == int(seconds * 1_000_000)


def test_the_page_tells_every_setting() -> None:
    page = tree.text(tree.ROOT / "docs" / "settings.md")
    for record in told(Settings.model_construct()):
        row = f"| `{record['setting']}` | {record['default']} | {record['meaning']} |"
        assert row in page, row
    assert Limits.model_fields.keys() < Settings.model_fields.keys()
