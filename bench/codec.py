"""How fast facts become bytes and come back: ours, pydantic, the library's own transcoder.

All write the fact and what stands around it (id, owner, two times). pydantic reads and writes the
same dataclasses (`TypeAdapter`) and leaves defaults out, as we do. The library's transcoder is
given plain dictionaries and asked for dictionaries back: making the dataclasses of them is left
out, in its favour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, make_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import (
    DatetimeAsISO,
    DecimalAsStr,
    JSONTranscoder,
    UUIDAsHex,
)
from pydantic import TypeAdapter

from adapters.codec import DECODERS, encode
from bench.measure import Took, best, show, times, took
from domain import events as e
from domain.ids import derived
from domain.lifecycle import Status
from domain.recorded import Pending
from domain.values import Account, Name, NameKind, Price, PriceFormat, Side

REPEATS = 2_000
ROUNDS = 5

PRICE = Price(Decimal("1.95"), PriceFormat.DECIMAL)
CLAIMS = e.Claims(
    status=Status.PARTIALLY_FILLED,
    raw_status="PARTIAL",
    size=Decimal(100),
    matched=Decimal(40),
    remaining=Decimal(60),
)
CANCEL = derived("cancel", "bench")
NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
LIFE: Sequence[e.OrderEvent] = (
    e.OrderPlaced(
        terms=e.Terms(size=Decimal(100), price=PRICE, side=Side.BUY, market="M1", placed_at=NOON),
        names=(Name(NameKind.CLIENT, "c-1"),),
    ),
    e.OrderAccepted(names=(Name(NameKind.VENUE, "v-1"),), claims=CLAIMS, report_id="r-1"),
    e.Filled(fill_id="f-1", size=Decimal(40), price=PRICE, claims=CLAIMS, report_id="r-2"),
    e.CancelRequested(cancel_id=CANCEL, asked="v-1"),
    e.CancelPending(cancel_id=CANCEL, claims=CLAIMS, report_id="r-3"),
    e.Cancelled(cancel_id=CANCEL, size=Decimal(60), claims=CLAIMS, report_id="r-4"),
)
"""One order's life, as a venue with full reports tells it."""


def pending(event: e.OrderEvent) -> Pending:
    """The fact on its way into the log."""
    owner = Account("abp", "desk-7")
    return Pending(CANCEL, 1, owner, CANCEL, NOON, NOON, "night", 7, event)


def adapter_of(kind: type[Any]) -> TypeAdapter[Any]:
    """How pydantic reads and writes a fact of this kind with what stands around it."""
    around = [("id", UUID), ("venue", str), ("account", str), ("observed", datetime)]
    return TypeAdapter(
        make_dataclass(kind.__name__, [*around, ("occurred", datetime), ("data", kind)])
    )


def around(event: e.OrderEvent) -> dict[str, Any]:
    """A fact with what stands around it."""
    named = {"id": CANCEL, "venue": "abp", "account": "desk-7"}
    return {**named, "observed": NOON, "occurred": NOON, "data": event}


def repeated(work: Callable[[], object]) -> Callable[[], Took]:
    """The work, over and over."""

    def run() -> None:
        for _ in range(REPEATS):
            work()

    return lambda: took(run)


def library() -> JSONTranscoder:
    """The library's transcoder with the types of our facts."""
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DecimalAsStr(), DatetimeAsISO()):
        transcoder.register(transcoding)
    return transcoder


def main() -> None:
    """Measure, and print the table of docs/performance.md."""
    waiting = [pending(event) for event in LIFE]
    ours = [encode(item) for item in waiting]
    adapters = [adapter_of(type(event)) for event in LIFE]
    models = [
        adapter.validate_python(around(event))
        for adapter, event in zip(adapters, LIFE, strict=True)
    ]
    pydantic = [
        adapter.dump_json(model, exclude_defaults=True)
        for adapter, model in zip(adapters, models, strict=True)
    ]
    transcoder = library()
    plain = [_plain({**around(event), "data": asdict(event)}) for event in LIFE]
    theirs = [transcoder.encode(item) for item in plain]

    writing = best(
        ROUNDS,
        {
            "ours": repeated(lambda: [encode(item) for item in waiting]),
            "pydantic": repeated(
                lambda: [
                    adapter.dump_json(model, exclude_defaults=True)
                    for adapter, model in zip(adapters, models, strict=True)
                ]
            ),
            "library": repeated(lambda: [transcoder.encode(item) for item in plain]),
        },
    )
    reading = best(
        ROUNDS,
        {
            "ours": repeated(lambda: [DECODERS[name](raw) for name, raw in ours]),
            "pydantic": repeated(
                lambda: [
                    adapter.validate_json(raw)
                    for adapter, raw in zip(adapters, pydantic, strict=True)
                ]
            ),
            "library": repeated(lambda: [transcoder.decode(raw) for raw in theirs]),
        },
    )
    sizes = [
        sum(map(len, each)) // len(LIFE) for each in ([raw for _, raw in ours], pydantic, theirs)
    ]
    _show(writing, reading, sizes)


def _plain(value: object) -> object:
    """Lists instead of tuples, text instead of enums: what the transcoder knows."""
    match value:
        case dict():
            return {key: _plain(item) for key, item in cast("dict[str, object]", value).items()}
        case tuple():
            return [_plain(item) for item in cast("Iterable[object]", value)]
        case str():
            return str(value)
        case _:
            return value


def _show(writing: Mapping[str, Took], reading: Mapping[str, Took], sizes: Sequence[int]) -> None:
    count = REPEATS * len(LIFE)
    rows: list[list[object]] = [["", "write", "", "read", "", "bytes"]]
    (_, first_write), *_ = writing.items()
    (_, first_read), *_ = reading.items()
    for (name, write), read, size in zip(writing.items(), reading.values(), sizes, strict=True):
        rows.append(
            [
                name,
                f"{write.cpu_s / count * 1e6:.2f} µs",
                times(write.cpu_s / first_write.cpu_s),
                f"{read.cpu_s / count * 1e6:.2f} µs",
                times(read.cpu_s / first_read.cpu_s),
                size,
            ]
        )
    show("One fact, written and read (processor time)", rows)


if __name__ == "__main__":
    main()
