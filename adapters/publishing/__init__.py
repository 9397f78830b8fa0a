"""What leaves the log for others: CloudEvents, their schemas, and what describes the feed."""
