"""Statements: a venue's own lists of orders, from files to rows."""
