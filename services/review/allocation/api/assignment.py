"""HTTP: the next case, and the examiner of a case, its flags and its office."""

from uuid import UUID

from fastapi import APIRouter

from services.review.allocation.commands import assignment, flags, transfers
from services.review.allocation.schemas.assignment import (
    Assignment,
    FlagRemoval,
    HandOver,
    NewFlag,
    Reassignment,
    ReturnToQueue,
    TransferToOffice,
)
from services.review.cases.schemas import CaseBrief, Code
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases", tags=["allocation"])
_EXAMINER = [permit(Role.EXAMINER, kinds=("officer",))]
_CHIEF = [permit(Role.CHIEF_EXAMINER, kinds=("officer",))]


@router.post("/next", operation_id="takeNextCase", dependencies=_EXAMINER)
async def take_next(once: Once) -> CaseBrief:
    """Take the most urgent case of the office that nobody has, of those that the caller examines.

    409 `work-in-progress` names the limit of the office and the number of cases at work; `queue-empty` where no case
    waits for an examiner. Two callers never get the same case.
    """
    return await once(assignment.take_next)


@router.post("/{case_id}/take", operation_id="takeCase", dependencies=_EXAMINER)
async def take(case_id: UUID, once: Once) -> CaseBrief:
    """Take a case in examination that nobody has any more. 409 `taken` says who has it, and since when."""
    return await once(assignment.take, case_id)


@router.post("/{case_id}/assignment", operation_id="assignCase", dependencies=_CHIEF)
async def assign(case_id: UUID, body: Assignment, once: Once) -> CaseBrief:
    """Give a new case to an examiner. 409 `taken` says who has it, and since when."""
    return await once(assignment.assign, case_id, body.examiner_id, body.note)


@router.post("/{case_id}/reassignment", operation_id="reassignCase", dependencies=_CHIEF)
async def reassign(case_id: UUID, body: Reassignment, once: Once) -> CaseBrief:
    """Give the case to another examiner."""
    return await once(assignment.reassign, case_id, body.examiner_id, body.note)


@router.post("/{case_id}/hand-over", operation_id="handOverCase", dependencies=_EXAMINER)
async def hand_over(case_id: UUID, body: HandOver, once: Once) -> CaseBrief:
    """Hand one's own case over to a colleague."""
    return await once(assignment.hand_over, case_id, body.examiner_id, body.reason)


@router.post("/{case_id}/return", operation_id="returnCase", dependencies=_EXAMINER)
async def give_back(case_id: UUID, body: ReturnToQueue, once: Once) -> CaseBrief:
    """Return one's own case to the queue of the office."""
    return await once(assignment.give_back, case_id, body.reason)


@router.post("/{case_id}/take-back", operation_id="takeCaseBack", dependencies=_CHIEF)
async def take_back(case_id: UUID, body: ReturnToQueue, once: Once) -> CaseBrief:
    """Take a case back from its examiner into the queue of the office."""
    return await once(assignment.take_back, case_id, body.reason)


@router.post("/{case_id}/transfer", operation_id="transferCase", dependencies=_CHIEF)
async def transfer(case_id: UUID, body: TransferToOffice, once: Once) -> CaseBrief:
    """Give the case to another office. The caller's office does not see it any more; the applicant is informed."""
    return await once(transfers.transfer, case_id, body.office, body.reason)


@router.post("/{case_id}/flags", operation_id="flagCase", dependencies=_CHIEF)
async def set_flag(case_id: UUID, body: NewFlag, once: Once) -> CaseBrief:
    """Flag the case, with a reason."""
    return await once(flags.set_flag, case_id, body.code, body.reason)


@router.post("/{case_id}/flags/{code}/removal", operation_id="unflagCase", dependencies=_CHIEF)
async def remove_flag(case_id: UUID, code: Code, body: FlagRemoval, once: Once) -> CaseBrief:
    """Take a flag away, with a reason."""
    return await once(flags.remove_flag, case_id, code, body.reason)
