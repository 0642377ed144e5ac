"""The checks of a file. What parses foreign bytes runs in child processes with limits (docs/decisions/0006).

Nothing is imported here: a child process loads only the modules it works with.
"""
