"""One's own sessions: where I am signed in, and ending that."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.http.runners import WithSecret
from services.registration.lifecycle.commands import own_account
from services.registration.lifecycle.schemas.own_account import SessionList, SignedOut
from shared.auth import Actor, permit
from shared.http.commands import OnceIfKeyed

router = APIRouter(tags=["accounts"])
Owner = Annotated[Actor, permit(kinds=("person", "officer"))]


@router.get("/v1/accounts/me/sessions", dependencies=[permit(in_person=True)])
async def list_sessions(caller: Owner, context: CurrentAuthentication) -> SessionList:
    """My sessions: the devices where I am signed in."""
    return await own_account.list_sessions(context, caller)


@router.delete("/v1/accounts/me/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, caller: Owner, once: OnceIfKeyed) -> None:
    """Sign one of my sessions out. Tokens it has fetched are good for their few minutes."""
    await once(own_account.end_session, session_id)


@router.post("/v1/accounts/me/sign-out-everywhere")
async def sign_out_everywhere(caller: Owner, run: WithSecret) -> SignedOut:
    """Sign out everywhere, here too. Authorisations of API clients end as well."""
    return await run(own_account.sign_out_everywhere)
