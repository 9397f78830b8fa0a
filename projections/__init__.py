"""Read models: rows from events, committed together with the position they stand for."""
