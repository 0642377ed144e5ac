"""Applications as a whole: taken or handed over, taken into a newer form, deleted, and begun from an earlier one."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.forms import Form, FormErrors, Posted, is_id
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import procedure_name
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.filing.draft import find_draft, not_saved, open_draft
from services.gateway.pages.portal.filing.left_out import keep_left_out
from services.gateway.pages.portal.filing.offered import newer_version
from services.gateway.pages.portal.filing.overview import application_page, overview_page
from services.gateway.pages.portal.filing.shown import APPLICATIONS, read_view
from services.gateway.texts import PAGES
from shared.errors import Forbidden

router = page_router()
PATH = "/applications/{application_id:uuid}"


@router.post(f"{PATH}/take-over")
async def take_over(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Take the application over: reminders and news go to the visitor from now on."""
    return await _put_in_charge(application_id, visitor, form, None, "taken")


@router.post(f"{PATH}/hand-over")
async def hand_over(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Hand the application over to the colleague who was chosen: reminders and news go to them from now on."""
    if not is_id(form["account_id"]):
        nobody = FormErrors.on(PAGES[visitor.lang]["several"]["choose_colleague"], "account_id")
        return await application_page(visitor, await read_view(visitor, application_id), nobody)
    return await _put_in_charge(application_id, visitor, form, {"account_id": form["account_id"]}, "handed_over")


async def _put_in_charge(
    application_id: UUID, visitor: Visitor, form: Form, body: dict[str, str] | None, done: str
) -> Response:
    view = await read_view(visitor, application_id)
    path = f"{APPLICATIONS}/{application_id}"
    # Pressing twice does it once: the page brings the key of its request, which counts for one content.
    keyed = {"Idempotency-Key": str(form.key_of(done, body))}
    answer = await visitor.service("application").call("POST", f"/v1{path}/owner", body, headers=keyed)
    if errors := answer.form_errors(visitor.lang, {"/account_id": "account_id"}):
        return await application_page(visitor, view, errors)
    return redirect_to(path, done=done)


@router.post(f"{PATH}/form-version")
async def renew_form(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Take the draft over into the form that is begun today."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    version = await newer_version(visitor, draft.view)
    if version is None:
        return redirect_to(draft.path)
    if errors := not_saved(await draft.change({"form_version": version}), visitor.lang):
        return await overview_page(draft, errors)
    return redirect_to(draft.path, done="renewed")


@router.get(f"{PATH}/delete")
async def ask_to_delete(application_id: UUID, visitor: CurrentVisitor) -> Response:
    """Ask whether the draft is to be deleted with everything in it."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    return render_page(
        visitor.request,
        "portal/filing/delete",
        visitor.lang,
        visitor=visitor,
        draft=draft,
        view=draft.view,
    )


@router.post(f"{PATH}/delete")
async def delete(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Delete the draft."""
    if not visitor.is_person:
        raise Forbidden()
    answer = await visitor.service("application").delete(f"/v1/applications/{application_id}", form)
    if answer.code == "already-filed":
        return redirect_to(f"/applications/{application_id}")
    if errors := not_saved(answer, visitor.lang):
        return await overview_page(await open_draft(visitor, await read_view(visitor, application_id)), errors)
    return redirect_to(APPLICATIONS, done="deleted")


@router.post(f"{PATH}/copies")
async def copy(application_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Begin a draft with what can still be true of an application; its page says what was left out."""
    view = await read_view(visitor, application_id)
    answer = await visitor.service("application").call(
        "POST", f"/v1/applications/{application_id}/copies", {}, headers={"Idempotency-Key": str(form.key)}
    )
    if errors := not_saved(answer, visitor.lang):
        return render_page(
            visitor.request,
            "portal/filing/not_copied",
            visitor.lang,
            visitor=visitor,
            errors=errors,
            procedure=procedure_name(view["procedure"], visitor.lang),
            path=f"/applications/{application_id}",
        )
    made = answer.body["id"]
    response = redirect_to(f"/applications/{made}", done="copied")
    keep_left_out(response, visitor, made, answer.body["left_out"])
    return response
