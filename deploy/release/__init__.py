"""A release: its version, the bills of materials of its images, and the command that tags it."""
