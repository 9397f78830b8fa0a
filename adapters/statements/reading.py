"""A venue's list of orders as files, read into a statement: `read_statement` is the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from adapters.statements.answers import KEPT_BYTES, Answer, Trouble, answers, way_of
from adapters.statements.bodies import bodies, loose
from adapters.statements.csv_mapping import Mapping as ColumnMapping
from adapters.statements.csv_mapping import mapping_of, own_names
from adapters.statements.csv_rows import CsvPart, csv_part
from adapters.statements.errors import NotAStatement
from adapters.statements.files import File, file_of
from adapters.statements.objects import fields_of
from adapters.statements.parts import Part, told_missing
from adapters.statements.plan import Plan
from adapters.statements.ports import Tools
from adapters.statements.rows import Rows, another, in_row
from domain.statement import (
    PartMissing,
    Place,
    RowAside,
    Statement,
    StatementInput,
    StatementRow,
    Told,
    Unread,
)
from domain.values import Account
from domain.wire import Unreadable

HOW_TO = "docs/howto/write-a-statement-mapping.md"


class Readable(Protocol):
    """One input of a statement."""

    @property
    def input(self) -> StatementInput:
        """What a run is told of it."""
        ...

    def tell(self, index: int) -> Iterator[Told | Unread]:
        """Its rows, and what is wrong with it."""
        ...


def read_statement(
    owner: Account, paths: Sequence[str], tools: Tools, *, mapping: str | None = None
) -> Statement:
    """The statement that these files are; `NotAStatement` or `BadMapping` when one is none.

    Files are looked through once here and read again, row by row, by whoever reads the statement.
    """
    columns = None if mapping is None else mapping_of(Path(mapping))
    plan = Plan(tools, owner)
    readable: list[Readable] = []
    hashes: set[str] = set()
    files: list[File] = []
    for path in paths:
        file = file_of(path)
        if file.sha256 in hashes:
            continue  # the very same file, named twice
        hashes.add(file.sha256)
        files.append(file)
        head = file.head(tools.unpack)
        way = way_of(head, tools)
        if way is None:
            readable.append(_csv(file, head, columns, owner, tools))
        else:
            plan.read(len(files) - 1, file, way)
    plan.finish()
    readable.extend(_listed(plan.parts, files, tools, owner))
    return Statement(
        owner=owner,
        inputs=[one.input for one in readable],
        read=partial(_tell, readable),
    )


def _tell(readable: Sequence[Readable]) -> Iterator[Told | Unread]:
    for index, one in enumerate(readable):
        yield from one.tell(index)


def _csv(
    file: File, head: bytes, columns: ColumnMapping | None, owner: Account, tools: Tools
) -> CsvPart:
    """The file by its column mapping; one in our own column names needs none."""
    if not head.strip():
        raise NotAStatement(f"{file.name}: empty; fetch the list again")
    if head.startswith(b"PK\x03\x04"):
        raise NotAStatement(f"{file.name}: a spreadsheet or archive; save it as CSV and try again")
    if columns is None:
        columns = own_names(head)
    if columns is None:
        venue, account = owner.venue, owner.account
        raise NotAStatement(
            f"{file.name}: neither JSON nor CSV with our own column names. For any other CSV write "
            f"a column mapping ({HOW_TO}) and try `breakwater reconcile {venue} --account "
            f"{account} --statement {file.name} --mapping mapping.toml`"
        )
    return csv_part(file, columns, tools)


def _listed(
    parts: Sequence[Part], files: Sequence[File], tools: Tools, owner: Account
) -> Iterator[Readable]:
    newest = max((part.at for part in parts if part.at is not None), default=None)
    several = {part.file for part in parts if sum(one.file == part.file for one in parts) > 1}
    for place, part in enumerate(parts):
        file = files[part.file]
        name = f"{file.name} ({part.listing.name})" if part.file in several else file.name
        own = [one for one in parts if one.file == part.file]
        yield ListPart(
            input=part.input(name, file.sha256),
            part=part,
            place=place,
            parts=parts,
            first=own[0] is part,
            paged=frozenset(line for one in own for line in one.answers),
            newest=newest,
            answers=partial(_answers, file, tools, owner),
            tools=tools,
            owner=owner,
        )


def _answers(file: File, tools: Tools, owner: Account) -> Iterator[Answer | Trouble]:
    way = way_of(file.head(tools.unpack), tools)
    assert way is not None, "it was JSON when it was looked through"
    return answers(file, way, tools, owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """One list of a file, read row by row. `first`: it tells what of the file cannot be read."""

    input: StatementInput
    part: Part
    place: int
    parts: Sequence[Part]
    first: bool
    paged: frozenset[int]
    newest: datetime | None
    answers: Callable[[], Iterator[Answer | Trouble]]
    tools: Tools
    owner: Account

    def tell(self, index: int) -> Iterator[Told]:
        """Its rows, and what is wrong with it."""
        yield from told_missing(self.parts, self.place, index)
        by_themselves = Rows(self.part.listing, self.tools, self.owner, {}, None)
        for one in self.answers():
            if isinstance(one, Trouble):
                if self.first:
                    yield _trouble(one, index)
            elif one.line in self.part.answers:
                yield from self._page(one, index)
            elif self.part.loose and one.line not in self.paged and one.path is None:
                yield from self._loose(one, by_themselves, index)

    def _page(self, answer: Answer, index: int) -> Iterator[Told]:
        listing, part = self.part.listing, self.part
        if answer.status not in range(200, 300):
            return  # no rows
        for body in bodies(answer.raw, [listing], self.tools.parse, asked=True):
            before = answer.at is not None and answer.at != self.newest
            at = answer.at if before else None
            stranger = another(listing, body.envelope, self.owner)
            if stranger is not None:
                place = Place(index, answer.line)
                yield RowAside(place=place, reason=stranger, raw=answer.raw[:KEPT_BYTES])
                continue
            rows = Rows(listing, self.tools, self.owner, body.envelope, answer.path)
            for row, raw in enumerate(body.rows):
                if (answer.line, row) not in part.skipped:
                    # a document is one answer: its rows are counted, not its lines
                    line = row + 1 if len(part.answers) == 1 else answer.line
                    yield from self._row(rows, raw, Place(index, line), at=at)

    def _loose(self, answer: Answer, rows: Rows, index: int) -> Iterator[Told]:
        place = Place(index, answer.line)
        try:
            value = self.tools.parse(answer.raw)
        except ValueError as error:
            yield RowAside(place=place, reason=str(error), raw=answer.raw[:KEPT_BYTES])
            return
        listing = loose(fields_of(value), self.tools.listings)
        if listing is self.part.listing:
            yield from self._row(rows, answer.raw, place, value=value)
        elif listing is None and self.first and not answer.frame:
            reason = f"no row of {self.part.listing.name}"
            yield RowAside(place=place, reason=reason, raw=answer.raw[:KEPT_BYTES])

    def _row(
        self,
        rows: Rows,
        raw: bytes,
        place: Place,
        *,
        value: object = None,
        at: datetime | None = None,
    ) -> Iterator[StatementRow | RowAside]:
        try:
            row = rows.row(self.tools.parse(raw) if value is None else value, place, at)
        except (Unreadable, ValueError) as error:
            yield RowAside(place=place, reason=in_row(str(error)), raw=raw[:KEPT_BYTES])
        else:
            if row is not None:
                yield row


def _trouble(trouble: Trouble, index: int) -> PartMissing | RowAside:
    place = Place(index, trouble.line)
    if not trouble.raw:
        return PartMissing(place=place, reason=trouble.reason)
    return RowAside(place=place, reason=trouble.reason, raw=trouble.raw)
