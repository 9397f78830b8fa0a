"""Live traffic: what is said right now becomes lines of a capture, and events, as it happens."""
