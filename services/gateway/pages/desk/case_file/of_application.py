"""The way from an application to its case."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.queue import CASES
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OfficerVisitor
from shared.errors import Forbidden

router = page_router()


@router.get(f"{CASES}/by-application/{{application_id:uuid}}")
async def lead_to_case(application_id: UUID, visitor: OfficerVisitor) -> Response:
    """Lead to the case of an application that the visitor sees."""
    if not visitor.sees_cases:
        raise Forbidden()
    found = await visitor.service("review").fetch(f"/v1/cases/by-application/{application_id}")
    return redirect_to(f"{CASES}/{found.body['id']}")
