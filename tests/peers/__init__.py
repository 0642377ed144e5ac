"""Ours beside the best alternatives and beside bare loops, in one run on the same servers: `make bench-peers`."""
