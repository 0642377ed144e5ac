"""Photos of certificates that cannot be used any more are forgotten."""

from services.application.audit import Tag
from services.application.certificates import store
from shared.work import Work

_AT_ONCE = 500


async def forget_photos(work: Work) -> None:
    """Remove the photo of every certificate that has ended or was revoked; of many, the next round takes the rest."""
    for certificate in await store.photos_of_ended(work.session, work.today, _AT_ONCE):
        certificate.photo = None
        work.journal("application", certificate.application_id, Tag.FORGET_PHOTO, {"number": certificate.number})
