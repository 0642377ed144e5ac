"""The address book, rebuilt from snapshots of registration, application and review."""

from services.notification.address_book.store import Application, Contact, Member
from shared.events.application import ApplicationSnapshot, ApplicationSnapshotAnnounced, ApplicationSnapshotPage
from shared.events.registration_snapshots import AccountSnapshot, AccountSnapshotAnnounced, AccountSnapshotPage
from shared.events.review_snapshots import CaseSnapshot, CaseSnapshotAnnounced, CaseSnapshotPage
from shared.rebuilding import Copy, Facts, Projection, Rows


def _people(snapshot: AccountSnapshot) -> Rows:
    moment = snapshot.taken_at.isoformat()
    to = snapshot.recipient
    contact: Facts = {
        "sealed_address": to.sealed_address if to else None,
        "sealed_name": to.sealed_name if to else None,
        "language": to.reads if to else "ja",
        "office": snapshot.office,
        "as_of": moment,
    }
    # An account for which nobody acts yet has a contact alone; an officer is invited with their roles.
    acts: list[tuple[str, str]] = []
    if snapshot.is_officer and snapshot.state != "suspended":
        acts = [(str(snapshot.account_id), role) for role in snapshot.roles]
    elif snapshot.state == "active":
        acts = [(str(each.organisation_id or snapshot.account_id), each.role) for each in snapshot.memberships]
    members = [
        {"organisation_id": organisation, "role": role, "acts": True, "as_of": moment} for organisation, role in acts
    ]
    return {"contacts": [contact], "members": members}


def _applications(snapshot: ApplicationSnapshot) -> Rows:
    row = snapshot.model_dump(
        mode="json", include={"account_id", "owner_id", "role", "procedure", "office", "submitted_at"}
    )
    if snapshot.applicant is not None:
        row |= {"sealed_address": snapshot.applicant.sealed_address, "language": snapshot.applicant.reads}
    return {"applications": [row]}


def _cases(snapshot: CaseSnapshot) -> Rows:
    row: Facts = {"office": snapshot.office}
    if snapshot.was_allocated:
        row |= {
            "case_id": str(snapshot.case_id),
            "examiner_id": str(snapshot.examiner_id) if snapshot.examiner_id else None,
        }
    return {"applications": [row]}


PEOPLE = Projection(
    name="people",
    page=AccountSnapshotPage,
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
    page=ApplicationSnapshotPage,
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
    page=CaseSnapshotPage,
    announced=CaseSnapshotAnnounced,
    copies=(Copy(Application.__table__, "application_id", ("office", "case_id", "examiner_id"), is_part=True),),
    rows_of=_cases,
)
PROJECTIONS = (PEOPLE, APPLICATIONS, EXAMINATIONS)
