"""`docs/feed/`: the schemas and the description of the feed, as they are published.

`make feed` writes them anew, unless a reader of what is there could not
read what leaves now.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from adapters.publishing.asyncapi import ENVELOPE, asyncapi
from adapters.publishing.compatible import incompatible
from adapters.publishing.schemas import Schema, schemas

HERE: Final = Path(__file__).resolve().parents[3] / "docs" / "feed"
ENVELOPE_FILE: Final = "Event.json"


def files() -> dict[str, str]:
    """What each file of the directory says, by its name."""
    every = schemas()
    told: dict[str, Mapping[str, Any]] = {
        f"schemas/{topic.replace(':', '.')}.json": schema for topic, schema in every.items()
    }
    told[f"schemas/{ENVELOPE_FILE}"] = ENVELOPE
    told["asyncapi.json"] = asyncapi(every)
    return {
        name: json.dumps(part, ensure_ascii=False, indent=2) + "\n" for name, part in told.items()
    }


def published(directory: Path = HERE) -> dict[str, Schema]:
    """The schemas that are there, by stored name and version; the envelope by its own name."""
    return {
        path.stem.replace(".", ":"): json.loads(path.read_text("utf-8"))
        for path in sorted((directory / "schemas").glob("*.json"))
    }


def troubles(directory: Path = HERE) -> list[str]:
    """What readers of the published schemas would stumble over."""
    return incompatible(published(directory), {**schemas(), "Event": ENVELOPE})


def write(directory: Path = HERE) -> list[str]:
    """Write the files, or nothing and why not."""
    found = troubles(directory)
    if not found:
        (directory / "schemas").mkdir(parents=True, exist_ok=True)
        for name, text in files().items():
            (directory / name).write_text(text, encoding="utf-8")
    return found


if __name__ == "__main__":
    for sentence in (stops := write()):
        sys.stderr.write(f"{sentence}\n")
    if stops:
        sys.exit("nothing is written: give the event a new version (docs/feed/README.md)")
