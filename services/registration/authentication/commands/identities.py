"""The identities that lead to one's own account, and taking one away."""

from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.second_factor import end_sessions_but
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.problems import IdentityNeeded
from services.registration.authentication.schemas.identities import Identities, IdentityView
from services.registration.authentication.store import identities, passkeys, sign_in
from services.registration.context import CommandContext
from shared.db import ReadSession
from shared.errors import NotFound
from shared.work import Work


async def mine(session: ReadSession, account_id: UUID) -> Identities:
    """At which providers the caller can sign in."""
    rows = await identities.of_account(session, account_id)
    return Identities(items=[IdentityView(id=row.id, issuer=row.issuer, linked_at=row.linked_at) for row in rows])


async def unlink(work: Work, context: CommandContext, identity_id: UUID) -> Nothing:
    """The identity leads nowhere any more; other sessions end.

    Raises `IdentityNeeded` where it is the only means to sign in.
    """
    account, held = await require_fresh(work, SensitiveAct.UNLINK_IDENTITY)
    rows = [row for row in await identities.of_account(work.session, account.id) if row.id == identity_id]
    if not rows:
        raise NotFound()
    has_password = await sign_in.password_of(work.session, account.id) is not None
    if not has_password and not await passkeys.has_passkey(work.session, account.id):
        raise IdentityNeeded()
    rows[0].ended_at = work.now
    await end_sessions_but(work, account.id, held.id, "identity-unlinked")
    work.journal("account", account.id, Tag.IDENTITY_UNLINK, {"identity_id": identity_id})
    notify_changed(work, context, account, "identity_unlinked")
    return Nothing()
