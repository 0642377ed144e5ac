"""The error of the local stack."""


class StackProblem(Exception):
    """The stack cannot start or continue. The message is one line: what is wrong, and what to do about it."""
