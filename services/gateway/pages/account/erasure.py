"""Erasure of one's own files on request, and its proof."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.kit.client import ServiceClient
from services.gateway.pages.kit.forms import FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import Forbidden

router = page_router()
PATH = "/account/erasure"


@router.get(PATH)
async def show_erasure(request: Request, visitor: CurrentVisitor) -> Response:
    """Say what goes and what stays, and list earlier erasures."""
    return await _page(request, visitor)


@router.post(PATH)
async def erase_files(request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Erase the own files that may go, and lead to the proof."""
    service = _service(visitor)
    if form["confirmed"] != "yes":
        return await _page(
            request, visitor, FormErrors.on(PAGES[visitor.lang]["erasure"]["need_confirmed"], "confirmed")
        )
    answer = await service.call("POST", "/v1/erasures", {}, headers={"Idempotency-Key": str(form.key)})
    if errors := answer.form_errors(visitor.lang):
        return await _page(request, visitor, errors)
    return redirect_to(f"{PATH}/{answer.body['id']}")


@router.get(f"{PATH}/{{erasure_id:uuid}}")
async def show_proof(request: Request, erasure_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show the proof: what went, when, and what stays and why."""
    proof: dict[str, Any] = (await _service(visitor).fetch(f"/v1/erasures/{erasure_id}")).body
    return render_page(
        request,
        "account/erasure/proof",
        visitor.lang,
        visitor=visitor,
        proof=proof,
        scripts=("print.js",),
    )


def _service(visitor: Visitor) -> ServiceClient:
    if not visitor.is_person:
        raise Forbidden()
    return visitor.service("document")


async def _page(request: Request, visitor: Visitor, errors: FormErrors | None = None) -> Response:
    items = (await _service(visitor).fetch("/v1/erasures")).body["items"]
    return render_page(request, "account/erasure/erasure", visitor.lang, visitor=visitor, errors=errors, items=items)
