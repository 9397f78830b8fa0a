"""What does not add up: rules as pure functions of what the log holds."""
