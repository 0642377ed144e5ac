"""The download of a file of a registration or a report."""

from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.registrations.kinds import KINDS, Kind, read_record
from services.gateway.pages.desk.registrations.overview import record_page
from services.gateway.pages.kit.frame import page_router, redirect_to
from services.gateway.pages.kit.visitor import OfficerVisitor

router = page_router()


def _add(kind: Kind) -> None:
    async def download(record_id: UUID, document_id: UUID, visitor: OfficerVisitor) -> Response:
        """Lead to the file, which downloads; where it cannot be opened yet, show the record with the reason."""
        record = await read_record(kind, visitor, record_id)
        link = await visitor.service("document").call("GET", f"/v1/documents/{document_id}/link")
        if errors := link.form_errors(visitor.lang):
            return await record_page(record, errors=errors)
        return redirect_to(link.body["url"])

    router.add_api_route(f"{kind.page}/files/{{document_id:uuid}}", download, methods=["GET"])


for _kind in KINDS:
    _add(_kind)
