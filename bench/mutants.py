"""Mutants by the thousand: the tests are collected once, and each mutant is tried in a fork.

    python -m bench.mutants                             what was tried of each group, and noticed
    python -m bench.mutants rules --sample 250          250 of a group, the same ones every time
    python -m bench.mutants rules --sample 250 --names  only what they are called
    python -m bench.mutants 'domain.links.*'            all of some modules

mutmut makes the mutants and knows which tests reach which function (`make mutants`). Of those the
quickest come first here, and the first that fails ends it. The verdicts stand where mutmut keeps
its own: `mutmut results` and `mutmut show NAME` know them.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import resource
import signal
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import ceil
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from bench.measure import show

MADE = Path("mutants")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "fold": (
        *("buckets", "disputes", "doubts", "evolve*", "folding", "marks", "match*", "order"),
        *("splits", "standing"),
    ),
    "decisions": ("decisions", "desk_*", "lifecycle", "news*", "requests"),
    "rules": ("flags.*",),
    "reconcile": ("links", "reconcile*", "runs", "statement"),
}
SURVIVED, NOTICED, UNREACHED, TOO_LONG = 0, 1, 33, 36
"""mutmut's numbers for what became of a mutant; it has not tried one that has None."""
KEPT_EVERY = 50
PATIENCE_S, PATIENCE = 5, 4
"""A mutant gets these processor seconds, and so many times what its tests take unchanged."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function, and what became of it."""

    name: str
    file: Path
    verdict: int | None

    @property
    def function(self) -> str:
        """The function that is changed, as mutmut writes it."""
        return self.name.rpartition("__mutmut_")[0]


def mutants() -> list[Mutant]:
    """All that mutmut has made, by name."""
    found = [
        Mutant(name, file.resolve(), verdict)
        for file in MADE.glob("domain/**/*.meta")
        for name, verdict in json.loads(file.read_text())["exit_code_by_key"].items()
    ]
    return sorted(found, key=lambda each: each.name)


def named(of: Iterable[Mutant], what: str) -> list[Mutant]:
    """Those of a group, or those whose names fit a pattern."""
    patterns = [f"domain.{part}.*" for part in GROUPS[what]] if what in GROUPS else [what]
    return [each for each in of if any(fnmatchcase(each.name, pattern) for pattern in patterns)]


