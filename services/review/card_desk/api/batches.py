"""HTTP: batches of cards to print and to mail, and the carrier's report."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.review.card_desk.commands import batches
from services.review.card_desk.commands.batches import view_of
from services.review.card_desk.commands.offices import own_office
from services.review.card_desk.domain.batches import GOES_OUT, TAKES, BatchKind
from services.review.card_desk.schemas.batches import (
    BatchDetail,
    BatchedCaseView,
    BatchView,
    CardDesk,
    NewBatch,
    Outcomes,
    ReturnedFile,
)
from services.review.card_desk.store.batches import CardBatch, batches_of, cases_of, count_to_batch
from services.review.cases.domain.sheet import write_rows
from services.review.cases.store import Case
from shared.auth import Caller, Role, permit
from shared.db import ReadSession
from shared.errors import NotFound
from shared.http.commands import Once
from shared.reference.receipt_numbers import parse_receipt_number
from shared.service import CurrentRuntime

MOST = 60
_CARD_OFFICE = [permit(Role.CARD_OFFICE, kinds=("officer",))]

router = APIRouter(prefix="/v1/card-desk", tags=["card desk"])


@router.get("", operation_id="readCardDesk", dependencies=_CARD_OFFICE)
async def read_desk(caller: Caller, runtime: CurrentRuntime) -> CardDesk:
    """The batches of one's own office, and the number of cases that wait for one."""
    office = own_office(caller)
    async with runtime.db.read() as session:
        found = await batches_of(session, office, MOST)
        return CardDesk(
            to_print=await count_to_batch(session, office, TAKES[BatchKind.PRINT]),
            to_mail=await count_to_batch(session, office, TAKES[BatchKind.MAIL]),
            batches=[view_of(batch, cases, waiting) for batch, cases, waiting in found],
        )


@router.post("/batches", status_code=201, operation_id="makeBatch", dependencies=_CARD_OFFICE)
async def make(body: NewBatch, once: Once) -> BatchView:
    """Make a batch of the cases that have waited longest. No case is in two batches that are open."""
    return await once(batches.make, body.kind, body.most)


@router.get("/batches/{batch_id}", operation_id="readBatch", dependencies=_CARD_OFFICE)
async def read(batch_id: UUID, caller: Caller, runtime: CurrentRuntime) -> BatchDetail:
    """A batch with its cases."""
    async with runtime.db.read() as session:
        batch = await _batch(session, batch_id, own_office(caller))
        cases = await cases_of(session, batch_id)
    waiting = sum(waits for _, waits in cases)
    return BatchDetail(
        **view_of(batch, len(cases), waiting).model_dump(),
        lines=[
            BatchedCaseView(
                case_id=case.id,
                receipt_number=case.receipt_number,
                code=_code(case.receipt_number),
                procedure=case.procedure,
                status_of_residence=case.status_of_residence,
                granted_period=case.granted_period,
                state=case.state,
                waits=waits,
            )
            for case, waits in cases
        ],
    )


@router.get(
    "/batches/{batch_id}/file",
    operation_id="readBatchFile",
    dependencies=_CARD_OFFICE,
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The batch as CSV"}},
)
async def read_file(batch_id: UUID, caller: Caller, runtime: CurrentRuntime) -> Response:
    """The batch as CSV for the printer or the carrier, in UTF-8."""
    async with runtime.db.read() as session:
        batch = await _batch(session, batch_id, own_office(caller))
        cases = [case for case, _ in await cases_of(session, batch_id)]
    columns = GOES_OUT[BatchKind(batch.kind)]
    content = write_rows(columns, ([_cell(case, column) for column in columns] for case in cases))
    name = f'attachment; filename="{batch.kind}-{batch.made_at:%Y%m%d}-{str(batch.id)[-6:]}.csv"'
    return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@router.post("/batches/{batch_id}/returned-file", operation_id="takeBatchFile", dependencies=_CARD_OFFICE)
async def take_file(batch_id: UUID, body: ReturnedFile, once: Once) -> Outcomes:
    """Take the file of the printer (card numbers) or of the carrier (tracking numbers). It may be sent again."""
    return await once(batches.take_file, batch_id, body.file)


@router.post("/batches/{batch_id}/closing", operation_id="closeBatch", dependencies=_CARD_OFFICE)
async def close(batch_id: UUID, once: Once) -> BatchView:
    """Expect nothing more of a batch; what still waits can be taken up by another."""
    return await once(batches.close, batch_id)


@router.post("/carrier-reports", operation_id="takeCarrierReport", dependencies=_CARD_OFFICE)
async def take_report(body: ReturnedFile, once: Once) -> Outcomes:
    """Take the carrier's report: letters delivered, returned, lost."""
    return await once(batches.take_report, body.file)


async def _batch(session: ReadSession, batch_id: UUID, office: str) -> CardBatch:
    batch: CardBatch | None = await session.get(CardBatch, batch_id)
    if batch is None or batch.office != office:
        raise NotFound()
    return batch


def _code(receipt_number: str) -> str:
    try:
        return parse_receipt_number(receipt_number).ascii
    except ValueError:
        return ""


def _cell(case: Case, column: str) -> object:
    if column == "code":
        return _code(case.receipt_number)
    return getattr(case, "granted_period" if column == "period_of_stay" else column)
