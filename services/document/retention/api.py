"""HTTP of retention: legal holds, and erasure on request."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.document.files.commands.documents import owner_of
from services.document.retention.commands import erasures as erasing
from services.document.retention.commands import holds as holding
from services.document.retention.problems import RequestMissing
from services.document.retention.schemas import (
    ErasureBody,
    ErasureList,
    ErasureSummary,
    HoldBody,
    HoldList,
    Lift,
    NewErasure,
    NewHold,
)
from services.document.retention.store import erasures, holds
from shared.auth import APPLICANT_ROLES, Actor, Role, permit
from shared.errors import NotFound
from shared.http import Lang, Language, refusals
from shared.http.commands import Once
from shared.service import CurrentRuntime, Runtime

# Who decides on a record: they answer for what is kept of it.
_DECIDING = (Role.CHIEF_EXAMINER, Role.USER_APPROVAL)
Deciding = Annotated[Actor, permit(*_DECIDING)]
Asking = Annotated[Actor, permit(*APPLICANT_ROLES, *_DECIDING)]
router = APIRouter(tags=["documents"])


@router.post("/v1/holds", status_code=201, dependencies=[permit(*_DECIDING)])
async def set_hold(body: NewHold, once: Once, runtime: CurrentRuntime) -> HoldBody:
    """Hold the files of a record (保全): none is deleted when its retention is over, and none erased on request."""
    return await _hold(runtime, once.actor, (await once(holding.set_hold, body)).id)


@router.get("/v1/holds")
async def list_holds(
    actor: Deciding, runtime: CurrentRuntime, record_id: Annotated[UUID, Query(description="of an application, ...")]
) -> HoldList:
    """The holds on a record, also those that were lifted."""
    async with runtime.db.read() as session:
        await holding.require_record(session, actor, record_id)
        return HoldList(items=[HoldBody.of(each) for each in await holds.holds_of(session, record_id)])


@router.post("/v1/holds/{hold_id}/lift", responses=refusals(409), dependencies=[permit(*_DECIDING)])
async def lift_hold(hold_id: UUID, body: Lift, once: Once, runtime: CurrentRuntime) -> HoldBody:
    """Lift a hold. 409 `hold-lifted` where that was done before."""
    return await _hold(runtime, once.actor, (await once(holding.lift_hold, hold_id, body)).id)


async def _hold(runtime: Runtime, actor: Actor, hold_id: UUID) -> HoldBody:
    async with runtime.db.read() as session:
        found = await holds.hold(session, hold_id)
        if found is None:
            raise NotFound()
        await holding.require_record(session, actor, found.record_id)
        return HoldBody.of(found)


@router.post(
    "/v1/erasures",
    status_code=201,
    responses=refusals(409),
    dependencies=[permit(*APPLICANT_ROLES, *_DECIDING)],
)
async def erase(body: NewErasure, once: Once, lang: Language, runtime: CurrentRuntime) -> ErasureBody:
    """Erase files, as far as they may go, and answer with the proof. A person sends `{}`: all own files that were not
    filed are erased. An officer who decides on a record names it, and the request that was granted: its files are
    erased where the record has ended and nothing holds them.

    409 `archive-in-progress` while a ZIP is checked. What is kept has its reason.
    """
    done = await once(erasing.erase, body)
    return await _erasure(runtime, once.actor, done.id, lang)


@router.get("/v1/erasures")
async def list_erasures(
    actor: Asking,
    runtime: CurrentRuntime,
    record_id: Annotated[UUID | None, Query(description="officers: the record whose erasures are listed")] = None,
) -> ErasureList:
    """The erasures that the caller asked for; for an officer those of a record."""
    async with runtime.db.read() as session:
        if actor.kind == "officer":
            if record_id is None:
                raise RequestMissing("record_id")
            await holding.require_record(session, actor, record_id)
            found = await erasures.erasures_of(session, record_id=record_id)
        else:
            found = await erasures.erasures_of(session, owner_id=owner_of(actor))
        return ErasureList(items=[ErasureSummary.model_validate(each) for each in found])


@router.get("/v1/erasures/{erasure_id}")
async def read_erasure(erasure_id: UUID, actor: Asking, lang: Language, runtime: CurrentRuntime) -> ErasureBody:
    """The proof of an erasure: what was erased, when, by which request, and what was kept and why."""
    return await _erasure(runtime, actor, erasure_id, lang)


async def _erasure(runtime: Runtime, actor: Actor, erasure_id: UUID, lang: Lang) -> ErasureBody:
    async with runtime.db.read() as session:
        found = await erasing.read_erasure(session, actor, erasure_id)
        return ErasureBody.of(found, await erasures.files_of(session, erasure_id), lang)
