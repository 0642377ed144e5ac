"""Accounts, categories and files that filing needs, rebuilt from snapshots of their owners."""

from services.application.tables import Account, Document, Member, OrganisationCategory
from shared.events.document import DocumentSnapshot, DocumentSnapshotAnnounced, DocumentSnapshotPage
from shared.events.registration_snapshots import (
    AccountSnapshot,
    AccountSnapshotAnnounced,
    AccountSnapshotPage,
    OrganisationSnapshot,
    OrganisationSnapshotAnnounced,
    OrganisationSnapshotPage,
)
from shared.rebuilding import Copy, Facts, Projection, Rows

_ENDED = ("suspended", "closed")


def _accounts(snapshot: AccountSnapshot) -> Rows:
    if snapshot.is_officer or snapshot.state == "registered":
        return {}
    moment = snapshot.taken_at.isoformat()
    state = snapshot.state if snapshot.state in _ENDED else "active" if snapshot.memberships else "expired"
    account: Facts = {"state": state, "roles": [], "reported_at": moment}
    if state != "active":
        # For whom it acted and until when, nothing asks any more.
        return {"accounts": [account]}
    days = [each.valid_until for each in snapshot.memberships if each.valid_until]
    account["roles"] = sorted({each.role for each in snapshot.memberships})
    account["valid_until"] = max(days).isoformat() if days else None
    roles: dict[str, list[str]] = {}
    for each in snapshot.memberships:
        if each.organisation_id is not None:
            roles.setdefault(str(each.organisation_id), []).append(each.role)
    members: list[Facts] = [
        {"organisation_id": organisation, "roles": sorted(held), "reported_at": moment}
        for organisation, held in roles.items()
    ]
    return {"accounts": [account], "members": members}


def _organisations(snapshot: OrganisationSnapshot) -> Rows:
    return {"organisation_categories": [each.model_dump(mode="json") for each in snapshot.categories]}


def _documents(snapshot: DocumentSnapshot) -> Rows:
    is_deleted = snapshot.state == "deleted"
    row = {
        "owner_id": str(snapshot.owner_id),
        "kind": snapshot.kind,
        "roles": list(snapshot.roles),
        "state": snapshot.state,
        "codes": [] if is_deleted else list(snapshot.codes),
        "size": snapshot.size or 0,
        "problems": [snapshot.reason_code] if is_deleted else list(snapshot.problems),
        "reported_at": snapshot.taken_at.isoformat(),
    }
    return {"documents": [row]}


ACCOUNTS = Projection(
    name="accounts",
    page=AccountSnapshotPage,
    announced=AccountSnapshotAnnounced,
    copies=(
        Copy(
            Account.__table__,
            "id",
            ("state",),
            maybe=("valid_until",),
            also=("roles",),
            newer="reported_at",
            since="reported_at",
        ),
        Copy(
            Member.__table__,
            "account_id",
            ("roles",),
            keys=("organisation_id",),
            newer="reported_at",
            gone=(("roles", "'{}'::text[]"),),
        ),
    ),
    rows_of=_accounts,
)
ORGANISATIONS = Projection(
    name="organisation_categories",
    page=OrganisationSnapshotPage,
    announced=OrganisationSnapshotAnnounced,
    copies=(Copy(OrganisationCategory.__table__, "organisation_id", ("category", "treated_as"), keys=("valid_from",)),),
    rows_of=_organisations,
)
DOCUMENTS = Projection(
    name="documents",
    page=DocumentSnapshotPage,
    announced=DocumentSnapshotAnnounced,
    copies=(
        Copy(
            Document.__table__,
            "id",
            ("owner_id", "kind", "roles", "state", "codes", "size", "problems"),
            newer="reported_at",
            since="reported_at",
        ),
    ),
    rows_of=_documents,
)
PROJECTIONS = (ACCOUNTS, ORGANISATIONS, DOCUMENTS)
