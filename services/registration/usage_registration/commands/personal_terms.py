"""The term of a registration that is being approved."""

import json
from datetime import date

from services.registration.accounts.domain.standing import MembershipState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Membership
from services.registration.usage_registration.domain.personal_registration import Declared, last_day
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.errors import Conflict, Text
from shared.reference.organisations import registration_validity
from shared.work import Work


async def term_of(work: Work, registration: UsageRegistration, today: date) -> date:
    """The last day. Raises `Conflict` where it is over already, because a certificate ran out in the meantime."""
    if registration.personal is None:
        return registration_validity(today).valid_until
    # The registration is half decided here: it is written when it is whole.
    with work.session.no_autoflush:
        membership = await accounts.membership_of(work.session, registration.account_id, None, registration.role)
    declared = Declared.read(json.loads(registration.personal))
    last = last_day(registration.role, declared, today, begins_on(membership, today))
    if last < today:
        raise Conflict(
            Text("登録できる期間が既に終了しています", "The registration period has already ended"),
            code="term-over",
        )
    return last


def begins_on(membership: Membership | None, today: date) -> date:
    """The first day of the term: a renewal in time loses no day."""
    if membership is None or membership.state != MembershipState.ACTIVE or membership.valid_until is None:
        return today
    return max(today, membership.valid_until)
