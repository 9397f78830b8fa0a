"""Every table that a migration must have made; the drift test compares them with the database."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

OWNERS = (
    "adapters.eventlog.schema",
    "projections.tables",
    "adapters.keys.schema",
    "adapters.leases.schema",
    "adapters.jetstream.schema",
)
"""Modules whose `metadata` Alembic owns."""


def every_table() -> list[MetaData]:
    """The metadata of each owner. By name: migrations run beneath the modules that ask for them."""
    found: list[MetaData] = []
    for name in OWNERS:
        metadata = import_module(name).metadata
        if not isinstance(metadata, MetaData):
            raise TypeError(f"{name}.metadata is no MetaData")
        found.append(metadata)
    return found
