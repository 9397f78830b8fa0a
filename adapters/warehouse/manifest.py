"""`manifest.json`: what stands in the directory, for whoever loads it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from adapters.warehouse.memory import Memory
from adapters.warehouse.partitions import settle_folder

NAME = "manifest.json"
FORMAT_VERSION = 1


def manifest(memory: Memory) -> dict[str, Any]:
    """What the memory tells: from which log, up to where, which files."""
    run, position, digest = memory.newest_run()
    return {
        "format_version": FORMAT_VERSION,
        "format": memory.about("format"),
        "run": run,
        "log": {"position": position, "hash": digest},
        "schema_versions": memory.versions(),
        "files": [file._asdict() for file in memory.files()],
    }


def write_manifest(directory: Path, memory: Memory) -> None:
    """Put the manifest in place of the old one, whole; the same one is left alone."""
    text = json.dumps(manifest(memory), indent=1, ensure_ascii=False) + "\n"
    path = directory / NAME
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    beside = directory / f"_{NAME}.tmp"
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    settle_folder(directory)
