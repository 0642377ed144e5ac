"""The papers of a case as PDFs, for the office to print: its certificate, the designation that goes with a card."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, read_case
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor

router = page_router()


@router.get(f"{PATH}/certificate/file")
async def print_certificate(case_id: UUID, visitor: OfficerVisitor) -> Response:
    """The signed PDF; the case where it is not ready, or does not count any more. The look is in the journal."""
    return await _paper(case_id, visitor, "certificate", "no-certificate", "certificate-not-in-force")


@router.get(f"{PATH}/designation/file")
async def print_designation(case_id: UUID, visitor: OfficerVisitor) -> Response:
    """The signed PDF; the case where its card has none. The look is in the journal."""
    return await _paper(case_id, visitor, "designation", "no-designation")


async def _paper(case_id: UUID, visitor: Visitor, name: str, *refusals: str) -> Response:
    case = await read_case(visitor, case_id)
    path = f"/v1/applications/{case.view['application_id']}/{name}/file"
    found = await visitor.service("application").file(path, *refusals)
    if found is None:
        return redirect_to(case.path, done=f"no_{name}")
    return Response(found.content, media_type="application/pdf", headers={"Content-Disposition": "inline"})
