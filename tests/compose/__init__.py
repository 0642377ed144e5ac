"""docker-compose.yml as it is written, run on an engine: `python -m tests.compose`."""
