"""Speaking to the venues as their client: what to say, venue by venue, and nothing wider."""
