"""Officers as administrators and auditors see them."""

from uuid import UUID

from services.registration.accounts.domain.mailbox import same_mailbox
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.store import own_sessions, second_factor, sign_in
from services.registration.context import CommandContext
from services.registration.officers.domain.officer_steps import RESET_ASKED_FOR, STEPS
from services.registration.officers.schemas.officer_views import (
    Grant,
    Officer,
    Officers,
    OfficerView,
    ResetAsked,
    SignIn,
)
from services.registration.officers.store import factor_resets
from services.registration.officers.store import officers as store
from shared.auth import Role
from shared.errors import NotFound
from shared.work import Work

_SIGN_INS = 10


async def listed(work: Work, wanted: store.Wanted, after: UUID | None, limit: int) -> Officers:
    """Officers in the order in which their accounts were made. The reading is journalled, with what was looked for."""
    rows = await store.page(work.session, wanted, after, limit)
    assert work.actor.id is not None
    looked_for = {"office": wanted.office, "role": wanted.role, "state": wanted.state}
    work.journal("account", work.actor.id, Tag.OFFICER_LIST, {k: v for k, v in looked_for.items() if v is not None})
    return Officers(items=[_line(row.Account, row.roles, row.second_factor) for row in rows])


async def read(work: Work, context: CommandContext, officer_id: UUID) -> OfficerView:
    """One officer. The reading is journalled."""
    account = await store.officer(work.session, officer_id)
    if account is None:
        raise NotFound()
    grants = await store.roles_ever(work.session, account.id)
    has_factor = await second_factor.has_factor(work.session, account.id)
    work.journal("account", account.id, Tag.OFFICER_READ)
    sessions = await own_sessions.last_sessions(work.session, account.id, _SIGN_INS)
    failed = 0
    if account.login_id is not None:
        key = context.digest(account.login_id)
        failed = await sign_in.charged(work.session, "sign-in:account", key, work.now)
    asked = await factor_resets.asked(work.session, account.id, work.now - RESET_ASKED_FOR)
    line = _line(account, [row.role for row in grants if row.revoked_at is None], has_factor)
    return OfficerView(
        **line.model_dump(),
        login_id=account.login_id,
        email=account.email,
        staff_number=account.staff_number,
        language=account.language,
        created_at=account.created_at,
        steps=await _steps(work, account),
        reset=ResetAsked(asked_by=asked.asked_by, asked_at=asked.asked_at, you=asked.asked_by == work.actor.id)
        if asked
        else None,
        sign_ins=[
            SignIn(
                started_at=row.started_at,
                method=row.method,
                device=row.device,
                ended_at=row.ended_at,
                end_reason=row.end_reason,
            )
            for row in sessions
        ],
        failed_attempts=failed,
        grants=[
            Grant(
                role=row.role,
                granted_at=row.granted_at,
                granted_by=row.granted_by,
                revoked_at=row.revoked_at,
                revoked_by=row.revoked_by,
            )
            for row in grants
        ],
        revision=account.revision,
    )


async def _steps(work: Work, account: Account) -> list[str]:
    """The steps that the reader can take on an account: administrators alone, and none on their own."""
    reader = await accounts.account(work.session, work.actor_id)
    if not work.actor.has(Role.ADMINISTRATOR) or reader is None:
        return []
    if reader.id == account.id or same_mailbox(reader.email, account.email):
        return []
    return [step for step, states in STEPS.items() if account.state in states]


def _line(account: Account, roles: list[str], has_factor: bool) -> Officer:
    assert account.office is not None
    return Officer(
        id=account.id,
        name=account.name,
        office=account.office,
        roles=sorted(roles),
        state=account.state,
        second_factor=has_factor,
    )
