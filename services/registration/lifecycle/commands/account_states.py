"""Stopping, restoring and ending an account."""

from uuid import UUID

from services.registration.accounts.domain.account_life import account_step
from services.registration.accounts.domain.mailbox import same_mailbox
from services.registration.accounts.domain.standing import ACCOUNT_STEPS, AccountState, MembershipState
from services.registration.accounts.store import accounts, email_changes, organisations
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext
from services.registration.lifecycle.problems import OwnAccount, account_step_not_possible
from services.registration.lifecycle.schemas.account_states import AccountStanding
from services.registration.lifecycle.schemas.accounts import AccountOf, MembershipOf
from services.registration.oauth.commands import client_revocation
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.store import usage_registrations
from shared.auth import Record, sees
from shared.errors import NotFound
from shared.events.registration import AccountClosed, AccountSuspended
from shared.work import Work

# The steps of officers on an account, and where each leads.
STEPS = {"suspend": AccountState.SUSPENDED, "lift": AccountState.ACTIVE, "close": AccountState.CLOSED}


async def read(work: Work, account_id: UUID) -> AccountOf:
    """The account, for an officer of an office with which the person registered. Raises `NotFound`; journalled."""
    account = await work.session.get(Account, account_id)
    if account is None or account.kind != "person":
        raise NotFound()
    await require_sight(work, account.id)
    rows = await accounts.memberships(work.session, account.id)
    names = await organisations.names(work.session, {row.organisation_id for row in rows if row.organisation_id})
    officer = await accounts.account(work.session, work.actor_id)
    is_own = officer is not None and (officer.id == account.id or same_mailbox(officer.email, account.email))
    work.journal("account", account.id, Tag.ACCOUNT_READ)
    return AccountOf(
        id=account.id,
        state=account.state,
        name=account.name,
        email=account.email,
        phone=account.phone,
        steps=[] if is_own else [step for step, to in STEPS.items() if can_be_put(account.state, to)],
        memberships=[
            MembershipOf(
                id=row.id,
                organisation_id=row.organisation_id,
                organisation_name=names[row.organisation_id] if row.organisation_id else None,
                role=row.role,
                state=row.state,
                valid_until=row.valid_until,
                usage_registration_id=row.usage_registration_id,
            )
            for row in rows
        ],
    )


async def suspend(work: Work, context: CommandContext, account_id: UUID, reason_code: str) -> AccountStanding:
    """Stop an account (利用停止): its sessions end, and no token is given until the stop is lifted."""
    account = await _take(work, account_id, AccountState.SUSPENDED)
    await stop(work, context, account, reason_code)
    return AccountStanding(account_id=account.id, state=account.state)


async def stop(work: Work, context: CommandContext, account: Account, reason_code: str) -> None:
    """Effects of suspension: every session ends, and the owner is notified."""
    await end_ways_in(work, account, "account-suspended")
    work.journal("account", account.id, Tag.ACCOUNT_SUSPEND, {"reason": reason_code})
    # An officer may have no address, and files nothing that another service would have to stop.
    if account.email is not None:
        work.emit(
            AccountSuspended(
                account_id=account.id,
                reason_code=reason_code,
                recipient=context.recipient(account),
                suspended_at=work.now,
            )
        )


async def lift(work: Work, context: CommandContext, account_id: UUID) -> AccountStanding:
    """End a stop. What the account may do follows from its memberships, as before."""
    account = await _take(work, account_id, AccountState.ACTIVE)
    work.journal("account", account.id, Tag.ACCOUNT_LIFT)
    today = work.today
    standings = await accounts.standings(work.session, account.id)
    # Each event names the roles in one organisation: one for each, and a mail with the first alone.
    organisations = {standing.organisation_id: standing for standing in reversed(standings) if standing.holds_on(today)}
    informed = False
    for held in sorted(organisations.values(), key=standings.index):
        membership = await accounts.membership_of(work.session, account.id, held.organisation_id, held.role)
        assert membership is not None
        registration = await usage_registrations.usage_registration(work.session, membership.usage_registration_id)
        if registration is not None:
            valid_until = membership.valid_until
            work.emit(await activated(work, context, account, registration, valid_until, told_by_mail=not informed))
            informed = True
    return AccountStanding(account_id=account.id, state=account.state)


async def close(work: Work, context: CommandContext, account_id: UUID, reason_code: str) -> AccountStanding:
    """End an account for good."""
    account = await _take(work, account_id, AccountState.CLOSED)
    for membership in await accounts.locked_memberships(work.session, account.id):
        membership.state = MembershipState.ENDED.value
        membership.valid_from = membership.valid_until = None
    await end_account(work, context, account, reason_code)
    return AccountStanding(account_id=account.id, state=account.state)


async def end_account(work: Work, context: CommandContext, account: Account, reason_code: str) -> None:
    """Close an account that is locked: nothing leads in any more, and the last mail goes out."""
    if account.state != AccountState.CLOSED:
        account.state = account_step(account.state, AccountState.CLOSED).value
        account.revision += 1
    await end_ways_in(work, account, "account-closed")
    work.journal("account", account.id, Tag.ACCOUNT_CLOSE, {"reason": reason_code})
    await client_revocation.end_for_account(work, context, account.id, "account-closed")
    work.emit(
        AccountClosed(
            account_id=account.id,
            reason_code=reason_code,
            recipient=context.recipient(account) if account.email else None,
            closed_at=work.now,
        )
    )


async def require_sight(work: Work, account_id: UUID) -> None:
    """Raise `NotFound` unless the account was registered with an office whose accounts the officer sees."""
    offices = await usage_registrations.offices_of(work.session, account_id)
    if not any(sees(work.actor, Record.ACCOUNT, office) for office in offices):
        raise NotFound()


async def _take(work: Work, account_id: UUID, to: AccountState) -> Account:
    """A person's account, locked and set to `to`.

    Raises `StepUpRequired`, `NotFound`, `OwnAccount`, or `Conflict`.
    """
    officer, _ = await require_fresh(work, SensitiveAct.STOP_ACCOUNT)
    if account_id == officer.id:
        raise OwnAccount()
    account = await accounts.locked_person(work.session, account_id)
    if account is None:
        raise NotFound()
    await require_sight(work, account.id)
    if same_mailbox(officer.email, account.email):
        raise OwnAccount()
    put_state(account, to)
    return account


def can_be_put(state: str, to: AccountState) -> bool:
    """Whether officers can set an account of that state to another one."""
    # Only who was stopped can be restored; activation is the password link's alone.
    if to is AccountState.ACTIVE and state != AccountState.SUSPENDED:
        return False
    return to in ACCOUNT_STEPS[AccountState(state)]


def put_state(account: Account, to: AccountState) -> None:
    """Set the state of an account that is locked. Raises `Conflict` where its present one does not lead there."""
    if not can_be_put(account.state, to):
        raise account_step_not_possible(account.state)
    account.state = to.value
    account.revision += 1


async def end_ways_in(work: Work, account: Account, reason: str) -> None:
    """End the sessions of an account, and every link that leads to one."""
    await sign_in.end_sessions(work.session, account.id, work.now, reason)
    await sign_in.end_links(work.session, account.id, work.now)
    await email_changes.end_all(work.session, account.id, work.now)
