"""The face photo of a draft: what it has to be like, the photo that was sent, and what was found about it."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
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
_DONE = ("uploaded", "removed")


@router.get(PATH)
async def show_photo(application_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show the photo that was sent, or how to send one."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return await photo_page(draft, done=done)


@router.post(PATH)
async def remove_photo(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Remove the photo."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    if (photo_id := draft.view["photo_id"]) and photo_id == str(form.id("document_id")):
        answer = await attach(draft, Change(removed=(photo_id,)))
        if errors := not_saved(answer, visitor.lang):
            return await photo_page(draft, errors)
        await delete_sent(draft, photo_id)
    return redirect_to(f"{draft.path}/photo", done="removed")


async def photo_page(draft: Draft, errors: FormErrors | None = None, done: str | None = None) -> Response:
    """The page of the photo, with the reason why one was refused."""
    visitor = draft.visitor
    today = legal_date(visitor.gateway.clock.now())
    return render_page(
        visitor.request,
        "portal/filing/photo",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=SCRIPTS,
        draft=draft,
        needed=needs_photo(await draft.check()),
        photo=await _known(draft),
        from_age=photo_age(draft.view["procedure"], draft.view["status_of_residence"], today),
        rules=photo_rules(today),
        crop_fields=CROP_FIELDS,
        upload_path=f"/upload/applications/{draft.id}/PHOTO?csrf_token={visitor.csrf_token}",
        next_path=step_after(draft, PHOTO),
        steps=steps_of(draft),
        done=done if done in _DONE else None,
    )


async def _known(draft: Draft) -> dict[str, Any] | None:
    """The photo as the document service knows it; None where there is none (any more)."""
    photo_id = draft.view["photo_id"]
    if photo_id is None:
        return None
    answer = await draft.visitor.service("document").call("GET", f"/v1/documents/{photo_id}", shown=("not-found",))
    return answer.body if answer.ok else {"id": photo_id, "advice": [], "file_name": None, "missing": True}
