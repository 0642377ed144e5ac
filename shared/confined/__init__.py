"""Processes with limits that look into foreign files: `child` starts and asks them, `worker` is their own side."""
