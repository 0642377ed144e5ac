"""A draft that begins with the answers of an earlier application of the same person."""

import json
from collections.abc import Mapping
from uuid import UUID

from services.application.filing import store
from services.application.filing.commands import drafts
from services.application.filing.commands.selecting import form_for
from services.application.filing.domain.answers import flat, nested
from services.application.filing.domain.copying import Earlier, copied
from services.application.filing.domain.draft import File
from services.application.filing.domain.new_draft import NewDraft, Notify
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.selection import Selection
from services.application.filing.schemas import Copied, left_out_shown
from services.application.forms.catalogue import form_of
from services.application.progress.store import with_progress
from services.application.tables import Application, Progress
from shared.auth import Owner
from shared.clock import legal_date
from shared.languages import Lang, known
from shared.work import Work


async def copy(work: Work, application_id: UUID, named: Mapping[str, str], keys: PersonKeys) -> Copied:
    """Begin a draft with what can still be true of one of the caller's applications.

    It is for the same procedure, status and activity, except for what is `named`. Raises what `begin` raises.
    """
    source, progress = await with_progress(work.session, application_id, Owner.of(work.actor))
    same = {name: getattr(source, name) for name in ("procedure", "status_of_residence", "activity")}
    if named.keys() & {"procedure", "status_of_residence"}:
        same["activity"] = None
    selection = Selection(**{**same, **named})
    version = form_for(selection, work.today)
    photos = [source.photo_id] if source.photo_id else []
    files = await store.files_of(work.session, source.owner_id, source.role, photos) if photos else {}
    earlier = earlier_of(source, progress, next(iter(files.values()), None))
    copy = copied(earlier, version, selection.status_of_residence, work.today)
    language: Lang = known(source.notify_language)
    new = NewDraft(
        selection=selection,
        form=nested(copy.answers),
        notify=Notify(source.notify_email, language),
        photo_id=source.photo_id if copy.with_photo else None,
        copied_from=source.id,
    )
    saved = await drafts.begin(work, new, keys)
    return Copied(**saved.model_dump(), left_out=left_out_shown(copy.left_out, earlier.version))


def earlier_of(source: Application, progress: Progress | None, photo: File | None) -> Earlier:
    """An application as its copy sees it; `photo` is its photo, None where it is not the owner's or has none."""
    photo_from = None
    if photo is not None and photo.state == "accepted" and photo.reported_at is not None:
        photo_from = legal_date(photo.reported_at)
    return Earlier(
        version=form_of(source.form_version, source.combined_with),
        answers=flat(json.loads(source.form)),
        is_granted=progress is not None and progress.outcome == "granted",
        has_photo=source.photo_id is not None,
        photo_from=photo_from,
        has_documents=bool(source.attachments),
    )
