"""The content with which a draft is begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Notify:
    """Address and language for news of the progress."""

    email: str | None
    language: Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class NewDraft:
    """The content of a new draft; `form` as it was entered."""

    procedure: str
    combined_with: tuple[str, ...]
    status_of_residence: str
    activity: str | None
    form: Mapping[str, Any]
    notify: Notify
