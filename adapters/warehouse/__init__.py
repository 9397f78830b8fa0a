"""Report lines as files that a warehouse loads: partitioned, exact, each line issued once."""
