"""Changing one's mail address: asked for with the password, confirmed by a link at the new address."""

from services.registration.audit import Tag
from services.registration.commands.answers import Nothing
from services.registration.commands.own_password import confirm
from services.registration.desk import Desk, new_secret, secret_digest
from services.registration.domain.standing import AccountState
from services.registration.problems import LinkNotValid
from services.registration.store import EmailChange, accounts, email_changes, sign_in
from shared.auth.actor import Actor
from shared.errors import FieldProblem, Invalid, Text
from shared.events import EmailChanged, EmailChangeRequested, Recipient
from shared.ids import new_id
from shared.work import Mark, Work


async def ask(desk: Desk, actor: Actor, mark: Mark, email: str, password: str) -> Nothing:
    """Send a link to the new address. Nothing else changes, and the old address stays in use."""
    assert actor.id is not None
    account, _ = await confirm(desk, actor.id, password)
    if (account.email or "").casefold() == email.casefold():
        text = Text("現在のメールアドレスと同じです", "This is the present address")
        raise Invalid(fields=[FieldProblem("/email", "email-unchanged", text)])

    async def open_link(work: Work) -> Nothing:
        locked = await accounts.locked_account(work.session, account.id)
        if locked.state != AccountState.ACTIVE:
            raise LinkNotValid()
        await email_changes.end_all(work.session, account.id, work.now)
        secret, expires_at = new_secret(), desk.link_expiry(work.now)
        work.session.add(
            EmailChange(
                id=new_id(),
                account_id=account.id,
                email=email,
                token_digest=secret_digest(secret),
                created_at=work.now,
                expires_at=expires_at,
                ended_at=None,
            )
        )
        work.enter("account", account.id, Tag.EMAIL_ASK)
        work.record(
            EmailChangeRequested(
                account_id=account.id,
                sealed_link=desk.sealer.seal(desk.page(f"/email/{secret}")),
                link_expires_at=expires_at,
                recipient=Recipient(sealed_address=desk.sealer.seal(email), language=locked.language),
                requested_at=work.now,
            )
        )
        return Nothing()

    return await desk.commands.run(actor, mark, open_link)


async def use_link(desk: Desk, mark: Mark, token: str) -> Nothing:
    """Take over the new address; both addresses are told. Raises `LinkNotValid`."""
    digest = secret_digest(token)
    async with desk.db.read() as session:
        asked = await email_changes.open_change(session, digest, desk.clock.now())
    if asked is None:
        raise LinkNotValid()

    async def take_over(work: Work) -> Nothing:
        # The account first, as in `ask`: whoever replaces the link meanwhile holds the account.
        account = await accounts.locked_account(work.session, asked.account_id)
        change = await email_changes.locked_open(work.session, digest, work.now)
        if change is None or account.state != AccountState.ACTIVE:
            raise LinkNotValid()
        old = desk.recipient(account)
        change.ended_at = work.now
        account.email = change.email
        account.revision += 1
        # Links to set a password lie in the old mailbox.
        await sign_in.end_links(work.session, account.id, work.now)
        work.enter("account", account.id, Tag.EMAIL_CHANGE)
        work.record(
            EmailChanged(
                account_id=account.id,
                recipient_new=desk.recipient(account),
                recipient_old=old,
                changed_at=work.now,
            )
        )
        return Nothing()

    return await desk.commands.run(Actor.anonymous(), mark, take_over)
