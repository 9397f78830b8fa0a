"""The command line: questions in, tables or JSON out, exit codes that scripts can trust."""
