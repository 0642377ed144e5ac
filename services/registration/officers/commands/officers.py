"""Officers' accounts, as administrators make and change them.

Nobody acts on themself here. The caller is an administrator at that moment, and never the one who is acted on: so one
administrator always remains.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.registration.accounts.domain.mailbox import same_mailbox
from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account, OfficerRole
from services.registration.audit import Tag
from services.registration.authentication.commands.password_links import issue_link
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.context import CommandContext
from services.registration.lifecycle.commands.account_states import end_ways_in
from services.registration.lifecycle.problems import OwnAccount, account_step_not_possible
from services.registration.officers.domain.officer_roles import role_change, roles_flaw
from services.registration.officers.problems import NoMailAddress, OfficerKnown, no_such_office, wrong_roles
from services.registration.officers.schemas.officers import OfficerStanding
from services.registration.officers.store import officers as store
from shared.auth.actor import Role
from shared.errors import Forbidden, NotFound
from shared.events.registration import OfficerInvited, OfficerRolesChanged
from shared.ids import new_id
from shared.reference.offices import OFFICES
from shared.work import Work

# Raises where the account is not at the revision that the caller has read.
Unchanged = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """A new officer: the person, their office, and their roles."""

    name: str
    email: str | None
    office: str
    roles: frozenset[str]
    language: str = "ja"
    login_id: str | None = None
    staff_number: str | None = None


async def invite(work: Work, context: CommandContext, new: NewOfficer) -> OfficerStanding:
    """Make an officer's account and mail its owner a link. They set a password, and then a second factor.

    Raises `StepUpRequired`, `OwnAccount`, `OfficerKnown`, or `Invalid` for roles or an office that cannot be.
    """
    administrator = await administering(work)
    if same_mailbox(administrator.email, new.email):
        raise OwnAccount()
    account = await make(work, new, AccountState.REGISTERED)
    await send_link(work, context, account)
    work.journal("account", account.id, Tag.OFFICER_INVITE, {"roles": sorted(new.roles), "office": new.office})
    return await standing(work, account)


async def invite_again(work: Work, context: CommandContext, officer_id: UUID) -> OfficerStanding:
    """Send another link to who has not used theirs; the one before is worth nothing any more."""
    account = await take(work, officer_id)
    if account.state != AccountState.REGISTERED:
        raise account_step_not_possible(account.state)
    await send_link(work, context, account)
    work.journal("account", account.id, Tag.OFFICER_INVITE_AGAIN)
    return await standing(work, account)


async def set_roles(
    work: Work, context: CommandContext, officer_id: UUID, roles: frozenset[str], unchanged: Unchanged
) -> OfficerStanding:
    """Let an officer hold these roles and no other. Where one is revoked, their sessions end."""
    account = await take(work, officer_id, unchanged)
    if flaw := roles_flaw(roles, has_address=account.email is not None, day=work.today):
        raise wrong_roles(flaw)
    held = await store.locked_roles(work.session, account.id)
    change = role_change(frozenset(row.role for row in held), roles)
    if not change.granted and not change.revoked:
        return await standing(work, account)
    for row in held:
        if row.role in change.revoked:
            row.revoked_at, row.revoked_by = work.now, work.actor.id
    _grant(work, account, change.granted)
    account.revision += 1
    if change.revoked:
        await end_ways_in(work, account, "roles-revoked")
    work.journal(
        "account",
        account.id,
        Tag.OFFICER_ROLES,
        {"granted": sorted(change.granted), "revoked": sorted(change.revoked)},
    )
    return await notify_changed_standing(work, context, account, "roles_changed")


async def move(
    work: Work, context: CommandContext, officer_id: UUID, office: str, unchanged: Unchanged
) -> OfficerStanding:
    """Move an officer to another office. Their sessions end: a token speaks for one office."""
    account = await take(work, officer_id, unchanged)
    if OFFICES.find(work.today, office) is None:
        raise no_such_office()
    if account.office == office:
        return await standing(work, account)
    work.journal("account", account.id, Tag.OFFICER_MOVE, {"from": account.office, "to": office})
    account.office = office
    account.revision += 1
    await end_ways_in(work, account, "office-changed")
    return await notify_changed_standing(work, context, account, "office_changed")


async def set_staff_number(
    work: Work, context: CommandContext, officer_id: UUID, staff_number: str | None, unchanged: Unchanged
) -> OfficerStanding:
    """Set an officer's staff number, or take it away. Their sessions end: a token speaks for one human."""
    account = await take(work, officer_id, unchanged)
    if account.staff_number != staff_number:
        work.journal("account", account.id, Tag.OFFICER_STAFF_NUMBER)
        account.staff_number = staff_number
        account.revision += 1
        await end_ways_in(work, account, "staff-number-changed")
    return await standing(work, account)


