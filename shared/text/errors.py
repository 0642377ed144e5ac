"""The error for a value that is refused."""

from shared.errors import Text


class BadValue(ValueError):
    """The value cannot be right. `code` is stable; `message` says how to write it. It never repeats the value."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
