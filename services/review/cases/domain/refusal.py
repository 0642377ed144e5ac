"""Refusals of a rule: the type decides the HTTP status, the text gives people the reason."""


class Refused(Exception):
    """A rule says no. `pointer` is a JSON pointer to the value that is wrong, where one value is."""

    def __init__(self, code: str, ja: str, en: str, pointer: str | None = None) -> None:
        super().__init__(en)
        self.code, self.ja, self.en, self.pointer = code, ja, en, pointer


class NotNow(Refused):
    """The case is not in a state that allows this step."""


class NotForYou(Refused):
    """Somebody else has to take this step."""


class Wrong(Refused):
    """A value that was entered breaks a rule."""
