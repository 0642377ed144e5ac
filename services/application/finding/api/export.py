"""The route of the export: everything that was filed, as CSV or XLSX."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.application.finding.api.lists import ListAsked
from services.application.finding.commands.export import begin_export
from services.application.finding.domain.wanted import Wanted
from services.application.finding.schemas.export import Cell, ExportTable
from services.application.finding.store.export import exported, plans_of
from services.application.sheets.export import ExportKind, csv_export, xlsx_export
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit
from shared.clock import legal_date
from shared.db import Database
from shared.errors import Text
from shared.http import PaperLanguage, say
from shared.http.commands import EachTime
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
router = APIRouter(prefix="/v1/applications", tags=["applications"])
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHEET = Text("申請一覧", "Applications")


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in _TYPES.values()}}},
)
async def export(
    runtime: CurrentRuntime,
    actor: Applicant,
    asked: ListAsked,
    lang: PaperLanguage,
    run: EachTime,
    format: Annotated[ExportKind, Query(description="CSV in UTF-8 with byte order mark, or a workbook")] = "csv",
    answers: Annotated[bool, Query(description="with every answer of the forms, a column for each")] = False,
) -> StreamingResponse:
    """Everything that was filed and is asked for, the oldest first; drafts only where `status` or `id` names them.

    The export is journalled. Cells that Excel would take for formulas are defused.
    """
    begun = await run(begin_export, asked, format, answers=answers)
    today = legal_date(runtime.clock.now())
    owner, wanted = Owner.of(actor), asked.filed(today)
    plans = []
    if answers:
        async with runtime.db.read() as session:
            plans = list(await plans_of(session, owner, wanted, similar=begun.similar))
    table = ExportTable.of(plans, lang)
    lines = _lines(runtime.db, owner, wanted, table, similar=begun.similar)
    columns = table.columns()
    body = csv_export(columns, lines) if format == "csv" else xlsx_export(columns, lines, say(_SHEET, lang))
    name = f"applications-{today}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(body, media_type=_TYPES[format], headers=headers)


async def _lines(
    db: Database, owner: Owner, wanted: Wanted, table: ExportTable, *, similar: bool
) -> AsyncIterator[list[Cell]]:
    async for application, progress in exported(db, owner, wanted, similar=similar):
        yield table.cells(application, progress)
