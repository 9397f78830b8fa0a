"""How much memory an ingest takes at most, in a program of its own: nothing else counts.

`python -m bench.memory DATABASE_URL CAPTURE` prints the peak in kilobytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from adapters.bootstrap import open_files, opened
from adapters.settings import Settings


def peak_kb(url: str, capture: Path) -> int:
    """The peak resident memory of a process that ingests `capture` into `url`."""
    command = [sys.executable, "-m", "bench.memory", url, str(capture)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    return int(done.stdout)


def main() -> None:
    """Ingest, then tell the peak: Linux counts it for this program alone, from its start."""
    url, capture = sys.argv[1:]
    with opened(Settings(database_url=url)) as app:
        app.ingest(open_files([capture]))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(peak.split()[1])


if __name__ == "__main__":
    main()
