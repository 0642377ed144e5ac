"""Routes of the decision on something submitted: the queue, one record, approve, return, reject.

Written once for whatever is `Decidable`; a subject gives its models and the words of its documentation.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input, LongText
from services.registration.usage_registration.commands.decisions import Decisions, Item
from services.registration.usage_registration.domain.usage_registration import Requirements, Status
from services.registration.usage_registration.schemas.decisions import Count, Decided
from services.registration.usage_registration.store.queues import Wanted
from shared.auth import Actor, permit, readers, scope_of
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once
from shared.text import half_width

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$")]
Confirmed = Annotated[bool | None, Field(strict=True)]


class RequirementsInput(Input):
    """Requirements that the officer confirmed; approval needs all that are asked of the user class (`…/requirements`
    lists them)."""

    agent_requirements: Confirmed = None
    notifications_made: Confirmed = None
    pledge_submitted: Confirmed = None
    stable_business: Confirmed = None
    agent_certificate: Confirmed = None
    notice_certificate: Confirmed = None
    representation_proved: Confirmed = None
    kinship_proved: Confirmed = None
    inability_proved: Confirmed = None


class ApprovalInput(Input):
    """An approval."""

    requirements: RequirementsInput
    note: LongText | None = None


class ItemInput(Input):
    """One thing to correct."""

    code: Code = Field(examples=["UA_PLEDGE"])
    message: LongText = Field(examples=["誓約書に日付がありません。"])


class ReturnInput(Input):
    """Items for the applicant to correct."""

    items: Annotated[list[ItemInput], Field(min_length=1, max_length=50)]


class RejectionInput(Input):
    """The reason of a rejection."""

    reason_code: Code = Field(examples=["requirements_not_met"])
    reason: LongText = Field(examples=["申請等取次者の承認要件を満たしていません。"])


@dataclass(frozen=True, slots=True)
class DecisionRoutes:
    """Models and descriptions of one subject's routes. `line` is one of the queue, `view` the whole record."""

    line: type[BaseModel]
    view: type[BaseModel]
    queue: str
    read: str
    approve: str
    reject: str


def decision_routes(
    router: APIRouter, prefix: str, name: str, decisions: Decisions[Any], about: DecisionRoutes
) -> None:
    """Add the routes below `prefix`; `name` gives the parameter `{name}_id` and the names of reading routes."""
    record = decisions.kind.record
    officers = permit(*readers(record), kinds=("officer",))
    anyone = permit()
    path_id = Path(alias=f"{name}_id")
    one = f"{prefix}/{{{name}_id}}"

    @router.get(
        prefix,
        name=f"list_{name}s",
        description=about.queue,
        response_model=Page[about.line],  # type: ignore[name-defined]
    )
    async def queue(
        context: CurrentContext,
        paging: PageQuery,
        status: Status | None = None,
        role: Annotated[str | None, Query(max_length=40, examples=["org_staff"])] = None,
        receipt_number: Annotated[str | None, Query(max_length=40, examples=["東利申26-000123-5"])] = None,
        officer: Actor = officers,
    ) -> Page[Any]:
        start = paging.after(datetime, UUID)
        wanted = Wanted(status, role, half_width(receipt_number).strip() if receipt_number else None)
        async with context.db.read() as session:
            rows = await decisions.page(
                session, scope_of(officer, record), wanted, (start[0], start[1]) if start else None, paging.limit + 1
            )
        lines = [about.line(**row) for row in rows]
        return paging.page(lines, key=lambda line: (line.submitted_at, line.id))

    @router.get(f"{prefix}/counts", name=f"count_{name}s")
    async def counts(context: CurrentContext, officer: Actor = officers) -> list[Count]:
        """The number of them at the officer's office, by status and user class."""
        async with context.db.read() as session:
            return await decisions.counts(session, scope_of(officer, record))

    @router.get(one, name=f"read_{name}", description=about.read, response_model=about.view, dependencies=[anyone])
    async def read(run: EachTime, record_id: UUID = path_id) -> Any:
        return await run(decisions.kind.read, record_id)

    @router.post(f"{one}/approve", name="approve", description=about.approve, dependencies=[officers])
    async def approve(body: ApprovalInput, context: CurrentContext, once: Once, record_id: UUID = path_id) -> Decided:
        requirements = Requirements(**body.requirements.model_dump())
        return await once(decisions.approve, context, record_id, requirements, body.note)

    @router.post(f"{one}/return", name="send_back", dependencies=[officers])
    async def send_back(body: ReturnInput, context: CurrentContext, once: Once, record_id: UUID = path_id) -> Decided:
        """Return it for correction (差戻し)."""
        items = [Item(item.code, item.message) for item in body.items]
        return await once(decisions.send_back, context, record_id, items)

    @router.post(f"{one}/reject", name="reject", description=about.reject, dependencies=[officers])
    async def reject(body: RejectionInput, context: CurrentContext, once: Once, record_id: UUID = path_id) -> Decided:
        return await once(decisions.reject, context, record_id, body.reason_code, body.reason)
