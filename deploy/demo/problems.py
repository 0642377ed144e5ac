"""What a step of the case says when it did not go as it should."""


class StepFailed(Exception):
    """One line for people: which step, what was expected, what came."""
