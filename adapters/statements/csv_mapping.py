"""The column mapping of a CSV: which column is which field of ours, and how cells are written."""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from adapters.statements.errors import BadMapping
from domain.lifecycle import Status
from domain.statement import Lists
from domain.values import PriceFormat, Side

HOW_TO = "see docs/howto/write-a-statement-mapping.md and try again"
SIDES = {"BACK": Side.BUY, "LAY": Side.SELL}
DELIMITERS = (",", ";", "\t", "|")

Column = Annotated[str, Field(min_length=1)] | Annotated[int, Field(ge=1)]
"""A column by its name in the header, or by its place from 1 where there is no header."""


def _side(word: object) -> object:
    return SIDES.get(word.strip().upper(), word.strip().upper()) if isinstance(word, str) else word


def _upper(word: object) -> object:
    return word.strip().upper() if isinstance(word, str) else word


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ValueError("no encoding that Python knows") from error
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError("no time zone by its IANA name, as `Europe/Vienna`") from error
    return name


def _plain(word: str) -> str:
    return word.strip().casefold()


class Model(BaseModel):
    """A table of the file; what it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(Model):
    """Our fields, each with the column that has it. At least one must name an order or a match."""

    venue_order_id: Column | None = None
    client_order_id: Column | None = None
    wager_id: Column | None = None
    market: Column | None = None
    selection: Column | None = None
    side: Column | None = None
    currency: Column | None = None
    user_ref: Column | None = None
    placed_at: Column | None = None
    expires_at: Column | None = None
    updated_at: Column | None = None
    price: Column | None = None
    price_format: Column | None = None
    size: Column | None = None
    matched: Column | None = None
    remaining: Column | None = None
    cancelled: Column | None = None
    lapsed: Column | None = None
    voided: Column | None = None
    status: Column | None = None
    average_price: Column | None = None
    profit: Column | None = None
    fill_id: Column | None = None
    fill_size: Column | None = None
    fill_price: Column | None = None
    fill_at: Column | None = None
    fee: Column | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Columns:
        if not any((self.venue_order_id, self.client_order_id, self.wager_id, self.fill_id)):
            raise ValueError(
                "no column names an order: map venue_order_id, client_order_id, wager_id or fill_id"
            )
        return self


class Mapping(Model):
    """How a CSV is to be read. What is left out is as in a plain file of our own."""

    columns: Columns
    lists: Lists = Lists.ORDERS
    complete: bool | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    header: bool = True
    skip_lines: Annotated[int, Field(ge=0, le=1000)] = 0
    decimal: Literal[".", ","] = "."
    thousands: Annotated[str, Field(max_length=1)] = ""
    price_format: PriceFormat = PriceFormat.PLAIN
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    time_format: str = "iso"
    currency: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,12}$")] | None = None
    empty: frozenset[str] = frozenset({""})
    status: dict[str, Annotated[Status, BeforeValidator(_upper)]] = {}
    side: dict[str, Annotated[Side, BeforeValidator(_side)]] = {}
    ignore: dict[str, frozenset[str]] = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Mapping:
        if self.thousands and self.thousands == self.decimal:
            raise ValueError("thousands and decimal are the same sign")
        if self.thousands.isalnum() or self.thousands in {"+", "-"}:
            raise ValueError("thousands: a digit, a letter or a sign separates nothing")
        places = self.columns.model_dump(exclude_none=True).values()
        if not self.header and not all(isinstance(one, int) for one in places):
            raise ValueError("header = false: columns are named by their place, from 1")
        return self

    @property
    def statuses(self) -> dict[str, Status]:
        """Every word that is a status, in small letters; ours are known without being listed."""
        ours = {_plain(word.value): word for word in Status}
        spoken = {_plain(word.value.replace("_", " ")): word for word in Status}
        told = {_plain(word): status for word, status in self.status.items()}
        return {**spoken, **ours, "canceled": Status.CANCELLED, **told}

    @property
    def sides(self) -> dict[str, Side]:
        """Every word that is a side, in small letters."""
        ours = {_plain(word): side for word, side in SIDES.items()}
        told = {_plain(word): side for word, side in self.side.items()}
        return {**{_plain(side.value): side for side in Side}, **ours, **told}


def mapping_of(path: Path) -> Mapping:
    """The mapping in a file; `BadMapping` names the place and what to do."""
    text = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        source = text.decode()
        told = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise BadMapping(f"{path}: not UTF-8 at byte {error.start}; {HOW_TO}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"{path}: no TOML: {error}; {HOW_TO}") from error
    try:
        return Mapping.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        steps = [str(step) for step in first["loc"] if step not in {"str", "int"}]
        line = _line_of(source, steps)
        where = f"{path}:{line}" if line else str(path)
        what = first["msg"].removeprefix("Value error, ")
        place = f"{'.'.join(steps)}: " if steps else ""
        raise BadMapping(f"{where}: {place}{what}; {HOW_TO}") from error


def _line_of(source: str, steps: list[str]) -> int | None:
    """The line that the key stands in, as well as a reader would find it."""
    for step in reversed(steps):
        key = re.compile(rf"^\s*(\[[\w.\"]*)?[\"']?{re.escape(step)}[\"']?\s*[=\]]", re.MULTILINE)
        if (found := key.search(source)) is not None:
            return source.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1
    return None


def own_names(head: bytes) -> Mapping | None:
    """The mapping of a CSV whose columns have our own names; None when it is another one."""
    first = next(iter(head.decode("utf-8", "replace").lstrip("\ufeff").splitlines()), "")
    for delimiter in DELIMITERS:
        names = [name.strip() for name in first.replace('"', "").split(delimiter)]
        known = {name: name for name in names if name in Columns.model_fields}
        try:
            return Mapping(columns=Columns.model_validate(known), delimiter=delimiter)
        except ValidationError:
            continue
    return None
