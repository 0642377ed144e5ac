"""People's accounts for approving officers: look, suspend, lift, close."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.registration.accounts.domain.reasons import CLOSES, REJECTIONS, STOPS
from services.registration.accounts.schemas.reasons import Reasons, reasons_of
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input
from services.registration.http.step_up import STEP_UP
from services.registration.lifecycle.commands import account_states, memberships
from services.registration.lifecycle.schemas.account_states import AccountStanding
from services.registration.lifecycle.schemas.accounts import AccountOf
from services.registration.lifecycle.schemas.memberships import Left
from services.registration.usage_registration.api.decisions import Code
from shared.auth import Actor, Record, Role, permit, readers
from shared.http.commands import EachTime, Once

router = APIRouter(tags=["accounts of people"])
Officer = Annotated[Actor, permit(*readers(Record.ACCOUNT), kinds=("officer",))]


LISTS = Reasons(reject=reasons_of(REJECTIONS), suspend=reasons_of(STOPS), close=reasons_of(CLOSES))


class ReasonInput(Input):
    """The reason, as a code."""

    reason_code: Code = Field(examples=["terms_violated"])


@router.get("/v1/accounts/reasons")
async def list_reasons(
    officer: Annotated[Actor, permit(*readers(Record.ACCOUNT), Role.ADMINISTRATOR, kinds=("officer",))],
) -> Reasons:
    """The reasons that officers choose from where they refuse, stop or end something. Other codes may be sent."""
    return LISTS


@router.get("/v1/accounts/{account_id}")
async def look(account_id: UUID, officer: Officer, run: EachTime) -> AccountOf:
    """The account of somebody who registered with the officer's office. The reading is journalled."""
    return await run(account_states.read, account_id)


@router.post("/v1/accounts/{account_id}/suspend", responses=STEP_UP)
async def suspend(
    account_id: UUID, body: ReasonInput, officer: Officer, context: CurrentContext, once: Once
) -> AccountStanding:
    """Stop the account (利用停止): sessions end at once, the last access token within five minutes."""
    return await once(account_states.suspend, context, account_id, body.reason_code)


@router.post("/v1/accounts/{account_id}/lift", responses=STEP_UP)
async def lift(account_id: UUID, officer: Officer, context: CurrentContext, once: Once) -> AccountStanding:
    """End a stop."""
    return await once(account_states.lift, context, account_id)


@router.post("/v1/accounts/{account_id}/close", responses=STEP_UP)
async def close(
    account_id: UUID, body: ReasonInput, officer: Officer, context: CurrentContext, once: Once
) -> AccountStanding:
    """End the account for good."""
    return await once(account_states.close, context, account_id, body.reason_code)


@router.post("/v1/accounts/{account_id}/memberships/{membership_id}/end", responses=STEP_UP)
async def end_membership(
    account_id: UUID,
    membership_id: UUID,
    body: ReasonInput,
    officer: Officer,
    context: CurrentContext,
    once: Once,
) -> Left:
    """End one membership, for example because the organisation reported that the person left (離職)."""
    return await once(memberships.end_for, context, account_id, membership_id, body.reason_code)
