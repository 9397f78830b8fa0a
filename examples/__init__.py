"""Captures that the demo reads, and the seeded generator of the trading day among them."""
