"""One-time links to set a password: issued and looked at. Using one is of the wing lifecycle."""

import secrets
from datetime import datetime
from typing import Literal

from services.registration.accounts.domain import login_id as login_ids
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.authentication.problems import LinkNotValid
from services.registration.authentication.schemas.password_links import OpenLink
from services.registration.authentication.store import sign_in
from services.registration.authentication.store.sign_in import Password, PasswordLink
from services.registration.context import CommandContext, new_secret, secret_digest
from shared.ids import new_id
from shared.work import Work


async def look(context: CommandContext, token: str) -> OpenLink:
    """The expiry of a link; raises `LinkNotValid` where it cannot."""
    async with context.db.read() as session:
        link = await sign_in.unused_link(session, secret_digest(token), context.clock.now())
    if link is None:
        raise LinkNotValid()
    return OpenLink(expires_at=link.expires_at)


async def issue_link(
    work: Work,
    context: CommandContext,
    account: Account,
    purpose: Literal["activate", "invite", "reset"],
    registration_id: object = None,
    *,
    page: str = "/password",
) -> tuple[str, datetime]:
    """A new link, in place of any before it, and when it expires. The account gets its login id where it has none."""
    if account.login_id is None:
        account.login_id = await _free_login_id(work)
        account.revision += 1
    await sign_in.end_links(work.session, account.id, work.now)
    secret, expires_at = new_secret(), context.link_expiry(work.now)
    work.session.add(
        PasswordLink(
            id=new_id(),
            account_id=account.id,
            purpose=purpose,
            token_digest=secret_digest(secret),
            usage_registration_id=registration_id,
            created_at=work.now,
            expires_at=expires_at,
            ended_at=None,
        )
    )
    return context.page(f"{page}/{secret}"), expires_at


async def put_password(work: Work, account: Account, hashed: str) -> None:
    """Set or replace the password of an account that is locked."""
    known = await work.session.get(Password, account.id, with_for_update=True)
    if known is None:
        work.session.add(Password(account_id=account.id, hash=hashed, set_at=work.now))
    else:
        known.hash, known.set_at = hashed, work.now


async def _free_login_id(work: Work) -> str:
    while True:
        drawn = login_ids.make(secrets.token_bytes(login_ids.RANDOM_BYTES))
        if await accounts.by_login_id(work.session, drawn) is None:
            return drawn
