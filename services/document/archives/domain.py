"""Names of files in an archive: the key of the row that each is for, and what it is."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.document.files.domain import Kind
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.files import PHOTO_FORMATS

_KINDS = {"pdf": Kind.PDF} | {ending: Kind.PHOTO for endings in PHOTO_FORMATS.values() for ending in endings}
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
    """States of a file of an archive. `skipped`: its name or its place says that it is no document."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Named:
    """A file as its name says: for the row with `key`, a photo or a PDF with the documents `codes`."""

    key: str
    kind: Kind
    codes: tuple[str, ...]


def named(path: str, day: date) -> Named | str:
    """A file by its path; the code of the problem where its name does not say what it is.

    `KEY_CODE.pdf`, `KEY_CODE+CODE.pdf`, `KEY_PHOTO.jpg`, `KEY.jpg`; or in folders `KEY/CODE.pdf`, `photos/KEY.jpg`.
    """
    *folders, name = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")] or [""]
    stem, dot, ending = name.rpartition(".")
    kind = _KINDS.get(ending.lower()) if dot else None
    if kind is None or not stem:
        return "type-not-accepted"
    above = folders[-1] if folders and folders[-1].lower() not in _SORTING else ""
    if kind is Kind.PHOTO:
        key = _before(stem, {_PHOTO}) if stem.upper() != _PHOTO else above
        return Named(key or stem, kind, ()) if key or stem.upper() != _PHOTO else "name-not-understood"
    known = {row.code for row in DOCUMENT_TYPES.on(day)}
    for text in (stem, _NUMBER.sub("", stem)):
        first, *more = text.split("+")
        if not set(map(str.upper, more)) <= known:
            continue
        if first.upper() in known and above:
            return Named(above, kind, _codes(first, more))
        key = _before(first, known)
        if key:
            return Named(key, kind, _codes(first[len(key) + 1 :], more))
    return "name-not-understood"


def _codes(first: str, more: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code.upper() for code in (first, *more)))


def _before(stem: str, codes: Collection[str]) -> str:
    """The part before `_CODE`; of several codes that fit the longest one counts. Empty where none does."""
    fitting = [code for code in codes if stem.upper().endswith(f"_{code}") and len(stem) > len(code) + 1]
    longest = max(fitting, key=len, default=None)
    return stem[: -len(longest) - 1] if longest else ""
