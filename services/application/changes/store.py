"""Queries of changes after filing: versions, corrections, addresses, answers to requests, measured times."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    any_,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.progress.domain import ProgressStep, State
from services.application.tables import (
    AdditionalSubmission,
    AddressChange,
    Application,
    CorrectionRequest,
    FiledVersion,
    MeasuredTime,
    MoreTimeRequest,
    Progress,
    RecordedStep,
    RequestedAnswer,
)
from shared.db import ReadSession


async def versions_of(session: ReadSession, application_id: UUID) -> Sequence[FiledVersion]:
    """The versions of an application, the one that was filed first; empty where nothing was corrected."""
    query = select(FiledVersion).where(FiledVersion.application_id == application_id).order_by(FiledVersion.number)
    return list((await session.scalars(query)).all())


async def requests_of(session: ReadSession, application_id: UUID) -> Sequence[CorrectionRequest]:
    """The corrections for which agreement was asked, oldest first."""
    query = (
        select(CorrectionRequest)
        .where(CorrectionRequest.application_id == application_id)
        .order_by(CorrectionRequest.requested_at)
    )
    return list((await session.scalars(query)).all())


async def waits_for_agreement(session: ReadSession, application_id: UUID) -> bool:
    """Whether a correction of the application waits for the examiner."""
    waiting = exists().where(CorrectionRequest.application_id == application_id, CorrectionRequest.state == "waiting")
    return bool(await session.scalar(select(waiting)))


async def correction_request(session: AsyncSession, correction_id: UUID) -> CorrectionRequest | None:
    """A correction for which agreement was asked, locked."""
    found: CorrectionRequest | None = await session.get(CorrectionRequest, correction_id, with_for_update=True)
    return found


async def more_time_of(session: ReadSession, application_id: UUID) -> Sequence[MoreTimeRequest]:
    """The requests for more time of an application, oldest first."""
    query = (
        select(MoreTimeRequest)
        .where(MoreTimeRequest.application_id == application_id)
        .order_by(MoreTimeRequest.requested_at, MoreTimeRequest.id)
    )
    return list((await session.scalars(query)).all())


async def more_time(session: AsyncSession, more_time_id: UUID) -> MoreTimeRequest | None:
    """A request for more time, locked."""
    found: MoreTimeRequest | None = await session.get(MoreTimeRequest, more_time_id, with_for_update=True)
    return found


async def waiting_more_time(session: AsyncSession, application_id: UUID) -> MoreTimeRequest | None:
    """The request for more time that waits for the examiner, locked."""
    query = (
        select(MoreTimeRequest)
        .where(MoreTimeRequest.application_id == application_id, MoreTimeRequest.state == "waiting")
        .with_for_update()
    )
    return (await session.scalars(query)).one_or_none()


async def other_open(session: ReadSession, application: Application, person_key: bytes | None) -> bool:
    """Whether the owner has another open application of the same kind for the person with that key."""
    if person_key is None:
        return False
    other = exists().where(
        Application.owner_id == application.owner_id,
        Application.procedure == application.procedure,
        Application.person_key == person_key,
        Application.state == "received",
        Application.id != application.id,
    )
    return bool(await session.scalar(select(other)))


async def addresses_of(session: ReadSession, application_id: UUID) -> Sequence[AddressChange]:
    """The addresses that were stated after filing, oldest first."""
    query = (
        select(AddressChange)
        .where(AddressChange.application_id == application_id)
        .order_by(AddressChange.stated_at, AddressChange.id)
    )
    return list((await session.scalars(query)).all())


async def request_step(session: ReadSession, application_id: UUID, request_id: UUID) -> RecordedStep | None:
    """The step by which review reported a request for documents: its items and its day."""
    query = select(RecordedStep).where(
        RecordedStep.application_id == application_id,
        RecordedStep.step == ProgressStep.DOCUMENTS_REQUESTED.value,
        RecordedStep.data["request_id"].astext == str(request_id),
    )
    found: RecordedStep | None = (await session.scalars(query)).first()
    return found


async def granted_period(session: ReadSession, application_id: UUID) -> str | None:
    """The period of stay that was granted; None where none was."""
    query = select(RecordedStep.data["period_of_stay"].astext).where(
        RecordedStep.application_id == application_id, RecordedStep.step == ProgressStep.REVIEW_COMPLETED.value
    )
    found: str | None = (await session.scalars(query)).first()
    return found


async def answers_of(session: ReadSession, request_id: UUID) -> Sequence[RequestedAnswer]:
    """The answers that are saved for a request, in the order of its items."""
    query = select(RequestedAnswer).where(RequestedAnswer.request_id == request_id).order_by(RequestedAnswer.place)
    return list((await session.scalars(query)).all())


async def saved_answer(session: AsyncSession, request_id: UUID, place: int) -> RequestedAnswer | None:
    """The answer that is saved for one item."""
    found: RequestedAnswer | None = await session.get(RequestedAnswer, (request_id, place))
    return found


async def submissions_of(session: ReadSession, application_id: UUID) -> Sequence[AdditionalSubmission]:
    """The answers that were submitted, oldest first."""
    query = (
        select(AdditionalSubmission)
        .where(AdditionalSubmission.application_id == application_id)
        .order_by(AdditionalSubmission.submitted_at)
    )
    return list((await session.scalars(query)).all())


async def others_of(session: ReadSession, application: Application) -> Sequence[tuple[Application, Progress | None]]:
    """The owner's other drafts and pending applications for the same person, newest first; found by the card number,
    or by name, birth date and nationality."""
    found = ((Application.person_key, application.person_key), (Application.person, application.person))
    same = [column == key for column, key in found if key is not None]
    if not same:
        return []
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(
            Application.owner_id == application.owner_id,
            Application.role == application.role,
            or_(*same),
            Application.state.in_(("draft", "received")),
            Application.id != application.id,
        )
        .order_by(Application.created_at.desc())
        .limit(20)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def earlier_of(session: ReadSession, application: Application) -> Sequence[tuple[Application, Progress | None]]:
    """Applications for the same person that were filed before this one, by anybody, the newest first; found by the card
    number, or by name, birth date and nationality."""
    found = ((Application.person_key, application.person_key), (Application.person, application.person))
    same = [column == key for column, key in found if key is not None]
    if not same or application.submitted_at is None:
        return []
    query = (
        select(Application, Progress)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(
            or_(*same),
            Application.state != "draft",
            Application.submitted_at < application.submitted_at,
            Application.id != application.id,
        )
        .order_by(Application.submitted_at.desc())
        .limit(20)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def outcomes_of(session: ReadSession, organisation_id: UUID) -> Mapping[str, int]:
    """The number of filed applications of an organisation by outcome; by state where nothing was decided."""
    outcome = func.coalesce(Progress.outcome, Application.state).label("outcome")
    query = (
        select(outcome, func.count())
        .select_from(Application)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(Application.organisation_id == organisation_id, Application.state != "draft")
        .group_by(outcome)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return {row[0]: row[1] for row in rows}


async def measured_time(session: ReadSession, procedure: str, status: str) -> MeasuredTime | None:
    """The measured time of a procedure and status; None while too few are decided."""
    found: MeasuredTime | None = await session.get(MeasuredTime, (procedure, status))
    return found


# Written out, as in the index of decisions by their time.
_DECIDED: ColumnElement[str] = literal_column(f"'{ProgressStep.REVIEW_COMPLETED.value}'")


async def decision_times(session: ReadSession, since: datetime, least: int) -> list[Mapping[str, Any]]:
    """Median days from filing to decision by procedure and status, over decisions since then, of `least` or more."""
    days = func.extract("epoch", RecordedStep.at - Application.submitted_at) / 86400
    query = (
        select(
            Application.procedure,
            Application.status_of_residence,
            func.percentile_cont(0.5).within_group(days).label("median_days"),
            func.count().label("decisions"),
        )
        .join(RecordedStep, RecordedStep.application_id == Application.id)
        .where(RecordedStep.step == _DECIDED, RecordedStep.at >= since)
        .group_by(Application.procedure, Application.status_of_residence)
        .having(func.count() >= least)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def replace_measured_times(session: AsyncSession, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Put the times measured at `at` in the place of the earlier ones."""
    await session.execute(delete(MeasuredTime))
    if rows:
        await session.execute(insert(MeasuredTime), [{**row, "measured_at": at} for row in rows])


