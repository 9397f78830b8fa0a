"""A case: a bundle that a test opens, and what its books should conclude.

`breakwater case new` writes such a test. It fails until somebody has said of each order and of the
breaks what is right, and again when the program concludes otherwise.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.bootstrap import App
from adapters.bootstrap_bundle_open import opened_bundle, unsealed
from adapters.settings import Settings
from adapters.spelling import machine
from projections import queries
from projections.break_queries import break_list

UNDECIDED: Final = "UNDECIDED"
"""What is right is not known yet."""
BUCKETS = ("matched", "remaining", "cancelled", "lapsed", "voided")
SPELT_MAX = 50
"""Of so many orders a new case asks one by one; of more, of those alone that a break is about."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the books conclude: of each order, and what does not add up."""

    orders: Mapping[str, str]
    breaks: Sequence[str]


@contextmanager
def played(file: Path, digest: str) -> Generator[Books]:
    """The books of a bundle, judged by its own limits; raise unless it is that very bundle."""
    bundle = unsealed(file, digest)
    with tempfile.TemporaryDirectory(prefix="breakwater-case-") as directory:
        own: dict[str, Any] = dict(bundle.manifest["settings"])
        settings = Settings.model_validate({**own, "durability": "normal"})
        with opened_bundle(settings, f"sqlite:///{directory}/case.db", bundle) as (app, _):
            yield _books(app)


def settle(what: str, found: object, expected: object) -> None:
    """Raise `AssertionError` while `expected` is undecided, and when it is not what is found."""
    if expected == UNDECIDED:
        raise AssertionError(
            f"{what}: undecided. The books say {found!r}. Write here what is right, and keep the "
            "test: it fails while the program concludes otherwise."
        )
    if found != expected:
        raise AssertionError(
            f"{what}: the books say {found!r}, and {expected!r} is right by this case"
        )


def settle_orders(books: Books, expected: Mapping[str, str]) -> None:
    """Settle each of these orders."""
    for name, right in expected.items():
        settle(f"order {name}", books.orders.get(name, "no such order"), right)


def written(file: Path, name: str) -> str:
    """A test of the bundle, to be kept beside it: with what the books say now as questions."""
    bundle = unsealed(file)
    with played(file, bundle.digest) as books:
        asked = _asked(books)
        lines = "".join(
            f"    # now: {books.orders[order]}\n    {_text(order)}: UNDECIDED,\n" for order in asked
        )
        now = "".join(f"#     {_text(one)},\n" for one in books.breaks) or "#     none\n"
    return _TEST.format(
        name=name,
        file=_text(file.name),
        digest=bundle.digest,
        orders=f"{{\n{lines}}}" if lines else "{}",
        breaks=now.rstrip("\n"),
    )


def _asked(books: Books) -> Sequence[str]:
    if len(books.orders) <= SPELT_MAX:
        return list(books.orders)
    return [order for order in books.orders if any(f" {order}:" in one for one in books.breaks)]


def _books(app: App) -> Books:
    with app.reading() as connection:
        at = queries.as_of(connection)
        told = {str(one["order_key"]): one for one in queries.order_list(connection)}
        flags = [] if at is None else list(break_list(connection, at))
    names = dict(_names(told.values()))
    orders = {names[key]: _figures(one) for key, one in told.items()}
    return Books(
        dict(sorted(orders.items())),
        sorted(_flag(one, names.get(str(one["order_key"]))) for one in flags),
    )


def _names(told: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What each order is called: as the venue calls it, with the account where two are alike."""
    taken: set[str] = set()
    for one in sorted(told, key=lambda one: str(one["order_key"])):
        name = str(one["venue_order_id"] or one["client_order_id"] or one["order_key"])
        if name in taken:
            name = f"{name} of {one['account']} at {one['venue']}"
        taken.add(name)
        yield str(one["order_key"]), name


def _figures(one: Mapping[str, Any]) -> str:
    parts = " + ".join(f"{machine(one[bucket])} {bucket}" for bucket in BUCKETS)
    certain = "" if one["certain"] else ", uncertain"
    return f"{one['status']} {machine(one['size'])} = {parts}{certain}"


def _flag(one: Mapping[str, Any], order: str | None) -> str:
    about = "" if order is None else f" {order}"
    return f"{one['code']}{about}: ours {one['ours'] or '-'}, theirs {one['theirs'] or '-'}"


def _text(text: str) -> str:
    return json.dumps(text)


_TEST = '''"""A case: what the books of {name} should conclude. It fails until that is decided."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adapters.casework import UNDECIDED, played, settle, settle_orders

BUNDLE = Path(__file__).parent / {file}
DIGEST = "{digest}"

# For each order what is right, in the words of the line above it.
ORDERS: dict[str, str] = {orders}

# A list of the breaks that there should be. Now there are:
{breaks}
BREAKS: Sequence[str] | str = UNDECIDED


def test_every_order_stands_as_it_should() -> None:
    with played(BUNDLE, DIGEST) as books:
        settle_orders(books, ORDERS)


def test_what_does_not_add_up_is_what_should_not() -> None:
    with played(BUNDLE, DIGEST) as books:
        settle("breaks", books.breaks, BREAKS)
'''

__all__ = ["UNDECIDED", "Books", "played", "settle", "settle_orders", "written"]
