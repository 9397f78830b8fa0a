"""Leases: one holder at a time for work that must not be done twice, fenced by tokens."""
