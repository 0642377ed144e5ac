"""The documents of an application: which are asked for and why, and the files that hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.document_types import DOCUMENT_TYPES

PHOTO_CODE = "PHOTO"
# The fields of the part of a photo to keep, in percent of it.
CROP_FIELDS = ("crop_left", "crop_top", "crop_width")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the draft, the documents it holds, and their names; `known` is what the document service says of it,
    None where it says nothing."""

    id: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    known: Mapping[str, Any] | None

    @classmethod
    def of(cls, document_id: str, codes: Sequence[str], known: Mapping[str, Any] | None, lang: Lang) -> "File":
        names = {row.code: say(row.name, lang) for row in DOCUMENT_TYPES.rows}
        return cls(document_id, tuple(codes), tuple(names.get(code, code) for code in codes), known)

    @property
    def page_names(self) -> Sequence[str]:
        """The pictures that it was made of, page by page; none of another file."""
        return (self.known and self.known.get("page_names")) or ()

    def file_name(self, lang: Lang) -> str:
        """The name that the sender gave it."""
        return str((self.known and self.known["file_name"]) or PAGES[lang]["uploads"]["file_unnamed"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is asked for, with its files."""

    code: str
    name: str
    required: bool
    why: str
    files: tuple[File, ...]

    @property
    def title_id(self) -> str:
        return f"{self.code}-title"


def wanted_documents(draft: Draft, check: Mapping[str, Any], sent: Mapping[str, Mapping[str, Any]]) -> list[Wanted]:
    """The documents of the check, those that are required first; without the photo, which has a page of its own."""
    files = files_of(draft, sent)
    found = [
        Wanted(
            code=one["code"],
            name=one[draft.lang],
            required=one["requirement"] == "required",
            why=_why(draft, one),
            files=tuple(file for file in files if one["code"] in file.codes),
        )
        for one in check["required_documents"]
        if one["code"] != PHOTO_CODE
    ]
    return sorted(found, key=lambda one: not one.required)


def files_of(draft: Draft, sent: Mapping[str, Mapping[str, Any]]) -> list[File]:
    """The attached documents."""
    return [
        File.of(one["document_id"], one["codes"], sent.get(one["document_id"]), draft.lang)
        for one in draft.view["documents"]
    ]


def choices_of(file: File, wanted: Sequence[Wanted]) -> list[tuple[str, str, str]]:
    """The documents that a file may be said to hold: those that are asked for, and those it is said to hold already."""
    asked = {one.code: one.name for one in wanted}
    named = asked | {code: name for code, name in zip(file.codes, file.names, strict=True) if code not in asked}
    return [(code, name, "") for code, name in named.items()]


def needs_photo(check: Mapping[str, Any]) -> bool:
    """Whether the application needs a face photo."""
    return any(one["code"] == PHOTO_CODE for one in check["required_documents"])


def _why(draft: Draft, wanted: Mapping[str, Any]) -> str:
    """The reason why a document is asked for, or the condition under which it is needed."""
    if condition := wanted["condition"]:
        return str(condition[draft.lang])
    return PAGES[draft.lang]["filing"]["why_required" if wanted["requirement"] == "required" else "why_conditional"]
