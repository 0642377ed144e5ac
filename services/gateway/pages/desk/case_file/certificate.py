"""The certificate of a case as a PDF, for the office to print."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.case import PATH, read_case
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OfficerVisitor

router = page_router()


@router.get(f"{PATH}/certificate/file")
async def print_certificate(case_id: UUID, visitor: OfficerVisitor) -> Response:
    """The signed PDF; the case where it is not ready, or does not count any more. The look is in the journal."""
    case = await read_case(visitor, case_id)
    path = f"/v1/applications/{case.view['application_id']}/certificate/file"
    found = await visitor.service("application").file(path, "no-certificate", "certificate-not-in-force")
    if found is None:
        return redirect_to(case.path, done="no_certificate")
    return Response(found.content, media_type="application/pdf", headers={"Content-Disposition": "inline"})
