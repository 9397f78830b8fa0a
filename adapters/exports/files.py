"""A list into a file; the file's name says as what. It is there whole, or as it was before."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

from adapters.exports.comma_separated import write_csv
from adapters.exports.sheet import Sheet
from adapters.exports.spreadsheet import write_xlsx

WRITERS: Mapping[str, Callable[[Path, Sheet], int]] = {".csv": write_csv, ".xlsx": write_xlsx}


class UnknownKind(ValueError):
    """The file's name does not say what it should be."""


def write_file(path: Path, sheet: Sheet) -> int:
    """Write the list in place of the file, if there is one; how many rows it has."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UnknownKind(
            f"{path.name}: the name must end with {' or '.join(WRITERS)}; "
            "try `breakwater breaks export breaks.xlsx`"
        )
    with replacing(path) as beside:
        return writer(beside, sheet)


@contextlib.contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A new file beside `path`, which takes its place once it is written, or goes."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no directory {path.parent}; make it, or name another")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a directory; name a file in it")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise


def _umask() -> int:
    """What the user takes from every new file's permissions."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
