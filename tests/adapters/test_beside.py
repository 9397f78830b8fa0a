"""A process beside: it hears and tells in order, its troubles come out, it ends with the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from adapters.beside import Line, ProcessLost, beside
from tests.adapters.beside_jobs import HERE
from tests.processes import alive, gone

ROOT = Path(__file__).parents[2]


def test_what_is_told_is_heard_in_order() -> None:
    with beside(f"{HERE}:echo", "one", 2) as others:
        for other in others:
            for number in range(20):
                other.tell((number, b"x" * 1_000))
        for other in others:
            assert [other.hear() for _ in range(20)] == [
                ("one", (number, b"x" * 1_000)) for number in range(20)
            ]
            assert not other.hears()
            other.tell(None)


def test_none_is_begun_when_none_is_asked_for() -> None:
    with beside("no.such:module", "", 0) as others:
        assert others == []


def test_what_goes_wrong_there_comes_out_here() -> None:
    with beside(f"{HERE}:fail", "a thing was not found") as (other,):
        other.tell("go on")
        with pytest.raises(LookupError, match="a thing was not found"):
            other.hear()


def test_an_error_that_cannot_be_sent_has_its_words_sent() -> None:
    with (
        beside(f"{HERE}:fail_oddly", "") as (other,),
        pytest.raises(RuntimeError, match="Here: only here"),
    ):
        other.hear()


def test_one_that_is_killed_is_an_error_that_says_so() -> None:
    with beside(f"{HERE}:die", "") as (other,):
        assert other.hear() == "at work"
        with pytest.raises(ProcessLost, match=r"ended by signal 9.*BREAKWATER_WORKERS=1"):
            other.hear()
        with pytest.raises(ProcessLost):
            other.tell("anything")


def test_one_that_failed_tells_why_to_whoever_tells_it_more() -> None:
    with beside(f"{HERE}:fail", "why") as (other,):
        other.tell("go on")
        with pytest.raises(LookupError, match="why"):
            _told_without_end(other)


def _told_without_end(other: Line) -> None:
    for number in count():
        other.tell(number)


def test_it_ends_when_the_block_is_left_by_an_error() -> None:
    pids: list[object] = []
    with pytest.raises(KeyboardInterrupt):
        _interrupted(pids)
    (pid,) = pids
    assert isinstance(pid, int)
    assert not alive(pid)


def _interrupted(pids: list[object]) -> None:
    with beside(f"{HERE}:say_who", "") as (other,):
        pids.append(other.hear())
        raise KeyboardInterrupt


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_first_process(how: signal.Signals) -> None:
    """Ctrl-C reaches both, as on a terminal; the others reach the first one alone."""
    with subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", HERE],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as first:
        assert first.stdout is not None
        pid = int(first.stdout.readline())
        assert alive(pid)
        if how is signal.SIGINT:
            os.killpg(first.pid, how)
        else:
            first.send_signal(how)
        assert gone(pid)
