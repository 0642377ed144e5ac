"""One's own sessions: where I am signed in, and ending that."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.registration.authentication.api.dependencies import CurrentAuthentication
from services.registration.http.context import CurrentContext, SecretMark
from services.registration.lifecycle.commands import own_account
from shared.auth import Actor, permit

router = APIRouter(tags=["accounts"])
Owner = Annotated[Actor, permit(kinds=("person", "officer"))]


@router.get("/v1/accounts/me/sessions", dependencies=[permit(in_person=True)])
async def list_sessions(caller: Owner, context: CurrentAuthentication) -> own_account.SessionList:
    """Where I am signed in."""
    return await own_account.list_sessions(context, caller)


@router.delete("/v1/accounts/me/sessions/{session_id}", status_code=204)
async def end_session(session_id: UUID, caller: Owner, mark: SecretMark, context: CurrentContext) -> None:
    """Sign one of my sessions out. Tokens it has fetched are good for their few minutes."""
    await context.commands.run(caller, mark, lambda work: own_account.end_session(work, session_id))


@router.post("/v1/accounts/me/sign-out-everywhere")
async def sign_out_everywhere(caller: Owner, mark: SecretMark, context: CurrentContext) -> own_account.SignedOut:
    """Sign out everywhere, here too. What outside systems may do for me ends as well."""
    return await context.commands.run(caller, mark, own_account.sign_out_everywhere)
