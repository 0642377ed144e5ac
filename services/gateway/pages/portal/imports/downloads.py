"""Files of bulk filing: the template of a form, the workbook with every wrong cell marked, the list of receipts."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import CurrentVisitor
from services.gateway.pages.portal.filing.offered import Choice, version_of
from services.gateway.pages.portal.imports.shown import IMPORTS, require_filer

router = page_router()


@router.get(f"{IMPORTS}/template")
async def load_template(
    visitor: CurrentVisitor,
    choice: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(max_length=10)] = "xlsx",
) -> Response:
    """The template of a form as a workbook or a text file. What cannot be chosen leads back to the choice."""
    service = require_filer(visitor)
    chosen = Choice.read(choice)
    version = await version_of(visitor, chosen) if chosen else None
    if chosen is None or version is None:
        return redirect_to(IMPORTS)
    asked = {"status": chosen.status, "format": "csv" if kind == "csv" else "xlsx"}
    asked |= {"activity": chosen.activity} if chosen.activity else {}
    found = await service.download(f"/v1/forms/{version}/template?{urlencode(asked)}", "invalid")
    return found or redirect_to(IMPORTS)


@router.get(f"{IMPORTS}/{{import_id:uuid}}/workbook")
async def load_workbook(import_id: UUID, visitor: CurrentVisitor) -> Response:
    """The workbook that was sent, its wrong cells marked and explained, with the receipt numbers of what is filed."""
    service = require_filer(visitor)
    found = await service.download(f"/v1/imports/{import_id}/workbook", "import-in-progress", "import-refused")
    return found or redirect_to(f"{IMPORTS}/{import_id}")


@router.get(f"{IMPORTS}/{{import_id:uuid}}/receipts/pdf")
async def load_receipts(import_id: UUID, visitor: CurrentVisitor) -> Response:
    """The list of receipts as a PDF, to be kept on file."""
    found = await require_filer(visitor).download(f"/v1/imports/{import_id}/receipts", "nothing-filed")
    return found or redirect_to(f"{IMPORTS}/{import_id}")
