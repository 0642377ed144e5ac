"""Telling the others that an account can be used."""

from datetime import date

from services.registration.accounts.domain.standing import roles_for
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.context import CommandContext
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.events.registration import AccountActivated
from shared.work import Work


async def activated(
    work: Work,
    context: CommandContext,
    account: Account,
    registration: UsageRegistration,
    valid_until: date | None = None,
    *,
    told_by_mail: bool = True,
) -> AccountActivated:
    """The event for an account that can act through this usage registration from now on; `valid_until` where it lasts
    longer than the registration itself said."""
    assert account.login_id is not None
    standings = await accounts.standings(work.session, account.id)
    return AccountActivated(
        account_id=account.id,
        usage_registration_id=registration.id,
        organisation_id=registration.organisation_id,
        role=registration.role,
        roles=tuple(sorted(roles_for(standings, registration.organisation_id, work.today))),
        valid_until=valid_until or registration.valid_until,
        sealed_login_id=context.sealer.seal(account.login_id),
        recipient=context.recipient(account),
        activated_at=work.now,
        told_by_mail=told_by_mail,
    )
