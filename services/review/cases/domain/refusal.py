"""Refusals of a rule: the type decides the HTTP status, the text gives people the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.errors import Text


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a case's state: when, and by which officer (None: by the applicant or the clock)."""

    at: datetime
    by: UUID | None


class Refused(Exception):
    """A rule says no. `pointer` is a JSON pointer to the value that is wrong, where one value is; `change` is the
    change of the case that came first, where one did. `members` are further members of the answer."""

    def __init__(
        self, code: str, text: Text, pointer: str | None = None, change: "Change | None" = None, **members: Any
    ) -> None:
        super().__init__(text.en)
        self.code, self.text, self.pointer, self.change = code, text, pointer, change
        self.members: Mapping[str, Any] = members


class NotNow(Refused):
    """The case is not in a state that allows this step."""


class Outdated(Refused):
    """The case is not any more as the caller read it; `change` is the last thing that happened to it."""


class NotForYou(Refused):
    """Somebody else has to take this step."""


class Wrong(Refused):
    """A value that was entered breaks a rule."""
