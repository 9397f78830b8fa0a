"""The part of what meets that tells lines with other names of accounts, and proves them alike."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from adapters.bootstrap import App
from adapters.bootstrap_bundles import Place, only_lines
from adapters.bootstrap_replay import private, replayed
from adapters.bundles.numbering import Numbering, renumbered
from adapters.bundles.pseudonyms import Renaming, pseudonyms, telling
from adapters.captures.redact import scrubbed
from adapters.engine.reconciling import run_stream
from adapters.eventlog.retelling import ToldLine
from adapters.eventlog.rows import LogRow
from adapters.eventlog.schema import captures, wire
from domain.ids import desk_stream
from domain.values import Account
from projections.tables import breaks, cancels, orders

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Unfaithful(Exception):
    """With other names of accounts the lines would be read otherwise."""


@dataclass(frozen=True, slots=True)
class Retold:
    """Lines as a bundle tells them; `pairs` has what every id that follows from them becomes."""

    renaming: Renaming
    numbering: Numbering
    lines: Sequence[Mapping[str, Any]]
    pairs: Mapping[str, str]

    def event(self, row: LogRow) -> dict[str, Any]:
        """What a record tells of an event."""
        capture, seq = row.capture, row.seq
        return {
            "is": "event" if capture is not None else "beside",
            "position": row.position,
            "stream": self.pairs.get(str(row.stream), str(row.stream)),
            "version": row.version,
            "topic": row.topic,
            "recorded_at": row.recorded_at,
            "capture": None if capture is None else self.renaming.name(capture),
            "seq": None if capture is None or seq is None else self.numbering.of(capture, seq),
            **_kept(_state(row, self.renaming, self.pairs)),
        }


def retold(
    app: App, told: Sequence[ToldLine], owners: set[Account], *, keep_names: bool = False
) -> Retold:
    """The lines with other names of accounts, wherever they are.

    Where a name is a word of the messages, too, and they would be understood otherwise without it,
    names are replaced only where they are hardly anything else; `Unfaithful` when even that fails.
    """
    numbering = _numbering(app, {(line.capture, line.seq) for line in told})
    called = {} if keep_names else pseudonyms(owners | _accounts(app))
    own = {owner.account for owner in owners}
    bold = {name: new for name, new in called.items() if name in own or telling(name)}
    try:
        return _retold(app, told, owners, Renaming(bold, bold=True), numbering)
    except Unfaithful:
        plain = {name: new for name, new in called.items() if name in own}
        return _retold(app, told, owners, Renaming(plain), numbering)


def raw_of(record: Mapping[str, Any]) -> bytes:
    """The bytes that a record keeps."""
    if "base64" in record:
        return base64.b64decode(record["base64"], validate=True)
    return str(record["raw"]).encode()


def _retold(
    app: App,
    told: Sequence[ToldLine],
    owners: set[Account],
    renaming: Renaming,
    numbering: Numbering,
) -> Retold:
    lines = [_line(line, renaming, numbering) for line in told]
    pairs = _paired(app, told, lines, renaming)
    for owner in owners:
        new_owner = Account(owner.venue, renaming.name(owner.account))
        pairs[str(run_stream(owner))] = str(run_stream(new_owner))
    return Retold(renaming, numbering, lines, pairs)


def _accounts(app: App) -> set[Account]:
    """Every account that the books know, for a message of one may name another."""
    with app.reading() as connection:
        return {
            Account(*row)
            for table in (orders, cancels, breaks)
            for row in connection.execute(select(table.c.venue, table.c.account).distinct())
        }


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


def _state(row: LogRow, renaming: Renaming, pairs: Mapping[str, str]) -> str:
    state = scrubbed(row.state).decode("utf-8", "surrogateescape")
    return _UUID.sub(lambda one: pairs.get(one.group(), one.group()), renaming.text(state))


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
        if renaming.bold:
            _the_same(before, after, renaming, pairs)
        pairs.update(_paired_breaks(mine, other, dict(pairs), renaming))
    return pairs


def _the_same(
    before: Sequence[LogRow], after: Sequence[LogRow], renaming: Renaming, pairs: Mapping[str, str]
) -> None:
    for one, new in zip(before, after, strict=True):
        if _state(one, renaming, pairs).encode("utf-8", "surrogateescape") != new.state:
            raise Unfaithful(f"position {one.position}: {one.topic} would say something else")


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


def _paired_breaks(
    mine: App, other: App, pairs: Mapping[str, str], renaming: Renaming
) -> Iterator[tuple[str, str]]:
    """The ids of breaks, and of the streams of what people decided about them.

    Breaks of what is no stream of the traffic are known by their account and time.
    """
    same = {new: new for new in pairs.values()}
    found = _breaks(other, same, Renaming({}))
    for key, ids in _breaks(mine, pairs, renaming).items():
        for old, new in zip(ids, found.get(key, ()), strict=False):
            yield old, new
            yield str(desk_stream(UUID(old))), str(desk_stream(UUID(new)))


def _breaks(
    app: App, pairs: Mapping[str, str], renaming: Renaming
) -> dict[tuple[str, ...], list[str]]:
    """The ids of breaks by what they are about, those alike by their figures."""
    names = ("subject", "code", "opened_at", "venue", "account", "ours", "theirs", "break_id")
    with app.reading() as connection:
        rows = connection.execute(select(*(breaks.c[name] for name in names))).all()
    told: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for row in rows:
        subject, code, opened_at, venue, account, ours, theirs, break_id = map(str, row)
        key = (pairs.get(subject, ""), code, opened_at, venue, renaming.name(account))
        alike = told.setdefault(key, [])
        alike.append((renaming.words(ours), renaming.words(theirs), break_id))
    return {key: [row[2] for row in sorted(found)] for key, found in told.items()}
