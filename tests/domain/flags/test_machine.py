"""What checks of the log find stands until a check finds nothing any more."""

from __future__ import annotations

import pytest

from domain.flags.catalogue import CATALOGUE
from domain.flags.history import NoticeHistory
from domain.flags.machine import CODES
from domain.flags.rules import examine_notice
from domain.notices import Check, CheckFailed, CheckPassed
from tests.building import at, notice_history
from tests.cancelling import LIMITS, Found, found

LOG, MODELS = Check.LOG, Check.READ_MODELS


def bad(check: Check = LOG, what: str = "position 7 is missing") -> CheckFailed:
    return CheckFailed(check=check, what=what)


def good(check: Check = LOG) -> CheckPassed:
    return CheckPassed(check=check)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(notice_history(bad()), [(("log",), 0, None, (1,))], id="found: open"),
        pytest.param(
            notice_history(bad(), bad(what="position 9 is missing")),
            [(("log",), 0, None, (1, 2))],
            id="something else found: the same break, with the newer word",
        ),
        pytest.param(
            notice_history(bad(), good()), [(("log",), 0, 1, (1, 2))], id="nothing any more: closed"
        ),
        pytest.param(
            notice_history(bad(), good(), bad()),
            [(("log",), 2, None, (3,))],
            id="found again: open again, from then",
        ),
        pytest.param(notice_history(good()), [], id="nothing was ever found"),
        pytest.param(
            notice_history(at(bad(), seen=5), at(good(), seen=5)),
            [(("log",), 5, 5, (1, 2))],
            id="the books stood still meanwhile: closed as it opened",
        ),
        pytest.param(
            notice_history(bad(), good(MODELS)), [(("log",), 0, None, (1,))], id="another check"
        ),
        pytest.param(
            notice_history(bad(), good(), good(MODELS)),
            [(("log",), 0, 1, (1, 2))],
            id="this check found nothing more, and then another",
        ),
    ],
)
def test_a_finding_stands_until_it_is_gone(given: NoticeHistory, then: list[Found]) -> None:
    assert found(examine_notice(given, LIMITS)) == then


@pytest.mark.parametrize("check", Check)
def test_each_check_has_its_code_and_tells_what_was_found(check: Check) -> None:
    (flag,) = examine_notice(notice_history(bad(check), bad(check, "worse")), LIMITS)
    assert (flag.code, flag.note) == (CODES[check], "Worse.")
    assert CATALOGUE[flag.code].kind == "break"
    assert examine_notice(notice_history(bad(check)), LIMITS, 1) == []
