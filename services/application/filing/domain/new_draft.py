"""The content with which a draft is begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Notify:
    """Where the applicant wants to be told, and in which language."""

    email: str | None
    language: Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft is begun with; `form` as it was entered."""

    procedure: str
    combined_with: tuple[str, ...]
    status_of_residence: str
    form: Mapping[str, Any]
    notify: Notify
