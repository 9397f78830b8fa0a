"""The part of what meets that makes a bundle of a piece of a log, and a log of a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import select

from adapters.bootstrap import App
from adapters.bootstrap_bundle_names import Unfaithful, retold
from adapters.bootstrap_bundles import (
    Doing,
    Piece,
    Wanted,
    beside_of,
    events_of,
    piece_of,
)
from adapters.bundles.pseudonyms import Renaming
from adapters.bundles.sealed import sealed
from adapters.eventlog.retelling import ToldLine
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import events
from adapters.exports.files import replacing
from adapters.limits import Limits
from adapters.settings import Settings
from adapters.spelling import machine
from domain.flags.flag import RULES_VERSION
from projections import queries
from projections.tables import orders

ALONE = "replaced where they stand alone"
"""Not every name of an account is replaced within longer texts."""
_FLAGS = ("group_min", "group_s_max", "venues", *Limits.model_fields)


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle: its bytes, its digest, and what it tells of itself."""

    data: bytes
    digest: str
    manifest: Mapping[str, Any]


def bundle_of(
    app: App, wanted: Wanted, *, keep_names: bool = False, doing: Doing = lambda _: None
) -> Made:
    """The bundle of a piece of the log; the same log and the same piece give the same bytes."""
    piece = piece_of(app, wanted, doing)
    told = piece.lines
    doing(f"giving accounts other names in {len(told):,} lines")
    names = retold(app, told, piece.owners, keep_names=keep_names)
    doing("putting the events and their proof beside them")
    beside = beside_of(app, wanted, piece)
    kept = [*events_of(app, piece.streams), *beside]
    counts = {"lines": len(told), "events": len(kept), "orders": _orders(app, piece)}
    manifest = _manifest(app, wanted, piece, counts)
    manifest["parted"] = names.renaming.words(piece.parted or "") or None
    manifest["of"]["market"] = names.renaming.words(wanted.only.market or "") or None
    manifest["names"] = _names(names.renaming, keep_names=keep_names)
    lines = _interleaved(told, names.lines, beside)
    data, digest = sealed(manifest, [*lines, *map(names.event, kept), *_proof(app, kept)])
    return Made(data, digest, manifest)


def _names(renaming: Renaming, *, keep_names: bool) -> str:
    if keep_names:
        return "kept"
    return "replaced" if renaming.bold else ALONE


def _manifest(app: App, wanted: Wanted, piece: Piece, counts: Mapping[str, int]) -> dict[str, Any]:
    head = app.store.log.head()
    flags = _flags(app.settings)
    with app.reading() as connection:
        at = queries.as_of(connection)
    return {
        "is": "bundle",
        "of": {
            "order": wanted.order is not None,
            "market": wanted.only.market,
            "venue": wanted.only.venue,
            "from": machine(wanted.since),
            "to": machine(wanted.until),
        },
        "counts": counts,
        "as_of": machine(at),
        "others": len(piece.others),
        "parted": piece.parted,
        "chain": {"position": head.position, "hash": head.hash.hex()},
        "settings": flags,
        "settings_hash": sha256(json.dumps(flags, sort_keys=True).encode()).hexdigest(),
        "versions": {
            "breakwater": version("breakwater"),
            "eventsourcing": version("eventsourcing"),
            "rules": RULES_VERSION,
        },
    }


def _orders(app: App, piece: Piece) -> int:
    with app.reading() as connection:
        keys = set(connection.execute(select(orders.c.order_key)).scalars())
    return sum(str(stream) in keys for stream in piece.streams)


def write_bytes(path: Path, data: bytes) -> None:
    """The bytes in place of the file, if there is one: whole, or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def _flags(settings: Settings) -> dict[str, Any]:
    told: dict[str, Any] = settings.model_dump(
        mode="json", include=set(_FLAGS), exclude_defaults=True
    )
    return told


def _proof(app: App, rows: Iterable[LogRow]) -> Iterator[dict[str, Any]]:
    found = hashes(app, {row.position for row in rows})
    for position, told in sorted(found.items()):
        yield {"is": "proof", "position": position, "hash": told}


def hashes(app: App, positions: Iterable[int]) -> dict[int, str]:
    """What vouches in the chain for the events at these positions, in hex."""
    wanted = sorted(positions)
    found: dict[int, str] = {}
    with app.reading() as connection:
        for start in range(0, len(wanted), 500):
            query = select(events.c.position, events.c.hash)
            query = query.where(events.c.position.in_(wanted[start : start + 500]))
            for position, told in connection.execute(query):
                found[position] = bytes(told).hex()
    return found


def _interleaved(
    told: Sequence[ToldLine], lines: Sequence[Mapping[str, Any]], beside: Sequence[LogRow]
) -> Iterator[dict[str, Any]]:
    """The lines as they were taken; each with how many of the events beside them came before."""
    waiting = sorted(row.position for row in beside)
    for line, record in zip(told, lines, strict=True):
        yield {**record, "beside": sum(position < line.place for position in waiting)}


__all__ = ["ALONE", "Made", "Unfaithful", "Wanted", "bundle_of", "write_bytes"]
