"""A role of PostgreSQL that reads the views for SQL users, and nothing else."""

from __future__ import annotations

import re

from projections.reporting_v1 import VIEWS

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


class BadRoleName(ValueError):
    """The name cannot stand in SQL as it is."""


def reader_role(name: str) -> str:
    """The script that makes the role, or puts its rights in order; safe to run twice.

    It ends with an error, and changes nothing, when the role could read more all the same.
    """
    if _NAME.fullmatch(name) is None:
        raise BadRoleName(
            f"{name!r} is no plain name; try `breakwater db reader-role breakwater_reader`"
        )
    views = ", ".join(view.name for view in VIEWS.values())
    quoted = ", ".join(f"'{view.name}'" for view in VIEWS.values())
    # Names of our own views and a checked one: nothing else is put into the text.
    return f"""\
-- {name}: reads the reporting views and nothing else. Run it as the owner of the tables:
--   breakwater db reader-role {name} | psql -v ON_ERROR_STOP=1 "$DATABASE"
--   psql "$DATABASE" -c '\\password {name}'
BEGIN;
DO $$
DECLARE
    other regrole;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
        CREATE ROLE {name} LOGIN;
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relowner = '{name}'::regrole) THEN
        RAISE EXCEPTION '{name} owns tables: choose another name';
    END IF;
    -- Only a superuser may say this, and only where it is needed.
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}' AND (rolsuper OR rolcreatedb
               OR rolcreaterole OR rolreplication OR rolbypassrls)) THEN
        ALTER ROLE {name} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
    FOR other IN SELECT roleid::regrole FROM pg_auth_members WHERE member = '{name}'::regrole LOOP
        EXECUTE format('REVOKE %s FROM {name}', other);
    END LOOP;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {name}', current_database());
END
$$;
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
DO $$
DECLARE
    other regclass;
BEGIN
    SELECT oid INTO other FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relname NOT IN ({quoted})
      AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      AND has_schema_privilege('{name}', relnamespace, 'USAGE')
      AND has_any_column_privilege('{name}', oid, 'SELECT') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '{name} could read % too: take that away, or choose another name', other;
    END IF;
END
$$;
COMMIT;
"""  # noqa: S608 - see above
