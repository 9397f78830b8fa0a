"""The engine: lines in, events out; names resolved, facts held against the log, batches stored."""
