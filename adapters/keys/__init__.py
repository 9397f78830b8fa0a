"""Keys that open our gateways: given out once, kept as keyed hashes."""
