"""What a connection may say, what is refused, and that no key is ever printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.acting import acting
from adapters.bootstrap import opened
from adapters.settings import Settings
from domain.values import Account
from tests.adapters.cli.conftest import run
from tests.adapters.cli.using import Run

__all__ = ["run"]

ABP = {"venue": "abp", "account": "acme", "base_url": "https://venue.example", "key_env": "KEY"}
FOUR = {**ABP, "venue": "fourcasters"}


def written(directory: Path, *tables: dict[str, str]) -> None:
    lines: list[str] = []
    for number, table in enumerate(tables, 1):
        lines.append(f"[connections.c{number}]")
        lines += [f"{name} = {value!r}" for name, value in table.items()]
    (directory / "breakwater.toml").write_text("\n".join(lines).replace("'true'", "true"))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        pytest.param({**ABP, "venue": "elsewhere"}, "abp", id="a venue that nobody speaks to"),
        pytest.param({**ABP, "base_url": "venue.example"}, "scheme", id="no scheme"),
        pytest.param(
            {**ABP, "base_url": "https://me:canary@venue.example"}, "password",
            id="a password in the address",
        ),
        pytest.param({**ABP, "base_url": "http://venue.example"}, "plain", id="in the clear"),
        pytest.param({**ABP, "key_file": "k"}, "one of", id="two places for the key"),
        pytest.param({**ABP, "key": "canary"}, "key", id="the key itself"),
        pytest.param(FOUR, "ws_url", id="4casters without its socket"),
        pytest.param({**ABP, "answer_s_max": "0"}, "answer_s_max", id="no time to answer"),
    ],
)  # fmt: skip
def test_what_a_connection_may_not_say(
    run: Run, tmp_path: Path, table: dict[str, str], complaint: str
) -> None:
    written(tmp_path, table)
    ran = run("connections", "list")
    assert ran.code == 3
    assert complaint in ran.err
    assert "canary" not in ran.err


def test_an_account_has_one_connection(run: Run, tmp_path: Path) -> None:
    written(tmp_path, ABP, ABP)
    ran = run("connections", "list")
    assert ran.code == 3
    assert "two connections are for abp acme" in ran.err


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="over TLS"),
        pytest.param({"base_url": "http://127.0.0.1:8000"}, id="on this machine"),
        pytest.param({"base_url": "http://localhost:8000"}, id="on this machine, by name"),
        pytest.param(
            {"base_url": "http://sim:8000", "plain": "true"}, id="in the clear on purpose"
        ),
    ],
)
def test_a_connection_is_listed_with_where_its_key_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    written(tmp_path, {**ABP, **more})
    (found,) = run("connections", "list", "--json").json
    assert (found["name"], found["key"], found["key_found"]) == ("c1", "variable KEY", False)
    monkeypatch.setenv("KEY", "canary")
    ran = run("connections", "list", "--json")
    assert ran.json[0]["key_found"] is True
    assert "canary" not in ran.out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"", "is empty", id="nothing in it"),
        pytest.param(b"\xff", "cannot be read", id="no text"),
        pytest.param(b"two\nlines", "one line", id="more than a key"),
    ],
)
def test_a_file_that_holds_no_key(run: Run, tmp_path: Path, content: bytes, complaint: str) -> None:
    table = {name: value for name, value in ABP.items() if name != "key_env"}
    written(tmp_path, {**table, "key_file": "venue.key"})
    (tmp_path / "venue.key").write_bytes(content)
    who = ("--by", "ann", "--why", "x")
    ran = run("cancel", "--venue", "abp", "--account", "acme", "--order", "7", *who)
    assert ran.code == 3
    assert complaint in ran.err


def test_many_may_act_and_one_alone_may_tidy_up(database_url: str) -> None:
    acme, other = Account("abp", "acme"), Account("abp", "other")
    with opened(Settings(database_url=database_url)) as app:
        with acting(app, acme) as first, acting(app, acme) as second:
            assert (first, second) == (True, True)
            with acting(app, acme, alone=True) as alone:
                assert alone is False
            with acting(app, other, alone=True) as elsewhere:
                assert elsewhere is True
        with acting(app, acme, alone=True) as alone:
            assert alone is True
            with acting(app, acme) as beside:
                assert beside is False
        with acting(app, acme) as again:
            assert again is True
