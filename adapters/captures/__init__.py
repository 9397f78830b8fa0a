"""Recordings of wire traffic, read line by line; what cannot be read is set aside, never lost."""
