"""The files of a draft: sent to the document service, and attached to the draft in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.pages.portal.filing.shown import ShownApplication, read_view

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Attachments:
    """The photo and the documents of a draft, as they are to be."""

    photo_id: str | None
    documents: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "Attachments":
        return cls(view["photo_id"], tuple((one["document_id"], tuple(one["codes"])) for one in view["documents"]))

    def with_photo(self, photo_id: str) -> "Attachments":
        return Attachments(photo_id, self.documents)

    def with_document(self, document_id: str, codes: Sequence[str]) -> "Attachments":
        """With this file at the end, or with other codes for it where it stands."""
        new = (document_id, tuple(codes))
        if document_id in {one for one, _ in self.documents}:
            return Attachments(self.photo_id, tuple(new if one[0] == document_id else one for one in self.documents))
        return Attachments(self.photo_id, (*self.documents, new))

    def moved(self, document_id: str, places: int) -> "Attachments":
        """With this file so many places further down; the office sees them in this order."""
        codes = dict(self.documents)
        return Attachments(self.photo_id, tuple((one, codes[one]) for one in moved([*codes], document_id, places)))

    def without(self, document_id: str) -> "Attachments":
        """Without this file, be it a document or the photo."""
        photo_id = None if self.photo_id == document_id else self.photo_id
        return Attachments(photo_id, tuple(one for one in self.documents if one[0] != document_id))

    def body(self) -> dict[str, Any]:
        documents = [{"document_id": document_id, "codes": list(codes)} for document_id, codes in self.documents]
        return {"photo_id": self.photo_id, "documents": documents}


def moved(order: Sequence[str], document_id: str, places: int) -> list[str]:
    """Files in order, one of them so many places further down; as they are where it is none of them."""
    found = list(order)
    if document_id in found:
        place = found.index(document_id)
        found.insert(max(place + places, 0), found.pop(place))
    return found


async def attach(draft: Draft, change: "Change") -> Answer:
    """Apply a change to the files of a draft, also where somebody else changes them at the same time."""
    view = draft.view
    for _ in range(_ATTEMPTS):
        now = Draft(draft.visitor, view, draft.form)
        body = change.apply(Attachments.of(view)).body()
        answer = await draft.service.call("PUT", f"/v1/applications/{draft.id}/documents", body, headers=now.as_read)
        if answer.status not in (409, 412) or answer.code == "already-filed":
            return answer
        view = await read_view(draft.visitor, UUID(draft.id))
    return answer


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the files of a draft."""

    photo_id: str | None = None
    document_id: str | None = None
    codes: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, int] | None = None

    def apply(self, files: Attachments) -> Attachments:
        """The files after the change."""
        for removed in self.removed:
            files = files.without(removed)
        if self.photo_id:
            files = files.with_photo(self.photo_id)
        if self.document_id:
            files = files.with_document(self.document_id, self.codes)
        if self.moved:
            files = files.moved(*self.moved)
        return files


async def list_sent(application: ShownApplication) -> dict[str, dict[str, Any]]:
    """The files of an application as the document service knows them, by id: those that were sent for it, and those
    that it has in common with others."""
    found: dict[str, dict[str, Any]] = {}
    asked = {"limit": "100", "application_id": application.id}
    while True:
        answer = await application.visitor.service("document").fetch(f"/v1/documents?{urlencode(asked)}")
        found |= {one["id"]: one for one in answer.body["items"]}
        if answer.body["next"] is None:
            break
        asked["cursor"] = answer.body["next"]
    attached = (application.view["photo_id"], *(one["document_id"] for one in application.view["documents"]))
    for document_id in attached:
        if document_id is not None and document_id not in found and (known := await _known(application, document_id)):
            found[document_id] = known
    return found


async def _known(application: ShownApplication, document_id: str) -> dict[str, Any] | None:
    """A file as the document service knows it; None where it is gone."""
    path = f"/v1/documents/{document_id}"
    answer = await application.visitor.service("document").call("GET", path, shown=("not-found",))
    return answer.body if answer.ok else None


async def delete_sent(application: ShownApplication, document_id: str) -> None:
    """Delete a file that was sent for this application and is attached to it no more. One that others may have
    too, that is filed, or gone already, stays as it is."""
    known = await _known(application, document_id)
    if known is not None and known["application_id"] == application.id:
        await application.visitor.service("document").call(
            "DELETE", f"/v1/documents/{document_id}", shown=("not-found", "document-filed")
        )
