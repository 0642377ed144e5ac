"""The effects of an approved usage registration on the organisation and the membership."""

from datetime import date

from services.registration.accounts.commands.categories import put_category
from services.registration.accounts.domain.standing import MembershipState
from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.organisations import Organisation, OrganisationApproval
from services.registration.usage_registration.store.periodic_reports import report_in_force
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.ids import new_id
from shared.reference.organisations import treated_as
from shared.work import Work

REASON = "usage_registration_approved"


async def confirm_organisation(
    work: Work, registration: UsageRegistration, today: date, valid_until: date
) -> Organisation:
    """Take over what the applicant declared and the officer approved, and make the approval valid for the role.

    Approving one more member of its staff means that the requirements were confirmed again, so it never shortens.
    """
    assert registration.organisation_id is not None
    organisation = await organisations.locked(work.session, registration.organisation_id)
    assert organisation is not None
    for name, value in (registration.declared or {}).items():
        setattr(organisation, name, value)
    organisation.confirmed_at = work.now
    organisation.revision += 1
    approval = await organisations.approval_of(work.session, organisation.id, registration.role)
    if approval is None:
        work.session.add(
            OrganisationApproval(
                id=new_id(),
                organisation_id=organisation.id,
                role=registration.role,
                valid_from=today,
                valid_until=valid_until,
                usage_registration_id=registration.id,
            )
        )
    else:
        if today > approval.valid_until:
            approval.valid_from = today
        approval.valid_until = max(approval.valid_until, valid_until)
        approval.usage_registration_id = registration.id
    return organisation


async def record_category(work: Work, organisation: Organisation, registration: UsageRegistration, today: date) -> None:
    """Add the proven category to the organisation's history, and emit the change, where it differs from the last."""
    if registration.category is None:
        return
    reported = await report_in_force(work.session, organisation.id, today)
    treated = treated_as(registration.category, registration_approved=True, report_approved=reported)
    await put_category(
        work,
        organisation.id,
        registration.category,
        treated.value,
        today,
        REASON,
        usage_registration_id=registration.id,
    )


async def give_membership(work: Work, registration: UsageRegistration, today: date, valid_until: date) -> None:
    """The person may act in the role from today on."""
    membership = await accounts.membership_of(
        work.session, registration.account_id, registration.organisation_id, registration.role
    )
    assert membership is not None
    membership.state = MembershipState.ACTIVE.value
    membership.valid_from, membership.valid_until = today, valid_until
    membership.usage_registration_id = registration.id
    # The journal's and the queries' order of rows is that of the writes.
    await work.session.flush()