@dataclass
class Trial:
    """A plugin of pytest: where it would run the tests, every mutant is tried with its own."""

    queue: Sequence[Mutant]
    workers: int
    tests_of: Mapping[str, Sequence[str]]
    seconds: Mapping[str, float]
    verdicts: dict[Mutant, int] = field(default_factory=dict[Mutant, int])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try them all; True says that nothing is left to run."""
        items = {item.nodeid: item for item in session.items}
        tests = {mutant: self._tests(mutant, items) for mutant in self.queue}
        gc.freeze()  # what was collected is not gone through again in each process
        every = {item.nodeid: item for some in tests.values() for item in some}
        if os.waitpid(_begun(session, list(every.values()), "", 0), 0)[1]:
            raise pytest.UsageError("the tests fail before anything is changed")
        running: dict[int, Mutant] = {}
        for mutant in self.queue:
            if not tests[mutant]:
                self.verdicts[mutant] = UNREACHED
                continue
            while len(running) >= self.workers:
                self._end_one(running)
            took_s = sum(self.seconds[item.nodeid] for item in tests[mutant])
            most_s = PATIENCE_S + ceil(PATIENCE * took_s)
            running[_begun(session, tests[mutant], mutant.name, most_s)] = mutant
        while running:
            self._end_one(running)
        keep(self.verdicts)
        return True

    def _tests(self, mutant: Mutant, items: Mapping[str, pytest.Item]) -> list[pytest.Item]:
        """The quickest first."""
        reach = self.tests_of.get(mutant.function, ())
        names = sorted(reach, key=lambda name: (self.seconds[name], name))
        return [items[name] for name in names if name in items]

    def _end_one(self, running: dict[int, Mutant]) -> None:
        pid, status = os.wait()
        mutant, code = running.pop(pid), os.waitstatus_to_exitcode(status)
        late = code in {-signal.SIGXCPU, -signal.SIGKILL}
        self.verdicts[mutant] = TOO_LONG if late else SURVIVED if code == 0 else NOTICED
        if code == 0:
            print("not noticed:", mutant.name, file=sys.stderr, flush=True)
        if len(self.verdicts) % KEPT_EVERY == 0:
            keep(self.verdicts)


def _begun(session: pytest.Session, tests: Sequence[pytest.Item], mutant: str, most_s: int) -> int:
    """A process that runs these tests until one fails; its number."""
    if pid := os.fork():
        return pid
    os.environ["MUTANT_UNDER_TEST"] = mutant
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if most_s:
        resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s + 1))
    code = NOTICED
    try:
        for item, after in zip(tests, [*tests[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                break
        else:
            code = SURVIVED
    finally:
        os._exit(code)  # without the clean-up that is its parent's


def keep(verdicts: Mapping[Mutant, int]) -> None:
    """Write what became of them where mutmut does."""
    for file in {mutant.file for mutant in verdicts}:
        kept = json.loads(file.read_text())
        for mutant, verdict in verdicts.items():
            if mutant.file == file:
                kept["exit_code_by_key"][mutant.name] = verdict
        file.write_text(json.dumps(kept, indent=4))


def attempt(queue: Sequence[Mutant], workers: int) -> None:
    """Try each of these, with the tests that mutmut would take."""
    asked = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]
    known = json.loads((MADE / "mutmut-stats.json").read_text())
    reached = known["tests_by_mangled_function_name"]
    trial = Trial(queue, workers, reached, known["duration_by_test"])
    quick = [Phase.explicit, Phase.generate]  # the first failure suffices, however long
    settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=quick
    )
    os.chdir(MADE)
    sys.path.insert(0, str(Path.cwd()))  # the changed modules, not those that are installed
    options = ["-q", "--rootdir=.", "--capture=no", "--tb=no", "--assert=plain"]
    chosen = [*asked["pytest_add_cli_args"], *asked["pytest_add_cli_args_test_selection"]]
    code = pytest.main([*options, *chosen, "--hypothesis-profile=mutants"], plugins=[trial])
    os.chdir("..")
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        sys.exit(int(code))


def table(every: Sequence[Mutant]) -> None:
    """What was tried of each group, and what of that was noticed."""
    rows: list[tuple[object, ...]] = [("group", "mutants", "tried", "noticed", "score")]
    for group in GROUPS:
        whole = named(every, group)
        tried = [each.verdict for each in whole if each.verdict is not None]
        noticed = sum(verdict not in {SURVIVED, UNREACHED} for verdict in tried)
        score = f"{100 * noticed / len(tried):.1f} %" if tried else "-"
        rows.append((group, len(whole), len(tried), noticed, score))
    show("mutants", rows)


def main() -> None:
    """Try what was asked for, and print the table."""
    ask = argparse.ArgumentParser(prog="python -m bench.mutants")
    ask.add_argument("what", nargs="*", help="groups, or patterns of mutants' names")
    ask.add_argument("--sample", type=int, help="so many of each; a larger one holds a smaller")
    ask.add_argument("--seed", type=int, default=3, help="of another sample")
    ask.add_argument("--names", action="store_true", help="print what they are called")
    ask.add_argument("--untried", action="store_true", help="those that nobody has tried")
    ask.add_argument("--unnoticed", action="store_true", help="those that no test has noticed")
    ask.add_argument("--workers", type=int, default=os.cpu_count(), help="how many at once")
    given = ask.parse_args()
    every, queue = mutants(), list[Mutant]()
    for what in given.what:
        some = named(every, what)
        if given.sample:
            random.Random(given.seed).shuffle(some)  # noqa: S311 - the same for everybody
        queue.extend(some[: given.sample])
    if given.untried:
        queue = [each for each in queue if each.verdict is None]
    if given.unnoticed:
        queue = [each for each in queue if each.verdict in {SURVIVED, UNREACHED}]
    if given.names:
        print(*(each.name for each in queue), sep="\n")
        return
    if queue:
        attempt(queue, given.workers)
    table(mutants())


if __name__ == "__main__":
    main()
