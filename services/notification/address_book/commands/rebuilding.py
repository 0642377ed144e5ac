"""The address book, rebuilt from snapshots of registration, application and review."""

from services.notification.address_book.store import Application, Contact, Member
from shared.events.application import ApplicationSnapshot, ApplicationSnapshotAnnounced
from shared.events.registration_snapshots import AccountSnapshot, AccountSnapshotAnnounced
from shared.events.review_snapshots import CaseSnapshot, CaseSnapshotAnnounced
from shared.rebuilding import Copy, Facts, Projection, Rows


def _people(event: AccountSnapshot) -> Rows:
    moment = event.taken_at.isoformat()
    to = event.recipient
    contact: Facts = {
        "sealed_address": to.sealed_address if to else None,
        "sealed_name": to.sealed_name if to else None,
        "language": to.reads if to else "ja",
        "office": event.office,
        "as_of": moment,
    }
    # An account for which nobody acts yet has a contact alone; an officer is invited with their roles.
    acts: list[tuple[str, str]] = []
    if event.is_officer and event.state != "suspended":
        acts = [(str(event.account_id), role) for role in event.roles]
    elif event.state == "active":
        acts = [(str(each.organisation_id or event.account_id), each.role) for each in event.memberships]
    members = [
        {"organisation_id": organisation, "role": role, "acts": True, "as_of": moment} for organisation, role in acts
    ]
    return {"contacts": [contact], "members": members}


def _applications(event: ApplicationSnapshot) -> Rows:
    row = event.model_dump(
        mode="json", include={"account_id", "owner_id", "role", "procedure", "office", "submitted_at"}
    )
    if event.applicant is not None:
        row |= {"sealed_address": event.applicant.sealed_address, "language": event.applicant.reads}
    return {"applications": [row]}


def _cases(event: CaseSnapshot) -> Rows:
    row: Facts = {"office": event.office}
    if event.was_allocated:
        row |= {"case_id": str(event.case_id), "examiner_id": str(event.examiner_id) if event.examiner_id else None}
    return {"applications": [row]}


PEOPLE = Projection(
    name="people",
    row=AccountSnapshot,
    announced=AccountSnapshotAnnounced,
    copies=(
        Copy(
            Contact.__table__,
            "account_id",
            ("language",),
            maybe=("office",),
            sealed=("sealed_address", "sealed_name"),
            newer="as_of",
            since="as_of",
        ),
        Copy(
            Member.__table__,
            "account_id",
            ("acts",),
            keys=("organisation_id", "role"),
            newer="as_of",
            gone=(("acts", "false"),),
        ),
    ),
    rows_of=_people,
)
APPLICATIONS = Projection(
    name="applications",
    row=ApplicationSnapshot,
    announced=ApplicationSnapshotAnnounced,
    copies=(
        Copy(
            Application.__table__,
            "application_id",
            ("account_id", "owner_id", "role", "procedure", "submitted_at"),
            # Addresses are erased here after a time, and the office is the one that has the case.
            also=("office", "sealed_address", "language"),
            since="submitted_at",
        ),
    ),
    rows_of=_applications,
)
EXAMINATIONS = Projection(
    name="examinations",
    row=CaseSnapshot,
    announced=CaseSnapshotAnnounced,
    copies=(Copy(Application.__table__, "application_id", ("office", "case_id", "examiner_id"), is_part=True),),
    rows_of=_cases,
)
PROJECTIONS = (PEOPLE, APPLICATIONS, EXAMINATIONS)
