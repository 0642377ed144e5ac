"""The content with which a draft is begun, and with which it is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.application.filing.domain.selection import Selection
from shared.languages import Lang


@dataclass(frozen=True, slots=True)
class Notify:
    """Address and language for news of the progress."""

    email: str | None
    language: Lang


@dataclass(frozen=True, slots=True)
class NewDraft:
    """The content of a new draft; `form` as it was entered. `copied_from` is the application that it is a copy of,
    `import_key` finds it again when the row that it came from is sent again."""

    selection: Selection
    form: Mapping[str, Any]
    notify: Notify
    photo_id: UUID | None = None
    copied_from: UUID | None = None
    import_key: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPatch:
    """Changes of a draft.

    `form` is a merge patch as it was entered, `contact` has what is named of the contact (`email`, `language`), and
    `selection` what is named of the selection. `form_version` is the one to change to, None where it stays.
    """

    form: Mapping[str, Any]
    contact: Mapping[str, Any]
    selection: Mapping[str, Any]
    form_version: str | None = None
