"""The venue-neutral feed: FIX 4.4 names in snake case."""
