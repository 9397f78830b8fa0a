"""What the processes of `test_beside` do; a fresh interpreter imports it by name."""

from __future__ import annotations

import os
import signal
import sys
import time

from adapters.beside import Line, beside

HERE = "tests.adapters.beside_jobs"


def echo(line: Line, told: str) -> None:
    """Say everything again, led by what was told first."""
    while (heard := line.hear()) is not None:
        line.tell((told, heard))


def fail(line: Line, told: str) -> None:
    """Find something wrong."""
    line.hear()
    raise LookupError(told)


def fail_oddly(_line: Line, _told: str) -> None:
    """Find something wrong that cannot be sent to another process."""

    class Here(Exception):
        """Known here only."""

    raise Here("only here")


def die(line: Line, _told: str) -> None:
    """Be killed while at work."""
    line.tell("at work")
    os.kill(os.getpid(), signal.SIGKILL)


def say_who(line: Line, _told: str) -> None:
    """Tell the own pid, and stay at work until nobody listens any more."""
    line.tell(os.getpid())
    while True:
        line.tell("still here")
        time.sleep(0.01)


def main() -> None:
    """A first process with one beside it, whose pid it prints; it waits to be killed."""
    with beside(f"{HERE}:say_who", "") as (other,):
        sys.stdout.write(f"{other.hear()}\n")
        sys.stdout.flush()
        while True:
            other.hear()


if __name__ == "__main__":
    main()
