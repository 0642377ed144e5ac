"""Whether files can be attached: known, the owner's, usable, and not too many or too large."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.application.filing import store
from services.application.filing.domain.draft import Attachment, File
from services.application.filing.domain.files import file_problems
from services.application.tables import Application
from shared.errors import Conflict, FieldProblem, Invalid, Text


async def attachments_checked(
    session: AsyncSession,
    application: Application,
    photo_id: UUID | None,
    attachments: Sequence[Attachment],
    today: date,
    *,
    may_be_unknown: bool,
) -> None:
    """Raise for what cannot be attached to the application, as `require_usable` does."""
    ids = file_ids(photo_id, attachments)
    files = await store.files_of(session, application.owner_id, application.role, ids)
    require_usable(photo_id, attachments, files, today, may_be_unknown=may_be_unknown)


async def known_files(
    session: AsyncSession, owner_id: UUID, applications: Collection[Application], more: Iterable[UUID]
) -> Mapping[str, Mapping[UUID, File]]:
    """The owner's files of some applications, and `more` of them, by the roles in which the applications are filed."""
    carried = [file_ids(each.photo_id, store.attachments_of(each.attachments)) for each in applications]
    wanted = list({*more, *(one for each in carried for one in each)})
    roles = {each.role for each in applications}
    return {role: await store.files_of(session, owner_id, role, wanted) for role in roles}


def file_ids(photo_id: UUID | None, attachments: Sequence[Attachment]) -> list[UUID]:
    """The ids of all files, each once, the photo first."""
    attached = (attachment.document_id for attachment in attachments)
    return list(dict.fromkeys([*([photo_id] if photo_id else []), *attached]))


def require_usable(
    photo_id: UUID | None,
    attachments: Sequence[Attachment],
    files: Mapping[UUID, File],
    today: date,
    *,
    may_be_unknown: bool,
) -> None:
    """Raise `Invalid` for what can never be attached; `files` are those that are known.

    A file that the document service has not reported yet may be on its way: a draft may carry it (`may_be_unknown`) and
    its check says so; where the files are submitted for good it is a `Conflict` (`document-unknown`).
    """
    problems = file_problems(photo_id, attachments, files, today)
    unknown = [problem for problem in problems if problem.code == "document-unknown"]
    wrong = [problem for problem in problems if problem.code != "document-unknown"]
    if wrong:
        raise Invalid(fields=wrong, code="unusable-documents")
    if unknown and not may_be_unknown:
        raise not_checked_yet(unknown)


def not_checked_yet(fields: Sequence[FieldProblem] = ()) -> Conflict:
    """The refusal of files that the document service has not reported yet."""
    return Conflict(
        Text(
            "まだ確認が終わっていないファイルがあります。少し待ってからもう一度お試しください。",
            "A file is not yet checked: try again in a moment.",
        ),
        fields=fields,
        code="document-unknown",
    )
