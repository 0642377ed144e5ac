"""For whom a person acts: choosing among memberships, and leaving one (離職)."""

from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, select, true

from services.registration.accounts.domain.account_life import nothing_left
from services.registration.accounts.domain.standing import AccountState, MembershipState, Standing
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.audit import Tag
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.problems import RegistrationLapsed
from services.registration.authentication.store import own_sessions, session_ends
from services.registration.context import CommandContext
from services.registration.lifecycle.commands.account_states import end_account
from services.registration.lifecycle.problems import OwnAccount
from services.registration.oauth.commands import client_revocation
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Actor, Record, SessionEnded, for_oneself, sees
from shared.clock import legal_date
from shared.errors import Conflict, NotFound, Text
from shared.work import Work


class ActingFor(BaseModel):
    """For whom the session acts from the next access token on."""

    membership_id: UUID
    organisation_id: UUID | None
    role: str = Field(examples=["rso_staff"])
    lapsed: bool = Field(description="the registration is over: what was filed can be read, nothing can be filed")


class Left(BaseModel):
    """A membership ended."""

    membership_id: UUID
    account_state: str = Field(examples=["closed"])


def memberships_of(caller: Actor) -> ColumnElement[bool]:
    """Which of a person's memberships a request sees: all with a session of their own, which chooses among them; with
    an outside system those for which it acts, and nothing of the person's other ones."""
    if for_oneself(caller) or caller.kind == "officer":
        return true()
    return and_(
        Membership.organisation_id.is_not_distinct_from(caller.organisation_id),
        Membership.role.in_([role.value for role in caller.roles]),
    )


async def switch(work: Work, membership_id: UUID) -> ActingFor:
    """Let this session act under another membership. Raises `NotFound` where it is not one's own, `SessionEnded`."""
    assert work.actor.id is not None
    membership = await work.session.scalar(
        select(Membership).where(Membership.id == membership_id, Membership.account_id == work.actor.id)
    )
    if membership is None:
        raise NotFound()
    today = legal_date(work.now)
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
    office = await work.session.scalar(
        select(UsageRegistration.office)
        .join(Membership, Membership.usage_registration_id == UsageRegistration.id)
        .where(Membership.id == membership_id, Membership.account_id == account_id)
    )
    if not sees(work.actor, Record.USAGE_REGISTRATION, office):
        raise NotFound()
    return await _end(work, context, account_id, membership_id, reason_code)


async def _end(work: Work, context: CommandContext, account_id: UUID, membership_id: UUID, reason_code: str) -> Left:
    """The sessions under it end; where no membership is left, the account is closed."""
    account = await work.session.scalar(select(Account).where(Account.id == account_id).with_for_update())
    rows = list(
        await work.session.scalars(
            select(Membership).where(Membership.account_id == account_id).order_by(Membership.id).with_for_update()
        )
    )
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
    if account.state != AccountState.CLOSED and nothing_left(row.state for row in rows):
        await end_account(work, context, account, reason_code)
    return Left(membership_id=membership.id, account_state=account.state)


async def _standing(work: Work, membership: Membership) -> Standing:
    for standing in await accounts.standings(work.session, membership.account_id):
        if (standing.organisation_id, standing.role) == (membership.organisation_id, membership.role):
            return standing
    raise NotFound()
