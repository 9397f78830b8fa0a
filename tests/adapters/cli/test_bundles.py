"""`breakwater bundle` and `breakwater case`: a piece of a log in others' hands."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.bootstrap import opened
from adapters.bootstrap_bundling import Wanted, bundle_of
from adapters.cli.exits import Exit
from adapters.settings import Settings
from projections.queries import Only
from tests.adapters.cli.using import STORY, UNANSWERED, Capture, Run, line, report

ORDER = "order O1"


@pytest.fixture
def digest(run: Run, capture: Capture) -> str:
    """The digest of a bundle `a.bundle` of the log in use."""
    run("ingest", capture(STORY))
    ran = run("bundle", "create", "--order", "O1", "-o", "a.bundle", "--json")
    assert ran.code == Exit.DONE
    return str(ran.json["digest"])


def test_a_bundle_is_made_and_says_what_it_holds(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    ran = run("bundle", "create", "--account", "desk-7", "-o", "a.bundle")
    assert ran.code == Exit.DONE
    first, second = ran.out.splitlines()
    assert first.startswith("a.bundle: 1 orders, 6 lines, ")
    assert second.startswith("digest ")


def test_a_long_cut_says_what_is_being_done(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    said: list[str] = []
    with opened(Settings()) as app:
        bundle_of(app, Wanted(only=Only(account="desk-7")), doing=said.append)
    assert said == [
        "looking for what belongs to it",
        "reading 6 lines by themselves",
        "giving accounts other names in 6 lines",
        "putting the events and their proof beside them",
    ]


def test_it_opens_into_a_database_that_answers(run: Run, digest: str) -> None:
    ran = run("bundle", "open", "a.bundle", "--digest", digest)
    assert ran.code == Exit.DONE
    assert "a.db" in ran.out
    there = run("--database", "sqlite:///a.db", "orders", "--json").json
    here = run("orders", "--json").json
    assert there[0]["account"] == "account-1"
    for name in ("venue_order_id", "size", "matched", "cancelled", "status", "updated_at"):
        assert there[0][name] == here[0][name]
    again = run("--database", "sqlite:///a.db", "replay", "--check")
    assert again.code == Exit.DONE
    assert run("bundle", "open", "a.bundle").code == Exit.CONFLICT


def test_the_next_command_fits_a_shell_whatever_the_file_is_called(run: Run, digest: str) -> None:
    del digest
    Path("a.bundle").rename("night's [b] one.bundle")
    ran = run("bundle", "open", "night's [b] one.bundle")
    (said,) = [text for text in ran.out.splitlines() if text.startswith("try `")]
    program, *arguments = shlex.split(said.removeprefix("try `").removesuffix("`"))
    assert program == "breakwater"
    assert run(*arguments).code in {Exit.DONE, Exit.FINDINGS}
    assert Path("night's [b] one.db").exists()


def test_what_people_decided_goes_along_whatever_accounts_are_called(
    run: Run, capture: Capture
) -> None:
    names = ["zeta desk", "Ömer", "9", 'a"b']
    lines = [
        json.dumps({**json.loads(text), "account": name, "capture": f"{name} tape"})
        for name in names
        for text in (*UNANSWERED, line(9, "received", report("Trade", "e9", last_qty="70")))
    ]
    run("ingest", capture(lines))
    found = run("breaks", "--members", "--json").json
    assert {one["account"] for one in found} == set(names)
    chosen = [one["break_id"] for one in found if one["account"] in names[:2]]
    assert run("breaks", "acknowledge", *chosen, "--by", "ann").code == Exit.DONE
    assert run("bundle", "create", "--venue", "canonical", "-o", "a.bundle").code == Exit.DONE
    assert run("bundle", "open", "a.bundle").code == Exit.DONE

    def stand(*database: str) -> list[tuple[str, str]]:
        told = run(*database, "breaks", "--members", "--json").json
        return sorted((one["code"], one["status"]) for one in told)

    assert stand("--database", "sqlite:///a.db") == stand()
    assert "acknowledged" in {status for _, status in stand()}


def test_it_is_verified_by_itself_and_against_its_log(run: Run, digest: str) -> None:
    assert digest in run("bundle", "verify", "a.bundle").out
    ran = run("bundle", "verify", "a.bundle", "--against", "--digest", digest)
    assert ran.code == Exit.DONE
    assert "whose chain is whole" in ran.out
    other = run("--database", "sqlite:///other.db", "bundle", "verify", "a.bundle", "--against")
    assert other.code == Exit.FINDINGS
    assert "no piece of the log in use" in other.out


@pytest.mark.usefixtures("digest")
def test_an_altered_bundle_is_refused_everywhere(run: Run) -> None:
    path = Path("a.bundle")
    path.write_bytes(path.read_bytes()[:-1])
    for command in (["verify"], ["open"]):
        ran = run("bundle", *command, "a.bundle")
        assert ran.code == Exit.INTEGRITY
        assert "a.bundle: " in ran.err
    assert run("case", "new", "--from", "a.bundle").code == Exit.INTEGRITY


def test_another_digest_is_refused(run: Run, digest: str) -> None:
    wrong = digest[::-1]
    assert run("bundle", "verify", "a.bundle", "--digest", wrong).code == Exit.INTEGRITY


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(["bundle", "create", "-o", "b"], Exit.USAGE, id="a bundle of what"),
        pytest.param(
            ["bundle", "create", "--order", "X9", "-o", "b"], Exit.NOT_FOUND, id="nobody's order"
        ),
        pytest.param(
            ["bundle", "create", "--market", "M9", "-o", "b"], Exit.NOT_FOUND, id="no market"
        ),
        pytest.param(["bundle", "open", "b"], Exit.NOT_FOUND, id="no file"),
        pytest.param(["case", "new", "--from", "b"], Exit.NOT_FOUND, id="a case of no file"),
    ],
)
def test_what_is_not_there_is_told(run: Run, command: list[str], code: Exit) -> None:
    ran = run(*command)
    assert ran.code == code
    assert ran.err.startswith("error: ")
    assert not Path("b").exists()


def test_limits_of_the_log_go_with_it(
    run: Run, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_ACK_S_MAX", "1")
    run("ingest", capture(UNANSWERED))
    run("bundle", "create", "--order", "O1", "-o", "a.bundle")
    monkeypatch.delenv("BREAKWATER_ACK_S_MAX")
    told = run("bundle", "open", "a.bundle", "--json").json
    assert told["settings"] == "a.toml"
    assert 'ack_s_max = "1"' in Path("a.toml").read_text(encoding="utf-8")


def pytest_of(test: Path) -> subprocess.CompletedProcess[str]:
    """The written test, run as an engineer runs it."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves


@pytest.mark.usefixtures("digest")
def test_a_case_fails_until_it_is_understood(run: Run) -> None:
    assert run("case", "new", "--from", "a.bundle", "-o", "cases").code == Exit.DONE
    test = Path("cases/test_a.py")
    ran = pytest_of(test)
    assert ran.returncode == 1
    assert "order O1: undecided" in ran.stdout
    assert "breaks: undecided" in ran.stdout

    text = test.read_text(encoding="utf-8")
    now = next(row for row in text.splitlines() if "# now:" in row).partition("# now: ")[2]
    decided = text.replace('"O1": UNDECIDED', f'"O1": {json.dumps(now)}').replace(
        "BREAKS: Sequence[str] | str = UNDECIDED", "BREAKS: Sequence[str] | str = []"
    )
    test.write_text(decided, encoding="utf-8")
    assert pytest_of(test).returncode == 0

    test.write_text(decided.replace("50 matched", "40 matched"), encoding="utf-8")
    ran = pytest_of(test)
    assert ran.returncode == 1
    assert "is right by this case" in ran.stdout
    assert run("case", "new", "--from", "a.bundle", "-o", "cases").code == Exit.USAGE
