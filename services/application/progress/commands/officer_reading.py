"""An officer's look at an application: it is personal data, so the look is in the journal."""

from uuid import UUID

from services.application.audit import Tag
from services.application.progress import store
from services.application.progress.schemas import ApplicationView, viewed
from services.application.tables import Application, Progress
from shared.auth import Record, sees
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.reference.receipt_numbers import parse_receipt_number
from shared.work import Work

NO_NUMBER = Text(
    "申請受付番号を「東オンＥＮ26000001」のように入力してください。",
    "Type the receipt number as it was sent, like 東オンＥＮ26000001.",
)


async def read_filed(work: Work, application_id: UUID) -> ApplicationView:
    """A filed application as the officer's office has it."""
    return viewed(*await look_at_filed(work, application_id), work.actor)


async def read_numbered(work: Work, receipt_number: str) -> ApplicationView:
    """The filed application with a receipt number, as somebody typed it. Raises `Invalid` for what is no number."""
    try:
        number = str(parse_receipt_number(receipt_number))
    except ValueError as error:
        raise Invalid(fields=[FieldProblem("/receipt_number", "receipt-number", NO_NUMBER)]) from error
    found = await store.of_number(work.session, number)
    if found is None:
        raise NotFound()
    return await read_filed(work, found[0].id)


async def look_at_filed(work: Work, application_id: UUID) -> tuple[Application, Progress | None]:
    """A filed application, and the journal line of who looked. Raises `NotFound` for drafts and other offices'."""
    application, progress = await store.filed(work.session, application_id)
    if not sees(work.actor, Record.APPLICATION, store.handling_office(application, progress)):
        raise NotFound()
    work.journal("application", application_id, Tag.READ)
    return application, progress
