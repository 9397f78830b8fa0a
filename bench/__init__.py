"""Measurements: `python -m bench`; what they showed is in docs/performance.md."""
