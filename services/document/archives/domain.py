"""Names of files in an archive: the key of the row that each is for, and what it is."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.document.files.domain import Kind
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.files import PAGE_FORMATS, PHOTO_FORMATS

_PHOTOS = frozenset(ending for endings in PHOTO_FORMATS.values() for ending in endings)
_DOCUMENTS = frozenset({"pdf", *(ending for endings in PAGE_FORMATS.values() for ending in endings)})
# Folders that only sort: the next one, or the name, has the key.
_SORTING = frozenset({"photos", "photo", "docs", "documents", "pdf"})
_PHOTO = "PHOTO"
# A second or a third file of the same kind: `E-1_RES_TAX_2.pdf`, `E-1_RES_TAX (2).pdf`.
_NUMBER = re.compile(r"(?:_| ?\()\d{1,2}\)?$")


class State(StrEnum):
    """States of an archive. `refused`: nothing of it is unpacked."""

    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"


class EntryState(StrEnum):
    """States of a file of an archive. `skipped`: its name or its place says that it is no document; `repairable`: a
    copy of it waits for its owner."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REPAIRABLE = "repairable"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Named:
    """A file as its name says: for the row with `key`, a photo or the documents `codes`."""

    key: str
    kind: Kind
    codes: tuple[str, ...]


def named(path: str, day: date) -> Named | str:
    """A file by its path; the code of the problem where its name does not say what it is.

    `KEY_CODE.pdf`, `KEY_CODE+CODE.pdf`, `KEY_PHOTO.jpg`, `KEY.jpg`; or in folders `KEY/CODE.pdf`, `photos/KEY.jpg`. A
    picture whose name has the code of a document is a page of that.
    """
    *folders, name = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")] or [""]
    stem, _, ending = name.rpartition(".")
    if not stem or ending.lower() not in _DOCUMENTS:
        return "type-not-accepted"
    above = folders[-1] if folders and folders[-1].lower() not in _SORTING else ""
    if ending.lower() in _PHOTOS:
        own = stem.upper() == _PHOTO
        if key := above if own else _before(stem, {_PHOTO}):
            return Named(key, Kind.PHOTO, ())
        return _document(stem, above, day) or ("name-not-understood" if own else Named(stem, Kind.PHOTO, ()))
    return _document(stem, above, day) or "name-not-understood"


def _document(stem: str, above: str, day: date) -> Named | None:
    """The documents that a name has, and the row that it or the folder `above` is called after."""
    known = {row.code for row in DOCUMENT_TYPES.on(day)} - {_PHOTO}
    for text in (stem, _NUMBER.sub("", stem)):
        first, *more = text.split("+")
        if not set(map(str.upper, more)) <= known:
            continue
        if first.upper() in known and above:
            return Named(above, Kind.PDF, _codes(first, more))
        key = _before(first, known)
        if key:
            return Named(key, Kind.PDF, _codes(first[len(key) + 1 :], more))
    return None


def _codes(first: str, more: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.upper() for code in (first, *more)))


def _before(stem: str, codes: Collection[str]) -> str:
    """The part before `_CODE`; of several codes that fit the longest one counts. Empty where none does."""
    fitting = [code for code in codes if stem.upper().endswith(f"_{code}") and len(stem) > len(code) + 1]
    longest = max(fitting, key=len, default=None)
    return stem[: -len(longest) - 1] if longest else ""
