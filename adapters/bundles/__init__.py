"""A piece of a log that is handed to others: sealed, and without the names of accounts."""
