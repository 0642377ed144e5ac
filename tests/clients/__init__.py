"""The Python client against the real services, and the generator of what stands twice in it."""
