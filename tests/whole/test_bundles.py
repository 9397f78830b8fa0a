"""A bundle answers as the log did of which it is a piece, but for the names of accounts."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bootstrap import App, open_files, opened
from adapters.bootstrap_bundle_open import opened_bundle, proven, unsealed
from adapters.bootstrap_bundling import Made, Wanted, bundle_of
from adapters.bootstrap_replay import checked, of_log, private, replayed
from adapters.bundles.pseudonyms import Renaming, pseudonyms
from adapters.bundles.sealed import read_sealed
from adapters.settings import Settings
from adapters.spelling import machine
from domain.values import Account
from projections import queries
from projections.break_queries import Wanted as Breaks
from projections.break_queries import break_list
from projections.queries import Only
from tests.feeding import desk
from tests.golden.histories import histories

EXAMPLES = Path(__file__).parents[2] / "examples"
OWN = frozenset({"order_key", "last_position", "break_id", "witness", "cancel_id"})
"""Ids that follow from the names of accounts, and places in the log."""
DERIVED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
Told = tuple[list[str], list[str], list[str]]


@contextmanager
def examples(database_url: str) -> Generator[App]:
    """A log of every example of a venue."""
    with desk(database_url) as app:
        app.ingest(open_files([str(path) for path in sorted(EXAMPLES.glob("*.ndjson"))]))
        yield app


def answers(app: App, renaming: Renaming, only: set[str] | None = None) -> Told:
    """What the books say, a line each: orders, flags and cancels; `only` of these orders."""

    def line(record: Mapping[str, Any]) -> str:
        kept = {name: value for name, value in record.items() if name not in OWN}
        return DERIVED.sub(
            "an id", renaming.text(json.dumps(kept, default=machine, sort_keys=True))
        )

    with app.reading() as connection:
        at = queries.as_of(connection)
        assert at is not None
        keys = {
            str(one["order_key"]): str(one["venue_order_id"])
            for one in queries.order_list(connection)
        }
        chosen = {key for key, name in keys.items() if only is None or name in only}
        orders = [one for one in queries.order_list(connection) if one["order_key"] in chosen]
        flags = [
            one
            for one in break_list(connection, at, Breaks(everything=True, notes=True))
            if one["order_key"] in chosen or (only is None and one["order_key"] is None)
        ]
        asked = list(queries.cancel_list(connection)) if only is None else []
    return sorted(map(line, orders)), sorted(map(line, flags)), sorted(map(_asked, asked))


def _asked(cancel: Mapping[str, Any]) -> str:
    outcomes = sorted(f"{one['asked']} {one['outcome']}" for one in cancel["outcomes"])
    return f"{cancel['venue']} {cancel['requested_at']} {cancel['status']} {outcomes}"


def opened_again(made: Made, directory: Path) -> tuple[Path, str]:
    """The bundle as a file, and the database that it is to be opened into."""
    file = directory / f"{made.digest}.bundle"
    file.write_bytes(made.data)
    return file, f"sqlite:///{directory}/{made.digest}.db"


def called(app: App) -> Renaming:
    """What the accounts of the log are called in a bundle of all of it."""
    with app.reading() as connection:
        told = list(queries.order_list(connection))
    return Renaming(pseudonyms(Account(one["venue"], one["account"]) for one in told))


def test_a_bundle_of_everything_answers_as_the_log(database_url: str, tmp_path: Path) -> None:
    with examples(database_url) as app:
        made = bundle_of(app, Wanted())
        assert bundle_of(app, Wanted()).data == made.data
        before = answers(app, called(app))
        file, url = opened_again(made, tmp_path)
        bundle = unsealed(file, made.digest)
        assert proven(app, bundle) is None
    with opened_bundle(Settings(), url, bundle) as (other, parted):
        assert parted is None
        assert answers(other, Renaming({})) == before
        assert other.store.verified().whole
        with private(Settings()) as again:
            held = checked(other, again)
            found = replayed(again, of_log(other, lambda _: True))
            held.finish(found.places)
            assert again.state_hash() == other.state_hash()


def test_each_order_of_the_examples_answers_in_its_own_bundle(tmp_path: Path) -> None:
    with examples(f"sqlite:///{tmp_path}/log.db") as app:
        with app.reading() as connection:
            told = list(queries.order_list(connection))
        for one in told[::4]:
            name = str(one["venue_order_id"])
            made = bundle_of(app, Wanted(UUID(str(one["order_key"]))), keep_names=True)
            assert made.manifest["parted"] is None
            file, url = opened_again(made, tmp_path)
            with opened_bundle(Settings(), url, unsealed(file)) as (other, parted):
                assert parted is None
                here, there = (answers(log, Renaming({}), {name}) for log in (app, other))
            assert there == here
            Path(url.removeprefix("sqlite:///")).unlink()


def test_no_account_is_named_in_a_bundle(database_url: str) -> None:
    with examples(database_url) as app:
        with app.reading() as connection:
            accounts = {str(one["account"]) for one in queries.order_list(connection)}
        made = bundle_of(app, Wanted())
    content = unsealed_text(made)
    assert accounts
    for account in accounts:
        assert account.lower() not in content.lower()
    assert "canary" not in content


def unsealed_text(made: Made) -> str:
    """Everything that the bundle holds."""
    bundle = read_sealed(made.data, "a.bundle", made.digest)
    return json.dumps([bundle.manifest, *bundle.records])


def test_a_bundle_of_another_log_is_told(database_url: str, tmp_path: Path) -> None:
    with examples(f"sqlite:///{tmp_path}/other.db") as app:
        made = bundle_of(app, Wanted(only=Only(venue="abp")))
    file, _ = opened_again(made, tmp_path)
    with desk(database_url) as app:
        app.ingest(open_files([str(EXAMPLES / "predictstreet-batch.ndjson")]))
        assert proven(app, unsealed(file)) is not None


HISTORIES = histories()


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(sorted(HISTORIES)), st.integers(0, 1_000))
def test_any_history_answers_in_a_bundle(
    tmp_path_factory: pytest.TempPathFactory, name: str, chosen: int
) -> None:
    directory = tmp_path_factory.mktemp("bundle")
    tape = directory / "tape.ndjson"
    tape.write_text("".join(f"{line}\n" for line in HISTORIES[name]), encoding="utf-8")
    with opened(Settings(database_url=f"sqlite:///{directory}/log.db")) as app:
        app.ingest(open_files([str(tape)]))
        with app.reading() as connection:
            told = list(queries.order_list(connection))
        if not told:
            return
        one = told[chosen % len(told)]
        made = bundle_of(app, Wanted(UUID(str(one["order_key"]))), keep_names=True)
        file, url = opened_again(made, directory)
        with opened_bundle(Settings(), url, unsealed(file)) as (other, parted):
            assert parted is None
            named = {str(one["venue_order_id"])}
            assert answers(other, Renaming({}), named) == answers(app, Renaming({}), named)
