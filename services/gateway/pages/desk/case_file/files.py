"""The files of a case: those that were filed and those that came later, with what their checks found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.document_types import DOCUMENT_TYPES


class Reading(Protocol):
    """A record whose files are listed for an officer."""

    @property
    def visitor(self) -> Visitor: ...

    @property
    def lang(self) -> Lang: ...


@dataclass(frozen=True, slots=True)
class File:
    """A file and the documents it holds. `known` is what the document service says of it, None where it is gone or was
    not asked for; `submitted_at` is set for one that came after a request."""

    id: str
    names: tuple[str, ...]
    submitted_at: str | None = None
    known: Mapping[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be opened: it is there, and no malware was found in it."""
        return self.known is not None and self.known["scan"]["state"] != "infected"


def document_name(code: str, lang: Lang) -> str:
    """The name of a kind of documents."""
    return next((say(row.name, lang) for row in DOCUMENT_TYPES.rows if row.code == code), code)


def files_of(
    case: Reading,
    application: Mapping[str, Any],
    requested: Mapping[str, Any] | None,
    known: Sequence[Mapping[str, Any]] | None,
) -> list[File]:
    """The files of a case, those that were filed first, with what the document service says of them."""
    by_id = {one["id"]: one for one in known or ()}
    return [replace(one, known=by_id.get(one.id)) for one in listed_files(case, application, requested)]


def listed_files(case: Reading, application: Mapping[str, Any], requested: Mapping[str, Any] | None) -> Iterator[File]:
    """The files of a case, without a look at any of them."""
    if application["photo_id"]:
        yield File(application["photo_id"], (PAGES[case.lang]["case_file"]["photo"],))
    later = {
        one["document_id"]: (one["codes"], answer["submitted_at"])
        for answer in (requested or {}).get("submitted", ())
        for one in answer["documents"]
    }
    for one in application["documents"]:
        if one["document_id"] not in later:
            yield File(one["document_id"], _names(one["codes"], case.lang))
    for document_id, (codes, submitted_at) in later.items():
        yield File(document_id, _names(codes, case.lang), submitted_at)


def _names(codes: list[str], lang: Lang) -> tuple[str, ...]:
    return tuple(document_name(code, lang) for code in codes)
