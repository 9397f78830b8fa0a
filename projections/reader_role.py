"""A role of PostgreSQL that reads the views for SQL users, and nothing else."""

from __future__ import annotations

import re

from projections.reporting_v1 import VIEWS

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


class BadRoleName(ValueError):
    """The name cannot stand in SQL as it is."""


def reader_role(name: str) -> str:
    """The script that makes the role, or puts its rights in order; safe to run twice."""
    if _NAME.fullmatch(name) is None:
        raise BadRoleName(
            f"{name!r} is no plain name; try `breakwater db reader-role breakwater_reader`"
        )
    views = ", ".join(view.name for view in VIEWS.values())
    # Names of our own views and a checked one: nothing else is put into the text.
    return f"""\
-- {name}: reads the reporting views and nothing else. Run it as the owner of the tables:
--   breakwater db reader-role {name} | psql "$DATABASE" && psql "$DATABASE" -c '\\password {name}'
BEGIN;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
        CREATE ROLE {name} LOGIN;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {name}', current_database());
END
$$;
ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
-- Nothing is left of what it may have been given before.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {name};
-- Older servers let everybody make tables here.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM {name};
GRANT USAGE ON SCHEMA public TO {name};
GRANT SELECT ON {views} TO {name};
ALTER ROLE {name} SET default_transaction_read_only = on;
-- A rebuild of the read models waits for whoever reads them: nobody may keep it waiting for ever.
ALTER ROLE {name} SET idle_in_transaction_session_timeout = '5min';
COMMIT;
"""  # noqa: S608 - see above
