"""What a person can be told in one line when the local stack cannot do its work."""


class StackProblem(Exception):
    """The stack cannot start or go on. The message is one line: what is wrong, and what to do about it."""
