"""Saved searches: the conditions of the list under a name, alone or for everybody of the organisation."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.applications.asked import Asked
from services.gateway.pages.portal.applications.listing import list_page
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES

router = page_router()
PATH = f"{APPLICATIONS}/searches"


@router.post(PATH)
async def save_search(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Keep the conditions of the list from which the form was sent."""
    asked = Asked.read(form["list"])
    if not form["filter_name"].strip():
        errors = FormErrors.on(PAGES[visitor.lang]["applications"]["need_name"], "filter_name")
        return await list_page(visitor, asked, errors=errors, typed=form)
    answer = await visitor.service("application").call(
        "POST",
        "/v1/filters",
        {"name": form["filter_name"], "query": asked.conditions, "shared": form["shared"] == "yes"},
        headers={"Idempotency-Key": str(form.key)},
    )
    fields = {"/name": "filter_name", answer.code: "filter_name"}
    if errors := answer.form_errors(visitor.lang, fields):
        return await list_page(visitor, asked, errors=errors, typed=form)
    response = redirect_to(asked.address())
    response.headers["location"] += f"{'&' if '?' in asked.address() else '?'}done=search_saved"
    return response


@router.post(f"{PATH}/{{filter_id:uuid}}/delete")
async def delete_search(filter_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Delete a saved search, for everybody where it is shared."""
    await visitor.service("application").delete(f"/v1/filters/{filter_id}", form)
    return redirect_to(APPLICATIONS, done="search_deleted")
