"""The conformance suite: published scenarios of an order's life, and how we stand in them."""
