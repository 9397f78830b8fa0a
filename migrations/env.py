"""Alembic's entry: runs on the connection that the program hands over, in its transaction.

`adapters.eventlog.database.upgrade` hands one over; Alembic's own command line is not used.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from migrations.tables import every_table

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=every_table(),
    render_as_batch=False,  # a batch would copy the log into a new table
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
