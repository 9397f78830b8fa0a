"""Lists as files: comma-separated values and spreadsheets."""
