"""Stopping, restoring and ending an officer's account, and helping an officer who lost their second factor."""

from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.second_factor import end_factors
from services.registration.context import CommandContext
from services.registration.lifecycle.commands.account_states import end_account, end_ways_in, put_state, stop
from services.registration.lifecycle.problems import account_step_not_possible
from services.registration.officers.commands.officers import notify_changed_standing, send_link, standing, take
from services.registration.officers.domain.officer_steps import RESET_ASKED_FOR
from services.registration.officers.problems import NoMailAddress, SecondOfficerNeeded
from services.registration.officers.schemas.officers import OfficerStanding
from services.registration.officers.store import factor_resets
from services.registration.officers.store.factor_resets import FactorReset
from shared.ids import new_id
from shared.work import Work


async def suspend(work: Work, context: CommandContext, officer_id: UUID, reason_code: str) -> OfficerStanding:
    """Stop an officer's account: its sessions end, and no token is given until the stop is lifted."""
    account = await take(work, officer_id)
    put_state(account, AccountState.SUSPENDED)
    await stop(work, context, account, reason_code)
    return await standing(work, account)


async def lift(work: Work, context: CommandContext, officer_id: UUID) -> OfficerStanding:
    """End a stop: the officer signs in again, with the roles they hold."""
    account = await take(work, officer_id)
    put_state(account, AccountState.ACTIVE)
    work.journal("account", account.id, Tag.ACCOUNT_LIFT)
    return await notify_changed_standing(work, context, account, "suspension_lifted")


async def close(work: Work, context: CommandContext, officer_id: UUID, reason_code: str) -> OfficerStanding:
    """End an officer's account for good. Its roles stay on record, and do nothing."""
    account = await take(work, officer_id)
    await end_account(work, context, account, reason_code)
    return await standing(work, account)


async def reset_second_factor(work: Work, context: CommandContext, officer_id: UUID) -> OfficerStanding:
    """Take the second factor away from an officer who lost it, and the password with it: their sessions end, nothing
    works until they have set a password with the link that is mailed, and then a second factor.

    One administrator asks for it, another one confirms by asking the same within a day. A password that somebody has
    stolen is worth nothing in between, and no administrator learns a secret.
    """
    account = await take(work, officer_id)
    if account.state != AccountState.ACTIVE:
        raise account_step_not_possible(account.state)
    if account.email is None:
        raise NoMailAddress()
    assert work.actor.id is not None
    asked = await factor_resets.asked(work.session, account.id, work.now - RESET_ASKED_FOR)
    if asked is None:
        asked = FactorReset(id=new_id(), account_id=account.id, asked_by=work.actor.id, asked_at=work.now)
        work.session.add(asked)
        work.journal("account", account.id, Tag.OFFICER_RESET_ASK)
        return await standing(work, account)
    if await _one_human(work, asked.asked_by):
        raise SecondOfficerNeeded()
    asked.done_by, asked.done_at = work.actor.id, work.now
    put_state(account, AccountState.REGISTERED)
    await end_factors(work, account)
    await end_ways_in(work, account, "second-factor-reset")
    work.journal("account", account.id, Tag.OFFICER_RESET_FACTOR, {"asked_by": str(asked.asked_by)})
    notify_changed(work, context, account, "second_factor_removed")
    await send_link(work, context, account)
    return await standing(work, account)


async def _one_human(work: Work, asked_by: UUID) -> bool:
    """Whether the account that asked is the caller's, or another one of the same human."""
    first, second = await accounts.account(work.session, asked_by), await accounts.account(work.session, work.actor_id)
    assert first is not None
    assert second is not None
    return first.id == second.id or (first.staff_number is not None and first.staff_number == second.staff_number)
