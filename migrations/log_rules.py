"""What the database itself enforces on the log, as revision 0001 laid it down.

Frozen with that revision: a change is a new revision with texts of its own.
"""

from __future__ import annotations

_KEPT = ("events", "captures", "checkpoints", "names", "log_head")
"""Tables whose rows are never deleted."""
_FIXED = ("events", "captures", "checkpoints", "names")
"""Tables whose rows are never changed either."""
_WIRE_FIXED = ("capture_id", "seq", "observed_at", "exchange", "raw", "digest")

_WIRE_UNFIT = (
    "NOT (OLD.outcome = 'held' AND NEW.outcome IN ('read', 'set_aside')"
    + "".join(f" AND NEW.{column} IS {{same}} OLD.{column}" for column in _WIRE_FIXED)
    + ")"
)


def _sqlite_trigger(table: str, what: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} {when} BEGIN "
        f"SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


SQLITE_REFUSALS: tuple[str, ...] = (
    *(_sqlite_trigger(table, "DELETE") for table in (*_KEPT, "wire")),
    *(_sqlite_trigger(table, "UPDATE") for table in _FIXED),
    _sqlite_trigger("wire", "UPDATE", "WHEN " + _WIRE_UNFIT.format(same="")),
)


def _postgres_trigger(table: str, events: str) -> tuple[str, str]:
    name = f"{table}_append_only"
    made = (
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()"
    )
    # ALWAYS: session_replication_role = replica must not switch it off.
    return made, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


_REFUSE = """
CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""
_SETTLED_ONCE = (
    "CREATE TRIGGER wire_settled_once BEFORE UPDATE ON wire FOR EACH ROW WHEN ("
    + _WIRE_UNFIT.format(same="NOT DISTINCT FROM")
    + ") EXECUTE FUNCTION log_refuse_change()"
)

POSTGRES_REFUSALS: tuple[str, ...] = (
    _REFUSE,
    *(
        statement
        for table in _FIXED
        for statement in _postgres_trigger(table, "UPDATE OR DELETE OR TRUNCATE")
    ),
    *(
        statement
        for table in ("wire", "log_head")
        for statement in _postgres_trigger(table, "DELETE OR TRUNCATE")
    ),
    _SETTLED_ONCE,
    "ALTER TABLE wire ENABLE ALWAYS TRIGGER wire_settled_once",
)

POSTGRES_APPEND = """
CREATE FUNCTION log_append(
  now_us bigint,
  streams uuid[], versions bigint[], topics text[], states bytea[],
  cause_captures integer[], cause_seqs bigint[],
  wire_captures integer[], wire_seqs bigint[], wire_observed bigint[], wire_exchanges text[],
  wire_outcomes text[], wire_raws bytea[],
  name_venues text[], name_accounts text[], name_kinds text[], name_names text[],
  name_streams uuid[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head_position bigint;
  head_hash bytea;
  before bigint;
  topic bytea;
  digest bytea;
  added integer;
BEGIN
  SELECT h.position, h.hash INTO STRICT head_position, head_hash
    FROM log_head h WHERE h.id = 1 FOR UPDATE;
  before := head_position;
  FOR i IN 1 .. cardinality(wire_seqs) LOOP
    INSERT INTO wire (capture_id, seq, observed_at, exchange, outcome, raw, digest) VALUES (
      wire_captures[i], wire_seqs[i], wire_observed[i], wire_exchanges[i], wire_outcomes[i],
      wire_raws[i], sha256(wire_raws[i]));
  END LOOP;
  FOR i IN 1 .. cardinality(name_names) LOOP
    INSERT INTO names (venue, account, kind, name, stream_id) VALUES (
      name_venues[i], name_accounts[i], name_kinds[i], name_names[i], name_streams[i])
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added = 0 AND NOT EXISTS (
      SELECT FROM names n WHERE n.venue = name_venues[i] AND n.account = name_accounts[i]
        AND n.kind = name_kinds[i] AND n.name = name_names[i] AND n.stream_id = name_streams[i]
    ) THEN
      RAISE EXCEPTION 'name % is taken', name_names[i] USING ERRCODE = 'unique_violation';
    END IF;
  END LOOP;
  FOR i IN 1 .. cardinality(streams) LOOP
    head_position := head_position + 1;
    topic := convert_to(topics[i], 'UTF8');
    IF cause_seqs[i] IS NULL THEN
      digest := decode(repeat('00', 32), 'hex');
    ELSE
      SELECT w.digest INTO digest FROM wire w
        WHERE w.capture_id = cause_captures[i] AND w.seq = cause_seqs[i];
      IF NOT FOUND THEN
        RAISE EXCEPTION 'no wire line %', cause_seqs[i] USING ERRCODE = 'foreign_key_violation';
      END IF;
    END IF;
    head_hash := sha256(head_hash || int8send(head_position) || uuid_send(streams[i])
      || int8send(versions[i]) || int8send(now_us)
      || substring(int4send(octet_length(topic)) FROM 3) || topic || digest || states[i]);
    INSERT INTO events (
      position, stream_id, version, topic, state, recorded_at, capture_id, seq, hash
    ) VALUES (
      head_position, streams[i], versions[i], topics[i], states[i], now_us,
      cause_captures[i], cause_seqs[i], head_hash);
  END LOOP;
  IF head_position > before THEN
    UPDATE log_head h SET position = head_position, hash = head_hash WHERE h.id = 1;
    IF head_position / 10000 > before / 10000 THEN
      INSERT INTO checkpoints (position, hash, recorded_at)
        VALUES (head_position, head_hash, now_us);
    END IF;
    PERFORM pg_notify('breakwater_events', '');
  END IF;
  RETURN head_position;
END $$"""

POSTGRES_UNDO: tuple[str, ...] = (
    "DROP FUNCTION log_append",
    "DROP FUNCTION log_refuse_change",
)
