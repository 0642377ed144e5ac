"""The photo and the documents of a filed application, and what a correction would change about them.

Files that are sent for a correction wait in the document service until it is made: they are those of the application
that are neither filed with it nor the answer to a request for documents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.formats import moment
from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.case.filed import Filed, find_filed
from services.gateway.pages.portal.case.requested import NAME as REQUESTED
from services.gateway.pages.portal.case.requested import answers_of
from services.gateway.pages.portal.filing.draft import Draft, open_draft
from services.gateway.pages.portal.filing.files import list_sent
from services.gateway.pages.portal.filing.wanted import File, files_of, needs_photo, wanted_documents
from services.gateway.texts import PAGES

NAME = "correction/files"


@dataclass(frozen=True, slots=True)
class CorrectedFiles:
    """The files as they were filed, and those that were sent since. `draft` is the application as its form shows it."""

    filed: Filed
    draft: Draft
    possible: str
    check: Mapping[str, Any]
    sent: Mapping[str, Mapping[str, Any]]
    # Files that answer a request for documents: they wait for its submission.
    answers: frozenset[str]

    @property
    def path(self) -> str:
        return f"{self.filed.path}/{NAME}"

    @property
    def photo(self) -> Mapping[str, Any] | None:
        """The photo that was filed; without the facts of the document service where it knows none."""
        photo_id = self.filed.view["photo_id"]
        return self.sent.get(photo_id, {"id": photo_id, "file_name": None}) if photo_id else None

    @property
    def has_photo(self) -> bool:
        """Whether a photo was filed, or is needed."""
        return self.photo is not None or needs_photo(self.check)

    @property
    def documents(self) -> list[File]:
        """The documents that were filed."""
        return files_of(self.draft, self.sent)

    @property
    def new_photos(self) -> list[Mapping[str, Any]]:
        """Photos that were sent for the correction, the newest last."""
        return sorted((one for one in self._new() if one["kind"] == "photo"), key=lambda one: str(one["created_at"]))

    @property
    def new_documents(self) -> list[File]:
        """Documents that were sent for the correction."""
        lang = self.filed.lang
        return [File.of(one["id"], one["codes"], one, lang) for one in self._new() if one["kind"] == "pdf"]

    def _new(self) -> list[Mapping[str, Any]]:
        view = self.filed.view
        known = {view["photo_id"], *(one["document_id"] for one in view["documents"]), *self.answers}
        return [one for one in self.sent.values() if one["id"] not in known and one["filed_at"] is None]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Code and name of each document that a new file may hold."""
        wanted = {one.code: one.name for one in wanted_documents(self.draft, self.check, self.sent)}
        filed = {code: name for file in self.documents for code, name in zip(file.codes, file.names, strict=True)}
        return list((wanted | {code: name for code, name in filed.items() if code not in wanted}).items())

    @property
    def added(self) -> str:
        """The ids of what was sent for the correction: a confirmation is about these."""
        return " ".join(sorted(str(one["id"]) for one in self._new()))

    def kept(self, form: Form) -> list[File]:
        """The documents that were filed and stay."""
        return [one for one in self.documents if form[removed(one)] != "yes"]

    def after(self, form: Form) -> list[File]:
        """The documents as they would be: in the order of the form, and those that it does not name behind them."""
        place = {each: number for number, each in enumerate(form["order"].split())}
        return sorted([*self.kept(form), *self.new_documents], key=lambda one: place.get(one.id, len(place)))

    def patch(self, form: Form) -> dict[str, Any]:
        """The part of a correction's body that names files; empty where nothing changes."""
        found: dict[str, Any] = {}
        if self.new_photos:
            found["photo_id"] = self.new_photos[-1]["id"]
        after = self.after(form)
        if [one.id for one in after] != [one.id for one in self.documents]:
            found["documents"] = [{"document_id": one.id, "codes": list(one.codes)} for one in after]
        return found

    def changes(self, form: Form) -> Iterator[dict[str, str]]:
        """The changes, side by side: the photo, each document with its files before and after, and the order of what
        stays."""
        texts = PAGES[self.filed.lang]["case"]
        if self.new_photos:
            new = self.new_photos[-1]
            yield {
                "label": PAGES[self.filed.lang]["filing"]["photo"],
                "before": texts["correct_photo_filed"] if self.photo else texts["correct_no_file"],
                "before_href": f"{self.path}/{self.photo['id']}" if self.photo else "",
                "after": texts["correct_photo_new"],
                "after_href": f"{self.path}/{new['id']}",
            }
        files = self.after(form)
        before, after = self._by_code(self.documents), self._by_code(files)
        names = dict(self.choices) | {
            code: name for one in self.new_documents for code, name in zip(one.codes, one.names, strict=True)
        }
        for code in dict.fromkeys((*before, *after)):
            if before.get(code) != after.get(code):
                label = names[code]
                yield {"label": label, "before": self._listed(before.get(code)), "after": self._listed(after.get(code))}
        stay = self.kept(form)
        if [one for one in files if one in stay] != stay:
            label = texts["correct_order"]
            yield {"label": label, "before": self._listed(self.documents), "after": self._listed(files)}

    @staticmethod
    def _by_code(files: list[File]) -> dict[str, list[File]]:
        found: dict[str, list[File]] = {}
        for one in files:
            for code in one.codes:
                found.setdefault(code, []).append(one)
        return found

    def _listed(self, files: list[File] | None) -> str:
        comma = PAGES[self.filed.lang]["frame"]["comma"]
        none = PAGES[self.filed.lang]["case"]["correct_no_file"]
        return comma.join(said(one, self.filed) for one in files or ()) or none


def said(file: File, filed: Filed) -> str:
    """The name of a file, and when it was sent: two may have the same name."""
    name = file.file_name(filed.lang)
    return f"{name} {moment(file.known['created_at'], filed.lang)}" if file.known else name


def removed(file: File) -> str:
    """The name of the box that takes a filed document off."""
    return f"removed-{file.id}"


async def read_files(visitor: Visitor, application_id: UUID) -> CorrectedFiles | None:
    """The files; None where the application cannot be corrected now."""
    filed = await find_filed(visitor, application_id)
    possible = await filed.correctable() if filed else None
    if filed is None or possible is None:
        return None
    draft = await open_draft(visitor, filed.view)
    answers = answers_of(await filed.read(REQUESTED))
    return CorrectedFiles(filed, draft, possible, await draft.check(), await list_sent(filed), answers)
