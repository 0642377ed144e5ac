"""A row that was read becomes a draft, or finds the one that it became when it was sent before."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.application.bulk import store
from services.application.bulk.domain import rows as rules
from services.application.bulk.domain.rows import RowProblem, WorkedRow, placed
from services.application.bulk.domain.states import RowState
from services.application.bulk.problems import form_unknown, no_earlier_application, not_begun, repeated
from services.application.filing import store as filing
from services.application.filing.commands.copies import earlier_of
from services.application.filing.commands.drafts import begun
from services.application.filing.commands.patches import change
from services.application.filing.commands.selecting import form_for
from services.application.filing.domain.answers import flat, nested
from services.application.filing.domain.copying import Earlier, copied
from services.application.filing.domain.draft import File
from services.application.filing.domain.new_draft import DraftPatch, NewDraft, Notify
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.rights import filing_role
from services.application.filing.domain.selection import Selection
from services.application.filing.problems import role_may_not_file
from services.application.forms.field import Form
from services.application.forms.form import FormVersion, read_form
from services.application.progress.domain import Changes, State
from services.application.sheets.book import RowRead
from services.application.tables import Application, Import, ImportRow
from shared.errors import FieldProblem, Problem, Text
from shared.journal import write_together
from shared.languages import known
from shared.text import BadValue
from shared.text.mail import email_address
from shared.work import Work

_MAY_NOT_FILE = Text("申請できません。", "This may not be filed.")


@dataclass(slots=True)
class _Bound:
    """A row on its way to its draft."""

    row: WorkedRow
    read: RowRead
    selection: Selection
    version: FormVersion
    role: str
    entered: dict[str, Any]
    email: str | None
    key: str | None
    card_key: bytes | None
    problems: list[FieldProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Source:
    """The application from which a row takes over what it leaves empty."""

    application: Application
    earlier: Earlier


async def bind(work: Work, imported: Import, rows: Sequence[WorkedRow], keys: PersonKeys) -> None:
    """Give each of the rows that were only read a draft, where one can be begun; their problems of reading are noted.

    Everything that the rows have in common is asked once for all of them.
    """
    found: list[_Bound] = []
    for row in rows:
        if (bound := _understood(work, imported, row, row.read, keys)) is not None:
            found.append(bound)
        await asyncio.sleep(0)  # forms are read: other requests get their turn
    named = [bound.key for bound in found if bound.key is not None]
    existing = await store.of_keys(work.session, imported.owner_id, named) if named else {}
    written = await store.last_rows(work.session, [each.id for each in existing.values()]) if existing else {}
    earlier = await _earlier(work, imported, [b for b in found if b.read.same_as_last and b.key not in existing])
    taken: dict[str, WorkedRow] = {}
    new: list[Application] = []
    for bound in found:
        application = existing.get(bound.key) if bound.key is not None else None
        before = written.get(application.id) if application is not None else None
        other: WorkedRow | ImportRow | None = taken.get(bound.key or "")
        if before is not None and before.import_id == imported.id:
            if before.position < bound.row.position:
                other = before
            else:
                # A range behind this one was quicker: the mistake is that of the row that comes second in the file.
                _give_up(before, bound.row)
        if other is not None:
            _refuse(bound.row, bound.read, repeated(other.sheet, other.number))
            continue
        if bound.key is not None:
            taken[bound.key] = bound.row
        if application is None:
            new.append(_begin(work, bound, earlier, keys))
        else:
            await _change(work, bound, application, before, keys)
    await write_together(work.session, new)


def _understood(work: Work, imported: Import, row: WorkedRow, read: RowRead, keys: PersonKeys) -> _Bound | None:
    """The row with its form read; None for one that no draft can be begun for, whose problems are noted."""
    if read.version is None or read.procedure is None or read.status_of_residence is None:
        _refuse(row, read, *([] if read.problems else [form_unknown()]))
        return None
    selection = Selection(read.procedure, read.status_of_residence, read.activity, read.combined_with)
    try:
        version = form_for(selection, work.today)
        role = filing_role(imported.roles, selection.procedure, selection.status_of_residence, work.today)
        if role is None:
            raise role_may_not_file()
    except Problem as problem:
        _refuse(row, read, *(problem.fields or [not_begun(problem.detail or _MAY_NOT_FILE)]))
        return None
    values, problems = read_form(version, read.form, selection.status_of_residence)
    entered = flat(values)
    person = next(iter(keys.shared_keys(version, Form(values))), None)
    email = None
    try:
        email = email_address(read.notify_email) if read.notify_email else None
    except BadValue as bad:
        problems.append(FieldProblem("/notify/email", bad.code, bad.message))
    key = rules.import_key(read, role, selection.procedure, person)
    known = {problem.pointer for problem in read.problems}
    unread = [*read.problems, *(problem for problem in problems if problem.pointer not in known)]
    return _Bound(
        row, read, selection, version, role, entered, email, key, keys.card_key(version, values), problems=unread
    )


async def _earlier(work: Work, imported: Import, wanting: Sequence[_Bound]) -> dict[bytes | str, _Source]:
    """The last filed application by person and by key, of the rows that begin like it."""
    if not wanting:
        return {}
    persons = [bound.card_key for bound in wanting if bound.card_key is not None]
    named = [bound.key for bound in wanting if bound.key is not None]
    rows = await store.last_filed(work.session, imported.owner_id, imported.roles, persons, named)
    photos: dict[UUID, File] = {}
    for role in {application.role for application, _ in rows}:
        ids = [each.photo_id for each, _ in rows if each.role == role and each.photo_id is not None]
        photos |= await filing.files_of(work.session, imported.owner_id, role, ids)
    found: dict[bytes | str, _Source] = {}
    for application, progress in rows:
        photo = photos.get(application.photo_id) if application.photo_id is not None else None
        for key in (application.person_key, application.import_key):
            if key is not None:
                found.setdefault(key, _Source(application, earlier_of(application, progress, photo)))
    return found


def _begin(work: Work, bound: _Bound, earlier: Mapping[bytes | str, _Source], keys: PersonKeys) -> Application:
    """Begin a draft with the row's answers; with `same as last` what it leaves empty comes from the last one."""
    base: dict[str, Any] = {}
    photo_id, copied_from, email, language = None, None, bound.email, bound.read.notify_language
    if bound.read.same_as_last:
        last = next((earlier[key] for key in (bound.card_key, bound.key) if key is not None and key in earlier), None)
        if last is None:
            bound.problems.append(no_earlier_application())
        else:
            source = last.application
            copy = copied(last.earlier, bound.version, bound.selection.status_of_residence, work.today)
            base, copied_from = dict(copy.answers), source.id
            photo_id = source.photo_id if copy.with_photo else None
            email = email or source.notify_email
            language = language or source.notify_language
    new = NewDraft(
        selection=bound.selection,
        form=nested({**base, **flat(bound.read.form)}),
        notify=Notify(email, known(language)),
        photo_id=photo_id,
        copied_from=copied_from,
        import_key=bound.key,
    )
    application = begun(work, new, bound.version, bound.role, {**base, **bound.entered}, keys)
    _note(bound, application)
    return application


