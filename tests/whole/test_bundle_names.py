"""Accounts whose names are hard to find in what was recorded are not named in a bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import open_files, opened
from adapters.bootstrap_bundle_open import opened_bundle
from adapters.bootstrap_bundling import ALONE, Made, Unfaithful, Wanted, bundle_of
from adapters.bundles.sealed import read_sealed
from adapters.bundles.texts import texts
from adapters.settings import Settings

NAMES = ["bob", 'o"brien', "back\\slash", "Jürgen Müller", "名前", "tab\there", "0xAB12cd34EF"]


def recorded(directory: Path, *names: str) -> str:
    """A recording of an order for each account, which is called after it and speaks of it."""
    lines = [
        {
            "v": 1,
            "capture": f"{name} session 1",
            "seq": seq,
            "at": f"2026-03-01T09:00:0{seq}Z",
            "venue": "canonical",
            "account": name,
            "direction": "received",
            "frame": {"msg": "ExecutionReport", "order_id": name, "cl_ord_id": "X", **frame},
        }
        for name in names
        for seq, frame in (
            (1, {"exec_type": "New", "order_qty": "10", "price": "2.5", "side": "BUY"}),
            (3, {"exec_type": "Canceled", "reason": f"asked by {name}, {names[0]} and others"}),
        )
    ]
    tape = directory / "tape.ndjson"
    tape.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return str(tape)


def bundled(directory: Path, *names: str) -> Made:
    """The bundle of all of it."""
    with opened(Settings(database_url=f"sqlite:///{directory}/log.db")) as app:
        app.ingest(open_files([recorded(directory, *names)]))
        return bundle_of(app, Wanted())


def every_text(record: Mapping[str, Any]) -> list[str]:
    """Every text that is in a record, and in what it keeps of a line."""
    told = [text.value for text in texts(json.dumps(record))]
    return [*told, *(inner.value for text in told for inner in texts(text))]


def test_no_name_is_in_it_and_it_is_read_alike(tmp_path: Path) -> None:
    made = bundled(tmp_path, *NAMES)
    bundle = read_sealed(made.data, "a.bundle", made.digest)
    told = "\n".join(chain.from_iterable(map(every_text, [bundle.manifest, *bundle.records])))
    assert [name for name in NAMES if name.lower() in told.lower()] == []
    assert made.manifest["names"] == "replaced"
    with opened_bundle(Settings(), f"sqlite:///{tmp_path}/other.db", bundle) as (_, parted):
        assert parted is None


def test_a_name_that_is_a_word_of_messages_is_replaced_where_it_stands_alone(
    tmp_path: Path,
) -> None:
    made = bundled(tmp_path, "price", "a long name of an account")
    bundle = read_sealed(made.data, "a.bundle", made.digest)
    assert made.manifest["names"] == ALONE
    told = list(chain.from_iterable(map(every_text, bundle.records)))
    assert "price" in told, "it is a key of the messages"
    assert "a long name of an account" not in "\n".join(told)
    with opened_bundle(Settings(), f"sqlite:///{tmp_path}/other.db", bundle) as (_, parted):
        assert parted is None


def test_a_name_that_messages_need_makes_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(Unfaithful):
        bundled(tmp_path, "Canceled")
