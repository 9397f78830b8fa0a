"""Golden histories: small captures by name, and the books that they make.

A history is the lines of one `capture` in the `.ndjson` files beside this one; its name is that of
the history, up to a ` / ` where a history has several recordings. `table.json` holds the state hash
of each, and what the books say, so that a change can be told and not only noticed.
`python -m tests.golden --bless` writes the table anew.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from adapters.bootstrap import App, open_files, opened
from adapters.settings import Settings
from domain.values import plain
from projections import queries
from tests.whole.telling import every_flag

HERE = Path(__file__).parent
TABLE = HERE / "table.json"

Books = Mapping[str, Any]
"""What the books say after a history: `hash`, `orders` and `flags`, one line each."""


def histories() -> dict[str, list[str]]:
    """The lines of each history, by its name."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("*.ndjson")):
        for line in path.read_text("utf-8").splitlines():
            name, _, _ = json.loads(line)["capture"].partition(" / ")
            found.setdefault(name, []).append(line)
    return found


def side_by_side() -> dict[str, list[str]]:
    """The histories as one desk may have them: no order of one is an order of another.

    Most canonical ones use the same ids in the same account; of these each gets an account of its
    own. In one account they would be a few orders with contradicting lives of thousands of events.
    """
    found: dict[str, list[str]] = {}
    for number, (name, lines) in enumerate(sorted(histories().items())):
        mine = found[name] = []
        for line in lines:
            record = json.loads(line, parse_float=Decimal)
            old = f'"account":{json.dumps(record["account"])}'
            own = f'"account":"golden-{number}"'
            mine.append(line.replace(old, own, 1) if record["venue"] == "canonical" else line)
    return found


def blessed() -> dict[str, Books]:
    """The table as it was blessed."""
    return cast("dict[str, Books]", json.loads(TABLE.read_text("utf-8")))


class Shelf:
    """Makes the books of one history after another, each in a database of its own."""

    def __init__(self, directory: Path) -> None:
        self._empty = directory / "empty.db"
        self._file = directory / "books.db"
        self._tape = directory / "tape.ndjson"
        with _app(self._empty) as app:
            app.checkpoint()

    def books(self, lines: Sequence[str]) -> Books:
        """What the books say after these lines."""
        for old in self._file.parent.glob(f"{self._file.name}*"):
            old.unlink()
        shutil.copy(self._empty, self._file)
        self._tape.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        with _app(self._file) as app:
            app.ingest(open_files([str(self._tape)]))
            with app.reading() as connection:
                orders = sorted(_order(record) for record in queries.order_list(connection))
            flags = sorted(_flag(flag) for flag in every_flag(app))
            return {"hash": app.state_hash(), "orders": orders, "flags": flags}


@contextmanager
def _app(file: Path) -> Generator[App]:
    with opened(Settings(database_url=f"sqlite:///{file}", durability="normal")) as app:
        yield app


def _order(record: Mapping[str, Any]) -> str:
    """An order as one line: its names, its buckets, its status and what is pending."""
    names = f"{record['venue_order_id'] or '-'}/{record['client_order_id'] or '-'}"
    parts = ("matched", "remaining", "cancelled", "lapsed", "voided")
    sizes = " + ".join(f"{plain(record[name])} {name}" for name in parts if record[name])
    words = [f"{names}: {plain(record['size'])} = {sizes or '0'}", record["status"]]
    words += [name for name in ("cancel_pending", "replace_pending") if record[name]]
    if not record["certain"]:
        words.append(f"{plain(record['remaining_min'])}..{plain(record['remaining_max'])}")
    return ", ".join(words)


def _flag(flag: Mapping[str, Any]) -> str:
    told = [flag["code"], flag["status"], flag["ours"], flag["theirs"], flag["difference"]]
    return " ".join(str(word) for word in told if word is not None)


def differences(name: str, was: Books, now: Books) -> list[str]:
    """What the books of a history say otherwise than when they were blessed."""
    found: list[str] = []
    for kind in ("orders", "flags"):
        before, after = list(was[kind]), list(now[kind])
        found.extend(f"{name}: gone: {line}" for line in before if line not in after)
        found.extend(f"{name}: new: {line}" for line in after if line not in before)
    if not found and was["hash"] != now["hash"]:
        found.append(f"{name}: the state hash is another one; orders and flags read as before")
    return found
