"""The face photo of a draft: what it has to be like, the photo that was sent, and what was found about it."""

from math import isfinite
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.draft import PHOTO, Draft, find_draft, not_saved
from services.gateway.pages.portal.filing.files import Change, attach, delete_sent
from services.gateway.pages.portal.filing.steps import step_after, steps_of
from services.gateway.pages.portal.filing.wanted import CROP_FIELDS, needs_photo
from shared.clock import legal_date
from shared.reference.files import photo_age, photo_rules

router = page_router()
PATH = "/applications/{application_id:uuid}/photo"
SCRIPTS = ("upload.js", "photo.js")
_DONE = ("uploaded", "removed", "cut")
_SIDES = ("left", "top", "width")
# The field at which a mistake in another part stands: of the part as a whole it is its heading.
_WHOLE = ("/file", "original-gone", "document-filed", "quota-reached", "checks-used-up")
_FIELD_OF = {f"/part/{name}": f"part_{name}" for name in _SIDES} | dict.fromkeys(_WHOLE, "part")
_PARTS = ("cut", "propose")


@router.get(PATH)
async def show_photo(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the photo that was sent, or how to send one."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return await photo_page(draft, done=done)


@router.post(PATH)
async def change_photo(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove the photo, or put another part of the picture that it was cut from in its place."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    photo_id, done = draft.view["photo_id"], "removed"
    if photo_id and photo_id == str(form.id("document_id")):
        change = Change(removed=(photo_id,))
        if form["do"] in _PARTS:
            cut = await _cut(draft, photo_id, form)
            if errors := cut.form_errors(visitor.lang, _FIELD_OF):
                return await photo_page(draft, errors, typed=form)
            change, done = Change(photo_id=cut.body["id"]), "cut"
        answer = await attach(draft, change)
        if errors := not_saved(answer, visitor.lang):
            return await photo_page(draft, errors)
        await delete_sent(draft, photo_id)
    return redirect_to(f"{draft.path}/photo", done=done)


async def _cut(draft: Draft, photo_id: str, form: Form) -> Answer:
    """The answer to another part of the picture: as the form has it, or the one around the face."""
    part = {name: _percent(form[f"part_{name}"]) for name in _SIDES} if form["do"] == "cut" else None
    shown = ("original-gone", "document-filed", "quota-reached")
    path = f"/v1/documents/{photo_id}/crop"
    return await draft.visitor.service("document").call("POST", path, {"part": part}, shown=shown)


def _percent(typed: str) -> float | str:
    """The number that was typed, in either width; what is none is passed on, for the service to say so."""
    text = typed.strip().removesuffix("%").removesuffix("％").strip()
    try:
        number = float(text)
    except ValueError:
        return typed
    return number if isfinite(number) else typed


async def photo_page(
    draft: Draft, errors: FormErrors | None = None, done: str | None = None, typed: Form | None = None
) -> Response:
    """The page of the photo, with the reason why one was refused."""
    visitor = draft.visitor
    today = legal_date(visitor.gateway.clock.now())
    photo = await _known(draft)
    return render_page(
        visitor.request,
        "portal/filing/photo",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=SCRIPTS,
        draft=draft,
        needed=needs_photo(await draft.check()),
        photo=photo,
        part=_part_of(photo, typed),
        from_age=photo_age(draft.view["procedure"], draft.view["status_of_residence"], today),
        rules=photo_rules(today),
        crop_fields=CROP_FIELDS,
        upload_path=f"/upload/applications/{draft.id}/PHOTO?csrf_token={visitor.csrf_token}",
        next_path=step_after(draft, PHOTO),
        steps=steps_of(draft),
        done=done if done in _DONE else None,
    )


def _part_of(photo: dict[str, Any] | None, typed: Form | None) -> dict[str, Any]:
    """The values of the fields for the part of the picture that is kept: as typed, else as it is."""
    if typed is not None:
        return {name: typed[f"part_{name}"] for name in _SIDES}
    crop = (photo or {}).get("crop") or {}
    return {name: crop.get(name, "") for name in _SIDES}


async def _known(draft: Draft) -> dict[str, Any] | None:
    """The photo as the document service knows it; None where there is none (any more)."""
    photo_id = draft.view["photo_id"]
    if photo_id is None:
        return None
    answer = await draft.visitor.service("document").call("GET", f"/v1/documents/{photo_id}", shown=("not-found",))
    return answer.body if answer.ok else {"id": photo_id, "advice": [], "file_name": None, "missing": True}
