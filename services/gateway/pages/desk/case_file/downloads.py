"""The download of a file of a case."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, read_case, read_case_file
from services.gateway.pages.desk.case_file.overview import case_page
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OfficerVisitor

router = page_router()


@router.get(f"{PATH}/files/{{document_id:uuid}}")
async def download(case_id: UUID, document_id: UUID, visitor: OfficerVisitor) -> Response:
    """Lead to the file, which downloads; where it cannot be opened yet, show the case with the reason."""
    await read_case(visitor, case_id)
    link = await visitor.service("document").call("GET", f"/v1/documents/{document_id}/link")
    if errors := link.form_errors(visitor.lang):
        return await case_page(await read_case_file(visitor, case_id), errors=errors)
    return redirect_to(link.body["url"])
