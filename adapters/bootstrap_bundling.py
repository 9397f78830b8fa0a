"""The part of what meets that makes a bundle of a piece of a log, and a log of a bundle."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from adapters.bootstrap import App
from adapters.bootstrap_bundles import (
    Piece,
    Place,
    Wanted,
    beside_of,
    events_of,
    lines_of,
    only_lines,
    owners_of,
    piece_of,
)
from adapters.bootstrap_replay import private, replayed
from adapters.bundles.numbering import Numbering, renumbered
from adapters.bundles.pseudonyms import Renaming, pseudonyms
from adapters.bundles.sealed import sealed
from adapters.captures.redact import scrubbed
from adapters.engine.reconciling import run_stream
from adapters.eventlog.retelling import ToldLine
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import captures, events, wire
from adapters.exports.files import replacing
from adapters.limits import Limits
from adapters.settings import Settings
from adapters.spelling import machine
from domain.flags.flag import RULES_VERSION
from domain.ids import desk_stream
from domain.values import Account
from projections import queries
from projections.tables import breaks, orders

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FLAGS = ("group_min", "group_s_max", "venues", *Limits.model_fields)


class Unfaithful(Exception):
    """With other names of accounts the lines would be read otherwise."""


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle: its bytes, its digest, and what it tells of itself."""

    data: bytes
    digest: str
    manifest: Mapping[str, Any]


def bundle_of(app: App, wanted: Wanted, *, keep_names: bool = False) -> Made:
    """The bundle of a piece of the log; the same log and the same piece give the same bytes."""
    piece = piece_of(app, wanted)
    called = {} if keep_names else pseudonyms(owners_of(app, piece.places))
    told = list(lines_of(app, piece.places))
    renaming = Renaming(called)
    numbering = _numbering(app, piece.places)
    lines = [_line(line, renaming, numbering) for line in told]
    pairs = _paired(app, told, lines, renaming)
    beside = beside_of(app, wanted, piece)
    kept = [*events_of(app, piece.streams), *beside]
    stored = [_event(row, renaming, numbering, pairs) for row in kept]
    proof = _proof(app, kept)
    counts = {"lines": len(lines), "events": len(kept), "orders": _orders(app, piece)}
    manifest = _manifest(app, wanted, piece, counts)
    data, digest = sealed(manifest, [*_interleaved(told, lines, beside), *stored, *proof])
    return Made(data, digest, manifest)


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


def _numbering(app: App, places: set[Place]) -> Numbering:
    chosen: dict[str, set[int]] = {}
    for capture, seq in places:
        chosen.setdefault(capture, set()).add(seq)
    held: dict[str, list[int]] = {}
    with app.reading() as connection:
        for capture in chosen:
            query = (
                select(wire.c.seq)
                .join_from(wire, captures, captures.c.id == wire.c.capture_id)
                .where(captures.c.name == capture)
                .order_by(wire.c.seq)
            )
            held[capture] = list(connection.execute(query).scalars())
    return Numbering(held, chosen)


def _line(line: ToldLine, renaming: Renaming, numbering: Numbering) -> dict[str, Any]:
    seq = numbering.of(line.capture, line.seq)
    text = scrubbed(line.raw).decode("utf-8", "surrogateescape")
    told = renaming.text(renumbered(text, line.seq, seq))
    return {"is": "line", "place": line.place, "seq": seq, "was": line.seq, **_kept(told)}


def _kept(text: str) -> dict[str, str]:
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "surrogateescape")
        return {"base64": base64.b64encode(raw).decode()}
    return {"raw": text}


def raw_of(record: Mapping[str, Any]) -> bytes:
    """The bytes that a record keeps."""
    if "base64" in record:
        return base64.b64decode(record["base64"], validate=True)
    return str(record["raw"]).encode()


def _paired(
    app: App, told: Sequence[ToldLine], lines: Sequence[Mapping[str, Any]], renaming: Renaming
) -> dict[str, str]:
    """What each id that follows from an account's name is with the other name.

    Both readings are of today's program; one that is not the other but for names is refused.
    """
    with private(app.settings) as mine, private(app.settings) as other:
        replayed(mine, only_lines((line.seq, line.raw) for line in told))
        replayed(other, only_lines((line["seq"], raw_of(line)) for line in lines))
        pairs: dict[str, str] = {}
        before, after = _traffic(mine), _traffic(other)
        if len(before) != len(after):
            raise Unfaithful(f"{len(before)} events would be {len(after)}")
        for one, new in zip(before, after, strict=True):
            if one.topic != new.topic:
                raise Unfaithful(f"position {one.position}: {one.topic} would be {new.topic}")
            pairs[str(one.stream)] = str(new.stream)
            ids = (_UUID.findall(row.state.decode("utf-8", "replace")) for row in (one, new))
            pairs.update(zip(*ids, strict=False))
        pairs.update(_paired_breaks(mine, other, pairs))
    for owner in owners_of(app, {(line.capture, line.seq) for line in told}):
        new_owner = Account(owner.venue, renaming.name(owner.account))
        pairs[str(run_stream(owner))] = str(run_stream(new_owner))
    return pairs


def _traffic(app: App) -> list[LogRow]:
    """What lines caused, but for what is told of jumps between them."""
    return [
        row
        for row in _every(app)
        if row.capture is not None and not row.topic.startswith(("LinesMissing", "LinesFound"))
    ]


def _every(app: App) -> Iterator[LogRow]:
    position = 0
    while rows := app.store.log.after(position, 5_000):
        yield from rows
        position = rows[-1].position


def _paired_breaks(mine: App, other: App, pairs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ids of breaks, and of the streams of what people decided about them."""
    columns = (breaks.c.break_id, breaks.c.subject, breaks.c.code, breaks.c.opened_at)
    query = select(*columns, breaks.c.ours, breaks.c.theirs)

    def found(app: App, of: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
        with app.reading() as connection:
            rows = connection.execute(query).all()
        return sorted(((of.get(row[1], row[1]), *map(str, row[2:])), str(row[0])) for row in rows)

    for (key, old), (same, new) in zip(found(mine, pairs), found(other, {}), strict=False):
        if key == same:
            yield old, new
            yield str(desk_stream(UUID(old))), str(desk_stream(UUID(new)))


def _event(
    row: LogRow, renaming: Renaming, numbering: Numbering, pairs: Mapping[str, str]
) -> dict[str, Any]:
    state = scrubbed(row.state).decode("utf-8", "surrogateescape")
    capture = row.capture
    return {
        "is": "event" if capture is not None else "beside",
        "position": row.position,
        "stream": pairs.get(str(row.stream), str(row.stream)),
        "version": row.version,
        "topic": row.topic,
        "recorded_at": row.recorded_at,
        "capture": None if capture is None else renaming.name(capture),
        "seq": None if capture is None or row.seq is None else numbering.of(capture, row.seq),
        **_kept(_UUID.sub(lambda one: pairs.get(one.group(), one.group()), renaming.text(state))),
    }


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
    told: Sequence[ToldLine], lines: Sequence[dict[str, Any]], beside: Sequence[LogRow]
) -> Iterator[dict[str, Any]]:
    """The lines as they were taken; each with how many of the events beside them came before."""
    waiting = sorted(row.position for row in beside)
    for line, record in zip(told, lines, strict=True):
        yield {**record, "beside": sum(position < line.place for position in waiting)}


__all__ = ["Made", "Unfaithful", "Wanted", "bundle_of", "write_bytes"]
