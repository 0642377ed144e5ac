"""The present facts of accounts and of organisations' categories, for those who keep them."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.organisations import OrganisationCategory
from services.registration.usage_registration.store import usage_registrations
from shared.events.fields import Recipient
from shared.events.registration_snapshots import (
    AccountSnapshot,
    AccountSnapshotAnnounced,
    AccountSnapshotPage,
    CategoryFrom,
    HeldMembership,
    OrganisationSnapshot,
    OrganisationSnapshotAnnounced,
    OrganisationSnapshotPage,
)
from shared.rebuilding import Source
from shared.work import Work


async def _accounts(work: Work, after: UUID | None, count: int) -> Sequence[AccountSnapshot]:
    found = await accounts.behind(work.session, after, count)
    ids = [account.id for account in found]
    held = await accounts.active_memberships(work.session, ids)
    roles = await accounts.roles_of_officers(work.session, ids)
    offices = await usage_registrations.last_offices(work.session, ids)
    return [
        AccountSnapshot(
            account_id=account.id,
            is_officer=account.kind == "officer",
            state=AccountState(account.state).value,
            memberships=tuple(
                HeldMembership(organisation_id=row.organisation_id, role=row.role, valid_until=row.valid_until)
                for row in held.get(account.id, ())
            ),
            roles=tuple(roles.get(account.id, ())),
            office=account.office or offices.get(account.id),
            recipient=_recipient(work, account),
            taken_at=work.now,
        )
        for account in found
    ]


def _recipient(work: Work, account: Account) -> Recipient | None:
    if account.email is None or account.state == AccountState.CLOSED:
        return None
    return Recipient.reading(account.language, work.seal(account.email), work.seal(account.name))


async def _organisations(work: Work, after: UUID | None, count: int) -> Sequence[OrganisationSnapshot]:
    found = await organisations.categorised_behind(work.session, after, count)
    return [
        OrganisationSnapshot(organisation_id=each, categories=tuple(reported(rows))) for each, rows in found.items()
    ]


def reported(rows: Iterable[OrganisationCategory]) -> list[CategoryFrom]:
    """The categories that events reported: no event was sent for a row that repeats what already held
    on its day."""
    known: dict[date, tuple[str, str]] = {}
    found: dict[date, CategoryFrom] = {}
    for row in rows:
        day = max((day for day in known if day <= row.valid_from), default=None)
        said = (row.category, row.treated_as)
        if day is None or known[day] != said:
            found[row.valid_from] = CategoryFrom(
                category=row.category, treated_as=row.treated_as, valid_from=row.valid_from
            )
        known[row.valid_from] = said
    return [found[day] for day in sorted(found)]


ACCOUNTS = Source("accounts", AccountSnapshotPage, AccountSnapshotAnnounced, accounts.count_all, _accounts)
ORGANISATIONS = Source(
    "organisations",
    OrganisationSnapshotPage,
    OrganisationSnapshotAnnounced,
    organisations.count_categorised,
    _organisations,
)
