"""How far each publisher has come. Alembic makes the table; a publisher moves its row."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table, Text

metadata = MetaData()

publications = Table(
    "publications",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
)
