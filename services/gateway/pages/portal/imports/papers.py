"""Photos and documents for the rows of a file, as one ZIP: sent, checked, and attached by the keys of the rows."""

from collections.abc import AsyncIterator, Mapping, Set
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.uploads import CurrentUpload, upload_errors
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.imports.overview import import_page
from services.gateway.pages.portal.imports.shown import IMPORTS, find_import
from services.gateway.texts import PAGES

router = page_router()
UPLOAD = f"/upload{IMPORTS}/{{import_id:uuid}}/files"
PATH = f"{IMPORTS}/{{import_id:uuid}}/files/{{archive_id:uuid}}"
FIELD = "archive"
_AT_ONCE = 1000
# Of what cannot be used so much is shown.
_SHOWN = 200


@router.get(UPLOAD)
async def return_to_import(import_id: UUID) -> Response:
    """Redirect a reload of the page that showed a mistake."""
    return redirect_to(f"{IMPORTS}/{import_id}")


@router.post(UPLOAD)
async def send(import_id: UUID, upload: CurrentUpload) -> Response:
    """Send the ZIP on while it arrives, and lead to its check."""
    imported = await find_import(upload.visitor, import_id)
    answer = await upload.forward("document", "/v1/archives")
    if errors := upload_errors(answer, upload.visitor.lang, FIELD):
        return await import_page(imported, errors=errors)
    return redirect_to(f"{imported.path}/files/{answer.body['id']}")


@router.get(PATH)
async def show_papers(import_id: UUID, archive_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show how far the check of the ZIP is, and then what of it can be attached."""
    return await _page(visitor, import_id, archive_id)


@router.post(PATH)
async def attach(import_id: UUID, archive_id: UUID, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Attach every accepted file to the row with its key, and have the rows checked. What matches no row is named. Or
    take the repaired copies that were chosen."""
    if form["do"] == "repair":
        return await _repair(visitor, import_id, archive_id, form)
    imported = await find_import(visitor, import_id)
    service, left = visitor.service("application"), []
    found = [one async for one in _entries(visitor, archive_id, "accepted") if one["key"] and one["document_id"]]
    for several in (found[first : first + _AT_ONCE] for first in range(0, len(found), _AT_ONCE)):
        files = [{name: one[name] for name in ("key", "document_id", "codes")} for one in several]
        answer = await service.call("POST", f"/v1/imports/{import_id}/files", {"files": files})
        if errors := answer.form_errors(visitor.lang):
            return await _page(visitor, import_id, archive_id, errors)
        left += [
            _unmatched(one, outcome, visitor)
            for one, outcome in zip(several, answer.body["files"], strict=True)
            if outcome["outcome"] != "attached"
        ]
    await service.call("POST", f"/v1/imports/{import_id}/check")
    if not left:
        return redirect_to(imported.path)
    return await _page(visitor, import_id, archive_id, FormErrors(422, tuple(map(Message, left[:_SHOWN]))))


async def _repair(visitor: Visitor, import_id: UUID, archive_id: UUID, form: Form) -> Response:
    """Take the chosen copies of files that cannot be used as they are."""
    chosen, own_file = set(form.every("copies")), form["own_file"] == "yes"
    offered = {one["document_id"]: one async for one in _entries(visitor, archive_id, "repairable")}
    taken = [offered[one] for one in offered if one in chosen]
    if not taken:
        error = FormErrors.on(PAGES[visitor.lang]["imports"]["papers_choose"], "copies")
        return await _page(visitor, import_id, archive_id, error)
    if any(one["consent"] for one in taken) and not own_file:
        error = FormErrors.on(PAGES[visitor.lang]["imports"]["papers_need_own"], "own_file")
        return await _page(visitor, import_id, archive_id, error, chosen)
    service = visitor.service("document")
    for one in taken:
        path = f"/v1/documents/{one['document_id']}/repair"
        answer = await service.call("POST", path, {"own_file": own_file}, shown=("not-found", "quota-reached"))
        # One that was given up since is among those that cannot be used by now.
        if answer.code != "not-found" and (errors := answer.form_errors(visitor.lang)):
            return await _page(visitor, import_id, archive_id, errors, chosen)
    return redirect_to(f"{IMPORTS}/{import_id}/files/{archive_id}")


def _unmatched(entry: Mapping[str, Any], outcome: Mapping[str, Any], visitor: Visitor) -> str:
    """The reason why a file was not attached, with its name."""
    texts = PAGES[visitor.lang]["imports"]
    reason = texts.get(f"papers_{outcome['outcome']}", "")
    reasons = " ".join(say(one["message"], visitor.lang) for one in outcome["problems"])
    return texts["papers_left"].format(name=entry["path"], reason=reasons or reason)


async def _page(
    visitor: Visitor,
    import_id: UUID,
    archive_id: UUID,
    errors: FormErrors | None = None,
    chosen: Set[str] = frozenset(),
) -> Response:
    imported = await find_import(visitor, import_id)
    archive = (await visitor.service("document").fetch(f"/v1/archives/{archive_id}")).body
    useless: list[Mapping[str, Any]] = []
    offered: list[Mapping[str, Any]] = []
    if not archive["waiting"]:
        offered = [one async for one in _entries(visitor, archive_id, "repairable")]
        for state in ("rejected", "skipped"):
            useless += [one async for one in _entries(visitor, archive_id, state, _SHOWN)]
    return render_page(
        visitor.request,
        "portal/imports/papers",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=("imports.js",),
        imported=imported,
        archive=archive,
        path=f"{imported.path}/files/{archive_id}",
        useless=useless,
        offered=offered,
        chosen=chosen,
    )


async def _entries(
    visitor: Visitor, archive_id: UUID, state: str, most: int | None = None
) -> AsyncIterator[Mapping[str, Any]]:
    """The files of the ZIP in one state."""
    asked, number = {"state": state, "limit": "200"}, 0
    while True:
        answer = await visitor.service("document").fetch(f"/v1/archives/{archive_id}/entries?{urlencode(asked)}")
        for one in answer.body["items"]:
            yield one
            number += 1
        if answer.body["next"] is None or (most is not None and number >= most):
            return
        asked["cursor"] = answer.body["next"]