async def administering(work: Work) -> Account:
    """The caller's account, locked: an administrator at this moment, whatever the token says, who proved recently who
    they are. Administrators wait for each other: of two who remove each other at once, each would hold what the other
    needs, and the database would have to end one with an error.

    Raises `StepUpRequired`, `Forbidden` or `NoMailAddress`.
    """
    await store.one_at_a_time(work.session)
    account, _ = await require_fresh(work, SensitiveAct.ADMINISTER_OFFICERS)
    if Role.ADMINISTRATOR not in await accounts.officer_roles(work.session, account.id):
        raise Forbidden()
    # Without one, an invitation to oneself could not be recognised.
    if account.email is None:
        raise NoMailAddress()
    return account


async def take(
    work: Work, officer_id: UUID, unchanged: Unchanged | None = None, *, address: str | None = None
) -> Account:
    """Another officer's account, locked, that is not closed; `address` is the one that they are to have.

    Raises what `administering` and `unchanged` do, `OwnAccount`, `NotFound`, or `Conflict`.
    """
    administrator = await administering(work)
    if officer_id == administrator.id or same_mailbox(administrator.email, address):
        raise OwnAccount()
    account = await store.locked(work.session, officer_id)
    if account is None:
        raise NotFound()
    if same_mailbox(administrator.email, account.email):
        raise OwnAccount()
    if unchanged is not None:
        unchanged(account.revision)
    if account.state == AccountState.CLOSED:
        raise account_step_not_possible(account.state)
    return account


async def make(work: Work, new: NewOfficer, state: AccountState) -> Account:
    """A new officer's account with its roles. Raises `Invalid` or `OfficerKnown`."""
    await store.one_at_a_time(work.session)
    today = work.today
    if flaw := roles_flaw(new.roles, has_address=new.email is not None, day=today):
        raise wrong_roles(flaw)
    if OFFICES.find(today, new.office) is None:
        raise no_such_office()
    if new.email is not None and await store.known_by(work.session, new.email):
        raise OfficerKnown()
    account = Account(
        id=new_id(),
        kind="officer",
        state=state.value,
        login_id=new.login_id,
        name=new.name,
        email=new.email,
        phone=None,
        language=new.language,
        office=new.office,
        staff_number=new.staff_number,
        created_at=work.now,
        revision=1,
    )
    work.session.add(account)
    await work.session.flush()
    _grant(work, account, new.roles)
    return account


async def send_link(work: Work, context: CommandContext, account: Account) -> None:
    """Mail the owner a link to set a password. Raises `NoMailAddress`."""
    if account.email is None:
        raise NoMailAddress()
    link, expires_at = await issue_link(work, context, account, "invite")
    await work.session.flush()
    assert account.login_id is not None
    assert account.office is not None
    work.emit(
        OfficerInvited(
            account_id=account.id,
            office=account.office,
            roles=tuple(sorted(await accounts.officer_roles(work.session, account.id))),
            sealed_login_id=context.sealer.seal(account.login_id),
            sealed_link=context.sealer.seal(link),
            link_expires_at=expires_at,
            recipient=context.recipient(account),
            invited_at=work.now,
        )
    )


async def notify_changed_standing(
    work: Work, context: CommandContext, account: Account, reason_code: str
) -> OfficerStanding:
    """Tell an officer what they may do from now on."""
    now = await standing(work, account)
    work.emit(
        OfficerRolesChanged(
            account_id=account.id,
            reason_code=reason_code,
            office=now.office,
            roles=tuple(now.roles),
            recipient=context.recipient(account) if account.email else None,
            changed_at=work.now,
        )
    )
    return now


async def standing(work: Work, account: Account) -> OfficerStanding:
    """The state of the account, with the changes of this command."""
    await work.session.flush()
    assert account.office is not None
    return OfficerStanding(
        id=account.id,
        state=account.state,
        office=account.office,
        roles=sorted(await accounts.officer_roles(work.session, account.id)),
        revision=account.revision,
    )


def _grant(work: Work, account: Account, roles: frozenset[str]) -> None:
    for role in sorted(roles):
        work.session.add(
            OfficerRole(
                id=new_id(),
                account_id=account.id,
                role=role,
                granted_at=work.now,
                granted_by=work.actor.id,
                revoked_at=None,
                revoked_by=None,
            )
        )
