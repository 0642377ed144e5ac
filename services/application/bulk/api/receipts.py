"""The route of the list of receipts: everything that was filed with one file, as a PDF."""

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from services.application.bulk import store
from services.application.bulk.api.imports import Filer
from services.application.bulk.domain.receipts import FiledRow
from services.application.bulk.problems import nothing_filed
from services.application.papers.receipts import ReceiptLine, receipts_pdf
from shared.auth import Owner
from shared.http import PaperLanguage, refusals
from shared.service import CurrentRuntime, Runtime

router = APIRouter(prefix="/v1/imports", tags=["imports"])
_PDF = "application/pdf"
# Rows that are read at a time: each comes with its form.
_TOGETHER = 500


@router.get(
    "/{import_id}/receipts",
    response_class=Response,
    responses={200: {"content": {_PDF: {"schema": {"type": "string", "format": "binary"}}}}, **refusals(409)},
)
async def receipts(runtime: CurrentRuntime, actor: Filer, import_id: UUID, lang: PaperLanguage) -> Response:
    """The list of receipts as a PDF: number, person, procedure, moment of receipt, office and fee of every row that
    was filed, in the order of the file."""
    async with runtime.db.read() as session:
        row = await store.own(session, import_id, Owner.of(actor))
    lines: list[ReceiptLine] = []
    place = 0
    while found := await _filed_after(runtime, import_id, place):
        lines += [each.line() for each in found]
        place = found[-1].position
        await asyncio.sleep(0)  # forms are read: other requests get their turn
    if not lines:
        raise nothing_filed()
    content = await asyncio.to_thread(receipts_pdf, row.name, lines, lang, runtime.clock.now())
    name = quote(f"{row.name.rsplit('.', 1)[0]}-receipts.pdf")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(content, media_type=_PDF, headers=headers)


async def _filed_after(runtime: Runtime, import_id: UUID, place: int) -> list[FiledRow]:
    async with runtime.db.read() as session:
        return await store.filed_rows(session, import_id, place, _TOGETHER)
