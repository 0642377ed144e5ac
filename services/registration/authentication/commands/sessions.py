"""Access tokens of a session, until it ends."""

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts, organisations
from services.registration.audit import Tag
from services.registration.authentication.commands.sign_in import roles_now
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.session import ends, is_alive
from services.registration.authentication.domain.step_up import is_strong
from services.registration.authentication.schemas.sessions import AccessToken
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext, secret_digest
from shared.auth import SessionEnded
from shared.auth.actor import Actor, Role
from shared.work import RequestIdentity, Work


async def exchange(context: AuthenticationContext, keys: SigningKeys, secret: str) -> AccessToken:
    """An access token for the session of `secret`, with the roles that hold at this moment.

    Raises `SessionEnded` where the session is over, was never, or its account may not act any more.
    """
    now = context.clock.now()
    async with context.db.read() as session:
        found = await sign_in.session_by(session, secret_digest(secret))
        if found is None:
            raise SessionEnded()
        row, last_used_at = found
        if not is_alive(
            context.timeouts,
            expires_at=row.expires_at,
            last_used_at=last_used_at,
            ended_at=row.ended_at,
            now=now,
        ):
            raise SessionEnded()
        account = await accounts.account(session, row.account_id)
        assert account is not None
        acting = await roles_now(session, account, row.organisation_id, row.role, now)
        organisation = (
            await organisations.organisation(session, row.organisation_id) if row.organisation_id is not None else None
        )
    if not acting.roles:
        raise SessionEnded()
    # An officer's session begun with the password alone is good for setting up a second factor and nothing else.
    roles = frozenset[str]() if account.kind == "officer" and not is_strong(row.method) else acting.roles
    actor = Actor(
        kind="officer" if account.kind == "officer" else "person",
        id=account.id,
        organisation_id=row.organisation_id,
        roles=frozenset(Role(role) for role in roles),
        office=account.office,
        session_id=row.id,
        lapsed=acting.lapsed,
        person=context.person_key(account.staff_number),
        fresh_until=row.fresh_until,
        abroad_until=account.abroad_until,
    )
    token, expires_at = (await keys.issuer(row.expires_at - now)).issue(actor)
    if now - last_used_at >= context.last_use_precision():
        async with context.db.transaction() as writing:
            await sign_in.touch(writing, row.id, now)
        last_used_at = now
    times = ends(context.timeouts, expires_at=row.expires_at, last_used_at=last_used_at)
    return AccessToken(
        access_token=token,
        expires_at=expires_at,
        idle_ends_at=times.idle_ends_at,
        ends_at=times.ends_at,
        warn_at=times.warn_at,
        fresh_until=row.fresh_until,
        name=account.name,
        organisation_name=organisation.name if organisation else None,
    )


async def end(context: CommandContext, mark: RequestIdentity, secret: str) -> None:
    """End the session of `secret`; nothing happens where there is none."""
    digest = secret_digest(secret)
    async with context.db.read() as session:
        found = await sign_in.session_by(session, digest)
        if found is None or found[0].ended_at is not None:
            return
        account = await accounts.account(session, found[0].account_id)
    assert account is not None
    account_id = account.id

    async def finish(work: Work) -> Nothing:
        for row in await sign_in.end_sessions(work.session, account_id, work.now, "signed-out", digest=digest):
            work.journal("account", account_id, Tag.SESSION_END, {"session_id": row.id})
        return Nothing()

    await context.commands.run(
        Actor(kind="officer" if account.kind == "officer" else "person", id=account_id), mark, finish
    )
