"""`python -m tests.golden`: what has changed; with `--bless`, write the table anew."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.golden.histories import TABLE, Books, Shelf, blessed, differences, histories


def main(arguments: list[str]) -> int:
    """Tell every difference; 1 when there is one that nobody blessed."""
    with tempfile.TemporaryDirectory(prefix="golden-") as directory:
        shelf = Shelf(Path(directory))
        now = {name: shelf.books(lines) for name, lines in histories().items()}
    was = blessed() if TABLE.exists() else {}
    nothing: Books = {"hash": "", "orders": [], "flags": []}
    found = [
        line
        for name in sorted(was.keys() | now.keys())
        for line in differences(name, was.get(name, nothing), now.get(name, nothing))
    ]
    sys.stdout.writelines(f"{line}\n" for line in found)
    if arguments == ["--bless"]:
        TABLE.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"blessed: {len(now)} histories\n")
        return 0
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
