"""The list as a file, as a workbook or as text: everything that was filed and is asked for, or what is ticked."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.pages.kit.forms import FormErrors, ids_among
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.portal.applications.asked import GROUPS, ON_A_PAGE, Asked
from services.gateway.pages.portal.applications.listing import list_page
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.errors import Forbidden

router = page_router()
_EVERY_STATUS = [status for statuses in GROUPS.values() for status in statuses]
Kind = Annotated[str, Query(max_length=10)]


@router.get(f"{APPLICATIONS}/export")
async def load_list(request: Request, visitor: CurrentVisitor, kind: Kind = "xlsx") -> Response:
    """The applications of the list as a file. Drafts are in it where the list is one of drafts."""
    asked = Asked.of(request.query_params)
    return await _load(visitor, asked, asked.conditions, kind)


@router.get(f"{APPLICATIONS}/several/export")
async def load_chosen(request: Request, visitor: CurrentVisitor, kind: Kind = "xlsx") -> Response:
    """The applications that are ticked on the list as a file, or all that its search finds, however many; drafts are
    among them."""
    query = request.query_params
    asked = Asked.read(query.get("list", ""))
    if query.get("all") == "yes":
        return await _load(visitor, asked, {"status": _EVERY_STATUS} | asked.conditions, kind)
    ids = ids_among(query.getlist("application_id"))[:ON_A_PAGE]
    if not ids:
        return await list_page(visitor, asked, FormErrors.on(PAGES[visitor.lang]["several"]["choose_one"], "list"))
    return await _load(visitor, asked, {"id": ids, "sort": asked.sort}, kind)


async def _load(visitor: Visitor, asked: Asked, conditions: dict[str, Any], kind: str) -> Response:
    """The file with these conditions, passed on while it arrives. Conditions that are refused lead back to the list,
    which says why."""
    if not visitor.is_person:
        raise Forbidden()
    wanted = conditions | {"format": "csv" if kind == "csv" else "xlsx"}
    found = await visitor.service("application").download(
        f"/v1/applications/export?{urlencode(wanted, doseq=True)}", "invalid"
    )
    return found or redirect_to(asked.address())
