"""The development and single-machine tool: servers without Docker, checks, tests, backups."""
