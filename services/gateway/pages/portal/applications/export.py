"""The list as a file: everything that was filed and is asked for, as a workbook or as text."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.applications.asked import Asked
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from shared.errors import Forbidden

router = page_router()


@router.get(f"{APPLICATIONS}/export")
async def load_list(
    request: Request, visitor: CurrentVisitor, kind: Annotated[str, Query(max_length=10)] = "xlsx"
) -> Response:
    """The applications of the list as a file, passed on while it arrives. Conditions that are refused lead back to the
    list, which says why."""
    if not visitor.is_person:
        raise Forbidden()
    asked = Asked.of(request.query_params)
    query = urlencode(asked.conditions | {"format": "csv" if kind == "csv" else "xlsx"}, doseq=True)
    found = await visitor.service("application").download(f"/v1/applications/export?{query}", "invalid")
    return found or redirect_to(asked.address())
