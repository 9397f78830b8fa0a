"""What `breakwater doctor` makes of what it sees: pure judgements."""
