"""Running Zairyu: on one machine without Docker (`local/`), in containers (`docker/`)."""
