"""The venues' own APIs, served by us: a client needs only another base URL to be recorded."""
