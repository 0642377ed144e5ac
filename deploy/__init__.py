"""How Zairyu is run: on one machine without Docker (`local/`), in containers (`docker/`), and watched."""
