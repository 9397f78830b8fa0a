"""Talking to a venue: every message recorded, every way of failing told apart, bounds on all."""
