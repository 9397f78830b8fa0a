"""A process of this program beside this one: begun clean, tied to this one, ended with it.

It is a fresh interpreter: nothing of open databases, threads or locks comes with it. One connection
ties the two. When this process ends, however it ends, the connection ends, and the other with it;
Ctrl-C is for this one to answer. What the other tells and what goes wrong there comes out here.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

_ENDS_S_MAX = 5
"""How long a process is given to end once it is told."""
_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from adapters.beside import serve; serve(int(sys.argv[2]), sys.argv[3])"
)

Job = Callable[["Line", Any], None]
"""What a process beside does: it has the line to its first process, and what it was told."""


class ProcessLost(Exception):
    """A process beside this one ended before its work was done."""


class _Failed(NamedTuple):
    error: Exception


class Line:
    """What two processes tell each other, in order."""

    def __init__(self, connection: Connection, lost: Callable[[], ProcessLost]) -> None:
        self._connection = connection
        self._lost = lost

    def tell(self, what: object) -> None:
        """Tell the other; raise `ProcessLost` when it is there no more."""
        try:
            self._connection.send(what)
        except OSError as error:
            raise self._last_words() from error

    def hears(self) -> bool:
        """Whether `hear` would not have to wait."""
        return self._connection.poll()

    def hear(self) -> object:
        """What the other tells next; raise what went wrong there, or `ProcessLost`."""
        try:
            told = self._connection.recv()
        except (OSError, EOFError) as error:
            raise self._lost() from error
        if isinstance(told, _Failed):
            raise told.error
        return told

    def _last_words(self) -> Exception:
        """Why the other is not there to be told: what it said last, else that it is gone."""
        try:
            while True:
                self.hear()
        except Exception as error:  # noqa: BLE001 - whatever went wrong there
            return error


@contextmanager
def beside(job: str, told: object, count: int = 1) -> Generator[Sequence[Line]]:
    """So many processes that do a job (`module:function`); ended when the block is left."""
    with ExitStack() as stack:
        yield [stack.enter_context(_one(job, told)) for _ in range(count)]


@contextmanager
def _one(job: str, told: object) -> Generator[Line]:
    here, there = Pipe()
    with here:
        with there:
            command = [sys.executable, "-c", _BEGIN, json.dumps(sys.path), str(there.fileno()), job]
            process = subprocess.Popen(  # noqa: S603 - ourselves
                command, stdin=subprocess.DEVNULL, pass_fds=[there.fileno()]
            )

        def lost() -> ProcessLost:
            status = process.wait()
            how = f"by signal {-status}" if status < 0 else f"with status {status}"
            return ProcessLost(
                f"a process of this program was ended {how}; try again, or in one process with "
                "BREAKWATER_WORKERS=1"
            )

        try:
            line = Line(here, lost)
            line.tell(told)
            yield line
        except BaseException:
            process.kill()
            raise
        finally:
            here.close()
            try:
                process.wait(_ENDS_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve(fileno: int, job: str) -> None:
    """Do a job for the process at the other end; what goes wrong is told there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process has it too, and answers
    line = Line(Connection(fileno), lambda: ProcessLost("the first process has ended"))
    try:
        module, name = job.split(":")
        work: Job = getattr(import_module(module), name)
        work(line, line.hear())
    except ProcessLost:
        os._exit(1)  # nobody is left to be told
    except Exception as error:  # noqa: BLE001 - it is told where it counts
        _tell_failure(line, error)


def _tell_failure(line: Line, error: Exception) -> None:
    try:
        line.tell(_Failed(error))
    except ProcessLost:
        pass
    except Exception:  # noqa: BLE001 - an error that cannot be sent: its words can
        line.tell(_Failed(RuntimeError(f"{type(error).__name__}: {error}")))
