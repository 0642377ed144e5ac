"""The error of a step of the case."""


class StepFailed(Exception):
    """One line for people: which step, what was expected, what came."""
