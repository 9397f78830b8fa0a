"""The tables of the log. Alembic makes them; a test compares this page with what it made."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

HASH_BYTES: Final = 32
CHECKPOINT_EVERY: Final = 10_000
"""A checkpoint of the chain is stored each time that the log passes a multiple of this."""


class StreamId(TypeDecorator[UUID]):
    """A stream: PostgreSQL's own uuid, sixteen bytes on SQLite."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary(16))
        return dialect.type_descriptor(Uuid(as_uuid=True))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> object:
        """Sixteen bytes for SQLite."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:  # noqa: ANN401 - bytes or UUID, as the driver has it
        """A UUID, whichever way it is stored."""
        return UUID(bytes=value) if value is not None and dialect.name == "sqlite" else value


BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite's rowid must be declared INTEGER."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

events = Table(
    "events",
    metadata,
    Column("position", BigInt, primary_key=True, autoincrement=False),
    Column("stream_id", StreamId, nullable=False),
    Column("version", BigInt, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("recorded_at", BigInt, nullable=False),
    Column("capture_id", Integer),
    Column("seq", BigInt),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("stream_id", "version"),
)

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
)

wire = Table(
    "wire",
    metadata,
    Column("capture_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("observed_at", BigInt, nullable=False),
    Column("exchange", Text),
    Column("outcome", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    CheckConstraint("outcome IN ('read', 'held', 'set_aside')", name="outcome"),
)
Index(
    "ix_wire_exchange",
    wire.c.capture_id,
    wire.c.exchange,
    sqlite_where=text("exchange IS NOT NULL"),
    postgresql_where=text("exchange IS NOT NULL"),
)
Index(
    "ix_wire_held",
    wire.c.capture_id,
    wire.c.seq,
    sqlite_where=text("outcome = 'held'"),
    postgresql_where=text("outcome = 'held'"),
)

names = Table(
    "names",
    metadata,
    Column("venue", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("stream_id", StreamId, nullable=False, index=True),
    # The name first: a person who looks for an order knows its name and nothing else.
    PrimaryKeyConstraint("name", "venue", "account", "kind"),
    sqlite_with_rowid=False,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("source", Text, nullable=False),
    Column("line", BigInt, nullable=False),
    Column("capture", Text),
    Column("seq", BigInt),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("observed_at", BigInt),
    Column("released", Boolean, nullable=False),
)

log_head = Table(
    "log_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInt, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("position", BigInt, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", BigInt, nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("kind", Text, nullable=False),
    Column("part", BigInt, nullable=False),
    Column("members", BigInt, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kind", "part"),
    sqlite_with_rowid=False,
)

tracking = Table(
    "tracking",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInt, nullable=False),
    sqlite_with_rowid=False,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("stream_id", StreamId, primary_key=True),
    Column("version", BigInt, primary_key=True, autoincrement=False),
    Column("topic", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
