"""Accounts that may not upload, and the files that are filed, rebuilt from snapshots of their owners."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.document.files.commands.filings import file_with
from services.document.files.domain import RecordKind
from services.document.files.store.accounts import StoppedAccount
from services.document.files.store.filings import Filing, Handling
from shared.events.application import ApplicationSnapshot, ApplicationSnapshotAnnounced, ApplicationSnapshotPage
from shared.events.registration_snapshots import AccountSnapshot, AccountSnapshotAnnounced, AccountSnapshotPage
from shared.rebuilding import Copy, Facts, Projection, Rows, Wanted
from shared.work import Work

_STOPPED = ("suspended", "closed")


def _stopped(snapshot: AccountSnapshot) -> Rows:
    if snapshot.is_officer:
        return {}
    stopped = [{"stopped_at": snapshot.taken_at.isoformat()}] if snapshot.state in _STOPPED else []
    return {"stopped_accounts": stopped}


def filed(document_ids: Iterable[UUID], kind: RecordKind) -> list[Facts]:
    """The rows of files that are filed with a record."""
    return [{"document_id": str(each), "kind": kind.value} for each in dict.fromkeys(document_ids)]


def handled(office: str, at: datetime) -> list[Facts]:
    """The row of the office that handles a record."""
    return [{"office": office, "reported_at": at.isoformat()}]


def _applications(snapshot: ApplicationSnapshot) -> Rows:
    photo = (snapshot.photo_id,) if snapshot.photo_id else ()
    return {"filings": filed((*snapshot.document_ids, *photo), RecordKind.APPLICATION)}


async def _file(work: Work, wanted: Sequence[Wanted]) -> int:
    """File what is filed with a record and not here: files that were filed once stay so."""
    ids: dict[tuple[UUID, str], list[UUID]] = {}
    for each in wanted:
        ids.setdefault((each.row["record_id"], each.row["kind"]), []).append(each.row["document_id"])
    for (record_id, kind), document_ids in ids.items():
        await file_with(work, record_id, document_ids, RecordKind(kind))
    return len(ids)


STOPPED_ACCOUNTS = Projection(
    name="stopped_accounts",
    page=AccountSnapshotPage,
    announced=AccountSnapshotAnnounced,
    copies=(Copy(StoppedAccount.__table__, "account_id", also=("stopped_at",), since="stopped_at", deleted=True),),
    rows_of=_stopped,
)
# What a correction took out stays filed.
FILED = Copy(Filing.__table__, "record_id", ("kind",), keys=("document_id",), repair=_file)
HANDLED = Copy(Handling.__table__, "record_id", ("office",), newer="reported_at")
FILINGS = Projection(
    name="filings",
    page=ApplicationSnapshotPage,
    announced=ApplicationSnapshotAnnounced,
    copies=(FILED,),
    rows_of=_applications,
)
