"""The event log: a persistence module of the `eventsourcing` library, and the log beneath it."""
