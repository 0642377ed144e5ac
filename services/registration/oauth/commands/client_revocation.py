"""Revoking clients and authorisations; tokens in force stop with the ids (`store.revoked`)."""

from uuid import UUID

from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.context import CommandContext
from services.registration.oauth.store import api_clients, authorizations
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.oauth.store.authorizations import Authorization
from shared.work import Work


async def revoke(work: Work, context: CommandContext, client: ApiClient, reason: str) -> None:
    """End a client that is locked, and with it whatever people let it do.

    Its owner is notified, whichever person ends it.
    """
    client.revoked_at, client.revoke_reason = work.now, reason
    client.revision += 1
    work.journal("api_client", client.id, Tag.CLIENT_REVOKE, {"reason": reason})
    owner = await accounts.account(work.session, client.account_id)
    assert owner is not None
    notify_changed(work, context, owner, "client_revoked", client.id)


def end_authorization(work: Work, authorization: Authorization, reason: str) -> None:
    """End what one person let one client do; the row is locked."""
    authorization.ended_at, authorization.end_reason = work.now, reason
    work.journal("authorization", authorization.id, Tag.AUTHORIZATION_END, {"reason": reason})


async def end_authorizations(work: Work, account_id: UUID, reason: str) -> int:
    """End everything that a person lets API clients do, also what is just being granted; how many."""
    await authorizations.drop_codes(work.session, account_id)
    rows = await authorizations.locked_open_of(work.session, account_id)
    for row in rows:
        end_authorization(work, row, reason)
    return len(rows)


async def end_for_membership(
    work: Work, context: CommandContext, account_id: UUID, organisation_id: UUID | None, role: str, reason: str
) -> None:
    """End a person's clients and authorisations under a membership that is over."""
    for client in await api_clients.locked_open_of(work.session, account_id, organisation_id, role):
        await revoke(work, context, client, reason)
    for row in await authorizations.locked_open_of(work.session, account_id, organisation_id, role):
        end_authorization(work, row, reason)


async def end_for_account(work: Work, context: CommandContext, account_id: UUID, reason: str) -> None:
    """The same for everything of an account that is closed."""
    for client in await api_clients.locked_open_of(work.session, account_id):
        await revoke(work, context, client, reason)
    await end_authorizations(work, account_id, reason)
