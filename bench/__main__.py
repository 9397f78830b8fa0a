"""`python -m bench [NAME [ARGUMENTS]]`: one measurement, or all, each in its own process."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

MEASUREMENTS = (
    "append",
    "codec",
    "ingest",
    "rebuild",
    "questions",
    "as_of",
    "replay",
    "reconcile",
    "live",
    "kills",
    "gateway",
    "export",
    "feed",
    "publish",
)


def main() -> int:
    """Run what was asked for; the number of measurements that could not be taken."""
    name, *arguments = sys.argv[1:] or ["all"]
    if name == "all":
        chosen = [each for each in MEASUREMENTS if find_spec(f"bench.{each}")]
    elif name in MEASUREMENTS:
        chosen = [name]
    else:
        print(f"no measurement is called {name!r}; there are {', '.join(MEASUREMENTS)}, all")
        return 2
    failed = 0
    for each in chosen:
        command = [sys.executable, "-m", f"bench.{each}", *arguments]
        failed += subprocess.run(command, check=False).returncode != 0  # noqa: S603 - ourselves
    return failed


if __name__ == "__main__":
    sys.exit(main())
