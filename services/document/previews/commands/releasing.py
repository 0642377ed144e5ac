"""The photo for a certificate: drawn as small as it is printed, in a confined process, for the application service."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from io import BytesIO
from uuid import UUID

from services.document.audit import Tag
from services.document.checks.pool import CheckPool, Meter, ProcessEnded
from services.document.checks.queue import Place
from services.document.files.domain import Status
from services.document.files.store import documents
from services.document.objects import NoSuchObject, ObjectStore
from shared.events.document import PhotoReleased
from shared.work import Work

Release = Callable[[Work, UUID, UUID], Awaitable[None]]
# 40 mm at 300 dots per inch.
_PIXELS = 472


def release_photo(pool: CheckPool, objects: ObjectStore) -> Release:
    """The command that releases a photo to the application it was filed with; nothing where it is gone or unusable."""

    async def release(work: Work, photo_id: UUID, application_id: UUID) -> None:
        document = await documents.find(work.session, photo_id)
        picture = b""
        if document is not None and document.status == Status.ACCEPTED and document.object_key is not None:
            picture = await _drawn(pool, objects, document.object_key, str(document.owner_id))
            work.journal("document", document.id, Tag.RELEASE, {"application_id": application_id})
        work.emit(
            PhotoReleased(
                application_id=application_id,
                photo_id=photo_id,
                sealed_photo=work.keys.seal_for("application", b64encode(picture).decode()) if picture else None,
                released_at=work.now,
            )
        )

    return release


async def _drawn(pool: CheckPool, objects: ObjectStore, key: str, owner: str) -> bytes:
    """The picture; empty where it cannot be drawn, which another try would not change."""
    try:
        source = await objects.get(key)
        job = {"kind": "page", "content": "photo", "number": 1, "pixels": _PIXELS}
        pieces = await pool.ask(job, BytesIO(source), len(source), Place.of_account(owner), Meter())
    except (NoSuchObject, ProcessEnded):
        return b""
    return pieces[0][1]
