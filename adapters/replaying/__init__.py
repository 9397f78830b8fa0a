"""Traffic read again and held against what it was: replays, differences, races."""
