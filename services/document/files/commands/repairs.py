"""The command on a repaired copy: a file could not be used as it was sent, and its owner takes the copy."""

from uuid import UUID

from services.document.audit import Tag
from services.document.files.commands.documents import owns, require_room
from services.document.files.commands.reports import accepted
from services.document.files.domain import CONSENT_CODES, Quota, Status
from services.document.files.problems import ConsentMissing
from services.document.files.schemas import Repair, UploadResult
from services.document.files.store import documents
from shared.errors import NotFound
from shared.work import Work


async def take_copy(work: Work, document_id: UUID, repair: Repair, quota: Quota) -> UploadResult:
    """Accept the repaired copy in place of what was sent, which stays known by its hash. Twice does it once.

    Raises `ConsentMissing` where a restriction was taken off and the owner has not said that they may.
    """
    document = await documents.find(work.session, document_id, lock=True)
    if document is None or not owns(work.actor, document):
        raise NotFound()
    if document.status == Status.REPAIRABLE:
        if not CONSENT_CODES.isdisjoint(document.problems) and not repair.own_file:
            raise ConsentMissing()
        assert document.size is not None
        await require_room(work, document.size, quota)
        document.status = Status.ACCEPTED.value
        document.problems = []
        document.repaired_at = work.now
        work.journal("document", document.id, Tag.REPAIR)
        work.emit(accepted(document, work.now))
    elif document.repaired_at is None or document.status != Status.ACCEPTED:
        raise NotFound()
    return UploadResult(id=document.id, status="accepted", problems=[], advice=document.advice)
