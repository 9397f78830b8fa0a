"""The outside world: captures, venues, the event log, the command line."""