async def _change(
    work: Work, bound: _Bound, application: Application, before: ImportRow | None, keys: PersonKeys
) -> None:
    """Take over into the draft what differs from the row as it was sent last; what is filed stays as it is."""
    if application.state == State.DRAFT:
        last = rules.row_read(before.content) if before is not None else None
        changed = rules.changed_cells(bound.read.form, last.form if last else None)
        patch = DraftPatch(
            form=nested(_patched(bound, changed)),
            contact=_contact(bound, last),
            selection=_reselected(bound.selection, application),
            form_version=None,
        )
        if patch.form or patch.contact or patch.selection:
            await change(work, application.id, lambda revision: revision, patch, keys)
        # A value that is as unreadable as before, and that a person has entered in the draft since, is solved.
        kept = [each for each in bound.problems if _is_open(each, changed, application, before)]
        bound.problems = kept
    _note(bound, application)


def _patched(bound: _Bound, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The changed answers. What the draft had in place of one that cannot be read is taken out, so that it is asked; of
    a table only the cell."""
    asked = bound.version.codes_for(bound.selection.status_of_residence)
    return {code: bound.entered.get(code) for code in changed if code in asked}


def _is_open(
    problem: FieldProblem, changed: Mapping[str, Any], application: Application, before: ImportRow | None
) -> bool:
    if before is None or before.revision is None:
        return True
    code = problem.pointer.removeprefix("/form/").replace("/", ".")
    if any(each == code or code.startswith(f"{each}.") for each in changed):
        return True
    # Once it was entered or confirmed, the row of that time has it no more.
    known = [each for each in map(RowProblem.of, before.problems) if each.problem.pointer == problem.pointer]
    return bool(rules.still_unread(known, Changes.parse(application.changes), before.revision))


def _contact(bound: _Bound, last: RowRead | None) -> dict[str, Any]:
    """The contact where the row gives another one than before."""
    found: dict[str, Any] = {}
    if bound.email and (last is None or bound.read.notify_email != last.notify_email):
        found["email"] = bound.email
    if bound.read.notify_language and (last is None or bound.read.notify_language != last.notify_language):
        found["language"] = known(bound.read.notify_language)
    return found


def _reselected(selection: Selection, application: Application) -> dict[str, Any]:
    present = filing.selection_of(application)
    wanted = {
        "status_of_residence": selection.status_of_residence,
        "activity": selection.activity,
        "combined_with": tuple(sorted(set(selection.combined_with))),
    }
    return {name: value for name, value in wanted.items() if value != getattr(present, name)}


def _note(bound: _Bound, application: Application) -> None:
    bound.row.application_id = application.id
    bound.row.revision = application.revision
    bound.row.problems = [each.kept() for each in placed(bound.read, bound.problems, read=True)]


def _give_up(row: ImportRow, first: WorkedRow) -> None:
    """The draft of a row is that of a row before it."""
    found = placed(rules.row_read(row.content), [repeated(first.sheet, first.number)], read=True)
    row.state, row.problems = RowState.WRONG.value, [each.kept() for each in found]
    row.application_id = row.revision = None


def _refuse(row: WorkedRow, read: RowRead, *problems: FieldProblem) -> None:
    found = placed(read, [*read.problems, *problems], read=True)
    row.problems = [each.kept() for each in found]
    row.state = RowState.WRONG.value
