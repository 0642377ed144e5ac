"""Officers as administrators and auditors see them."""

from uuid import UUID

from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.store import second_factor
from services.registration.officers.schemas.officer_views import Grant, Officer, Officers, OfficerView
from services.registration.officers.store import officers as store
from shared.errors import NotFound
from shared.work import Work


async def listed(work: Work, wanted: store.Wanted, after: UUID | None, limit: int) -> Officers:
    """Officers in the order in which their accounts were made. The reading is journalled, with what was looked for."""
    rows = await store.page(work.session, wanted, after, limit)
    assert work.actor.id is not None
    looked_for = {"office": wanted.office, "role": wanted.role, "state": wanted.state}
    work.journal("account", work.actor.id, Tag.OFFICER_LIST, {k: v for k, v in looked_for.items() if v is not None})
    return Officers(items=[_line(row.Account, row.roles, row.second_factor) for row in rows])


async def read(work: Work, officer_id: UUID) -> OfficerView:
    """One officer. The reading is journalled."""
    account = await store.officer(work.session, officer_id)
    if account is None:
        raise NotFound()
    grants = await store.roles_ever(work.session, account.id)
    has_factor = await second_factor.has_factor(work.session, account.id)
    work.journal("account", account.id, Tag.OFFICER_READ)
    line = _line(account, [row.role for row in grants if row.revoked_at is None], has_factor)
    return OfficerView(
        **line.model_dump(),
        login_id=account.login_id,
        email=account.email,
        staff_number=account.staff_number,
        language=account.language,
        created_at=account.created_at,
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
