"""The conformance kit of venues: what every dialect, client and server must keep, as scenarios."""
