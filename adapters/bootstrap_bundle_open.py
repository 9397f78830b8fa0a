"""The part of what meets that proves a bundle, and makes a log of it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from adapters.bootstrap import App
from adapters.bootstrap_bundle_names import raw_of
from adapters.bootstrap_bundles import events_of
from adapters.bootstrap_bundling import hashes
from adapters.bootstrap_replay import STORED, Chunk, into, replayed
from adapters.bundles.sealed import Altered, Bundle, unsealed
from adapters.captures.ndjson import item
from adapters.codec import decode
from adapters.eventlog.rows import Head, LogRow
from adapters.settings import Settings
from domain.wire import Item

MOMENT = "bundle-moment"
"""The recording whose one line says nothing but when the log that a bundle is of was last heard."""


def proven(app: App, bundle: Bundle) -> str | None:
    """How a bundle parts from the log that it says it is of; None: it is a piece of that very log.

    Each event's place and hash are those of the chain, and the chain is walked.
    """
    manifest = bundle.manifest
    head = manifest["chain"]
    report = app.store.verified([Head(head["position"], bytes.fromhex(head["hash"]))])
    if report.damage is not None:
        return f"the log: position {report.damage.position}: {report.damage.what}"
    held = {one["position"]: one["hash"] for one in bundle.records if one["is"] == "proof"}
    found = hashes(app, held)
    for position, told in sorted(held.items()):
        if found.get(position) != told:
            return f"the log has another event at position {position}"
    return None


@contextmanager
def opened_bundle(
    settings: Settings, url: str, bundle: Bundle
) -> Generator[tuple[App, str | None]]:
    """A log of the bundle's lines, and where its reading parts from the bundle's events, if so."""
    with into(settings, url) as app:
        replayed(app, _chunks(bundle))
        yield app, _read_otherwise(app, bundle)


def settings_text(bundle: Bundle) -> str:
    """What decides about flags where the bundle was made, as a settings file; empty: defaults."""
    told: dict[str, Any] = dict(bundle.manifest["settings"])
    venues: Mapping[str, Mapping[str, Any]] = told.pop("venues", {})
    parts = [f"{name} = {_toml(value)}\n" for name, value in told.items()]
    for venue, own in venues.items():
        parts.append(f"\n[venues.{json.dumps(venue)}]\n")
        parts += [f"{name} = {_toml(value)}\n" for name, value in own.items()]
    return "".join(parts)


def _toml(value: object) -> str:
    return json.dumps(value)


def _chunks(bundle: Bundle) -> Iterator[Chunk]:
    manifest, records = bundle.manifest, bundle.records
    beside = [_row(one) for one in records if one["is"] == "beside"]
    beside.sort(key=lambda row: row.position)
    if manifest["as_of"] is not None:
        yield Chunk(MOMENT, [item(MOMENT, 1, _moment(str(manifest["as_of"])))])
    due = 0
    batch: list[Item] = []
    for one in records:
        if one["is"] == "line":
            if one["beside"] > due:
                yield Chunk(STORED, batch)
                yield Chunk(STORED, (), [decode(*row) for row in beside[due : one["beside"]]])
                batch, due = [], one["beside"]
            batch.append(item(STORED, one["seq"], raw_of(one)))
    yield Chunk(STORED, batch)
    yield Chunk(STORED, (), [decode(*row) for row in beside[due:]])


def _moment(at: str) -> bytes:
    """A line that says nothing of any order: it tells how late it was in the log."""
    line = {
        "v": 1,
        "capture": MOMENT,
        "seq": 1,
        "at": at,
        "venue": "canonical",
        "account": "bundle",
        "direction": "sent",
        "frame": {"msg": "OrderStatusRequest", "order_id": "moment"},
    }
    return json.dumps(line).encode()


def _row(one: Mapping[str, Any]) -> LogRow:
    return LogRow(
        one["position"],
        UUID(one["stream"]),
        one["version"],
        one["topic"],
        raw_of(one),
        one["recorded_at"],
        one["capture"],
        one["seq"],
    )


def _read_otherwise(app: App, bundle: Bundle) -> str | None:
    told = [_row(one) for one in bundle.records if one["is"] == "event"]
    held = {(row.stream, row.version): row for row in events_of(app, {row.stream for row in told})}
    for row in told:
        other = held.get((row.stream, row.version))
        if other is None or (other.topic, other.state) != (row.topic, row.state):
            was = f"position {row.position} of the original, {row.topic}"
            return f"{was}, of capture {row.capture} seq {row.seq}"
    return None


__all__ = [
    "Altered",
    "Bundle",
    "opened_bundle",
    "proven",
    "settings_text",
    "unsealed",
]
