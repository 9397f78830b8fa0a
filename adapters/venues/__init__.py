"""The venues, each in its own words, and what every one of them shares."""