# What other services keep of a filed application, and what it is worked out from.
_FILED = (
    *(Application.id, Application.account_id, Application.owner_id, Application.organisation_id, Application.role),
    *(Application.procedure, Application.combined_with, Application.status_of_residence, Application.category),
    *(Application.form, Application.form_version, Application.photo_id, Application.attachments, Application.state),
    *(Application.receipt_number, Application.office, Application.submitted_at, Application.legal_date),
    *(Application.stay_expiry, Application.special_period_end),
    *(Application.notify_email, Application.notify_language),
)


async def count_filed(session: ReadSession) -> int:
    """The number of applications that were filed."""
    return int(await session.scalar(select(func.count()).where(Application.state != State.DRAFT)) or 0)


async def filed_behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[Any]:
    """The filed applications behind an id, by id, locked against changes until the end of the transaction."""
    page = select(Application.id).where(Application.state != State.DRAFT).order_by(Application.id).limit(count)
    if after is not None:
        page = page.where(Application.id > after)
    ids = (await session.scalars(page.with_for_update(read=True))).all()
    # Another statement: one that waited for a lock sees what others committed meanwhile in the locked rows alone.
    query = select(*_FILED).where(Application.id == any_(_ids(ids))).order_by(Application.id)
    return (await session.execute(query)).all()


async def last_addresses(session: ReadSession, application_ids: Sequence[UUID]) -> dict[UUID, tuple[str, date]]:
    """The office in charge of the last address that was stated after filing, and since when the applicant lives
    there."""
    query = (
        select(AddressChange.application_id, AddressChange.office, AddressChange.lives_there_from)
        .ext(distinct_on(AddressChange.application_id))
        .where(AddressChange.application_id == any_(_ids(application_ids)))
        .order_by(AddressChange.application_id, AddressChange.stated_at.desc(), AddressChange.id.desc())
    )
    return {row.application_id: (row.office, row.lives_there_from) for row in (await session.execute(query)).all()}


async def submitted_since_correction(session: ReadSession, application_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The documents that were submitted on request, since the last correction: one states all documents again."""
    corrected = (
        select(func.max(FiledVersion.made_at))
        .where(FiledVersion.application_id == AdditionalSubmission.application_id, FiledVersion.number > 1)
        .scalar_subquery()
    )
    query = (
        select(AdditionalSubmission.application_id, AdditionalSubmission.file_ids)
        .where(
            AdditionalSubmission.application_id == any_(_ids(application_ids)),
            or_(corrected.is_(None), AdditionalSubmission.submitted_at > corrected),
        )
        .order_by(AdditionalSubmission.submitted_at, AdditionalSubmission.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for row in (await session.execute(query)).all():
        found.setdefault(row.application_id, []).extend(row.file_ids)
    return found


def _ids(ids: Sequence[UUID]) -> ColumnElement[Sequence[UUID]]:
    """Many ids as one parameter: a list of them would be written out in the statement each time."""
    return literal(list(ids), ARRAY(Uuid))
