"""Memberships of a person: choosing among them, and leaving one (離職)."""

from uuid import UUID

from services.registration.accounts.domain.account_life import nothing_left
from services.registration.accounts.domain.standing import AccountState, MembershipState, Standing
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Membership
from services.registration.audit import Tag
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.problems import RegistrationLapsed
from services.registration.authentication.store import own_sessions, session_ends
from services.registration.context import CommandContext
from services.registration.lifecycle.commands.account_states import end_account
from services.registration.lifecycle.problems import OwnAccount
from services.registration.lifecycle.schemas.memberships import ActingFor, Left
from services.registration.lifecycle.store import memberships as store
from services.registration.oauth.commands import client_revocation
from shared.auth import Record, SessionEnded, sees
from shared.errors import Conflict, NotFound, Text
from shared.events.registration import MembershipEnded, RegistrationExpired
from shared.work import Work

_BATCH = 500


async def switch(work: Work, membership_id: UUID) -> ActingFor:
    """Let this session act under another membership. Raises `NotFound` where it is not one's own, `SessionEnded`."""
    assert work.actor.id is not None
    membership = await accounts.membership(work.session, membership_id, work.actor.id)
    if membership is None:
        raise NotFound()
    today = work.today
    standing = await _standing(work, membership)
    if not standing.may_read():
        raise RegistrationLapsed()
    session_id = work.actor.session_id
    row = session_id and await own_sessions.locked_session(work.session, session_id, work.actor.id)
    if not row:
        raise SessionEnded()
    row.organisation_id, row.role = membership.organisation_id, membership.role
    work.journal("account", work.actor.id, Tag.SESSION_SWITCH, {"session_id": row.id, "membership_id": membership.id})
    return ActingFor(
        membership_id=membership.id,
        organisation_id=membership.organisation_id,
        role=membership.role,
        lapsed=not standing.holds_on(today),
    )


async def leave(work: Work, context: CommandContext, membership_id: UUID) -> Left:
    """The person leaves: at their own request."""
    assert work.actor.id is not None
    return await _end(work, context, work.actor.id, membership_id, "left")


async def end_for(work: Work, context: CommandContext, account_id: UUID, membership_id: UUID, reason_code: str) -> Left:
    """An officer ends somebody's membership, for example because the organisation said that they left."""
    officer, _ = await require_fresh(work, SensitiveAct.STOP_ACCOUNT)
    if account_id == officer.id:
        raise OwnAccount()
    office = await store.office_of(work.session, account_id, membership_id)
    if not sees(work.actor, Record.USAGE_REGISTRATION, office):
        raise NotFound()
    return await _end(work, context, account_id, membership_id, reason_code)


async def _end(work: Work, context: CommandContext, account_id: UUID, membership_id: UUID, reason_code: str) -> Left:
    """The sessions under it end; where no membership is left, the account is closed."""
    account = await accounts.locked_caller(work.session, account_id)
    rows = await accounts.locked_memberships(work.session, account_id)
    membership = next((row for row in rows if row.id == membership_id), None)
    if account is None or membership is None:
        raise NotFound()
    if membership.state == MembershipState.ENDED:
        raise Conflict(Text("既に終了しています", "This membership has ended already"), code="step-not-possible")
    membership.state = MembershipState.ENDED.value
    # Who comes back later must not read before they are approved again: the days are in the journal.
    membership.valid_from = membership.valid_until = None
    work.journal("account", account.id, Tag.MEMBERSHIP_END, {"membership_id": membership.id, "reason": reason_code})
    await session_ends.end_for_membership(
        work.session, account.id, membership.organisation_id, membership.role, work.now, "membership-ended"
    )
    await client_revocation.end_for_membership(
        work, context, account.id, membership.organisation_id, membership.role, "membership-ended"
    )
    work.emit(
        MembershipEnded(
            account_id=account.id,
            organisation_id=membership.organisation_id,
            role=membership.role,
            reason_code=reason_code,
            ended_at=work.now,
        )
    )
    if account.state != AccountState.CLOSED and nothing_left(row.state for row in rows):
        await end_account(work, context, account, reason_code)
    return Left(membership_id=membership.id, account_state=account.state)


async def _standing(work: Work, membership: Membership) -> Standing:
    for standing in await accounts.standings(work.session, membership.account_id):
        if (standing.organisation_id, standing.role) == (membership.organisation_id, membership.role):
            return standing
    raise NotFound()


async def expire(work: Work, context: CommandContext) -> None:
    """End memberships whose last day is over. Sign-in looks at the day itself; this informs the other services."""
    today = work.today
    for membership, account in await accounts.over_memberships(work.session, today, _BATCH):
        membership.state = MembershipState.EXPIRED.value
        work.journal("account", account.id, Tag.MEMBERSHIP_EXPIRE, {"membership_id": membership.id})
        assert membership.valid_until is not None
        standings = await accounts.standings(work.session, account.id)
        work.emit(
            RegistrationExpired(
                usage_registration_id=membership.usage_registration_id,
                account_id=account.id,
                organisation_id=membership.organisation_id,
                role=membership.role,
                valid_until=membership.valid_until,
                expired_at=work.now,
                recipient=context.recipient(account),
                roles_left=tuple(sorted({standing.role for standing in standings if standing.holds_on(today)})),
            )
        )
