"""The submitter's copy of a usage registration, which stays on the page of the receipt number."""

from services.registration.accounts.store import accounts
from services.registration.usage_registration.commands.document_list import document_list, documents_of
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.submitter_copy import Copy, OfficeView
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.clock import legal_date
from shared.db import ReadSession
from shared.reference.offices import OFFICE_ADDRESSES, OFFICES


async def copy_of(session: ReadSession, row: UsageRegistration) -> Copy:
    """The copy of a usage registration of an organisation."""
    account = await accounts.account(session, row.account_id)
    assert account is not None
    day = legal_date(row.submitted_at)
    office = next(one for one in OFFICES.on(day) if one.code == row.office)
    where = next(one for one in OFFICE_ADDRESSES.on(day) if one.code == row.office)
    return Copy(
        status=Status(row.status),
        submitted_at=row.submitted_at,
        role=row.role,
        organisation={**(row.declared or {}), "category": row.category},
        applicant={"name": account.name, "phone": account.phone, "department": row.department},
        pledged=row.pledged or [],
        document_list=await document_list(
            session,
            "usage_registration",
            row.role,
            row.category,
            len(row.pledged or []),
            documents_of(row.documents, row.files),
            day,
        ),
        agreements=row.agreements,
        office=OfficeView.of(
            office.name,
            code=office.code,
            postal_code=where.postal_code,
            address=where.address,
            verify=where.verify,
        ),
    )
