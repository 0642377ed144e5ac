"""Beginning and editing a draft. A draft may be incomplete; only what cannot be read is refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.filing.commands.attachments import attachments_checked, file_ids
from services.application.filing.commands.saving import (
    hints_kept,
    keep_answers,
    kept_answers,
    locked_draft,
    saved,
    touch,
)
from services.application.filing.commands.selecting import form_for
from services.application.filing.domain.answers import divide, flat
from services.application.filing.domain.draft import Attachment
from services.application.filing.domain.new_draft import NewDraft, Notify
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.rights import filing_role
from services.application.filing.problems import role_may_not_file
from services.application.filing.schemas import Saved
from services.application.forms.catalogue import form_of
from services.application.forms.field import pointer_of
from services.application.forms.form import FormVersion, read_form
from services.application.progress.domain import State
from services.application.tables import Account, Application
from shared.auth import Role
from shared.errors import Forbidden, Invalid, Text
from shared.ids import new_id
from shared.work import Work

Expected = Callable[[int], None]


async def begin(work: Work, new: NewDraft, keys: PersonKeys) -> Saved:
    """Begin a draft in today's form. Raises `Invalid` for values that cannot be read and for what is not offered."""
    today = work.today
    version = form_for(new.selection, today)
    actor = work.actor
    # With several roles the organisation's goes before the person's own: that is the order of `Role`.
    held = [role.value for role in Role if role in actor.roles]
    chosen = new.selection
    role = filing_role(held, chosen.procedure, chosen.status_of_residence, today)
    if role is None:
        raise role_may_not_file()
    await _refuse_stopped_account(work)
    application = begun(work, new, version, role, _read(version, new.form, chosen.status_of_residence), keys)
    await work.session.flush()
    return await saved(work, application)


def begun(
    work: Work, new: NewDraft, version: FormVersion, role: str, entered: Mapping[str, Any], keys: PersonKeys
) -> Application:
    """A draft of the caller in `role`, with its line in the journal. `entered` are the answers of `new.form`, read."""
    actor, chosen = work.actor, new.selection
    given = version.answers_of(chosen.activity, chosen.status_of_residence)
    answers = divide(version, chosen.status_of_residence, {**given, **entered}, {})
    owner_id = actor.owner_id
    assert owner_id is not None, "a person with a role has an id"
    assert actor.account_id is not None
    application = Application(
        id=new_id(),
        owner_id=owner_id,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        role=role,
        procedure=chosen.procedure,
        combined_with=sorted(set(chosen.combined_with)),
        status_of_residence=chosen.status_of_residence,
        activity=chosen.activity,
        form_version=version.version,
        form="",
        hints=hints_kept(version, new.form, entered),
        set_aside="",
        changes="{}",
        edited_by=None,
        edited_at=None,
        notify_email=new.notify.email,
        notify_language=new.notify.language,
        photo_id=new.photo_id,
        attachments=[],
        file_ids=[new.photo_id] if new.photo_id else [],
        state=State.DRAFT.value,
        revision=1,
        created_at=work.now,
        updated_at=work.now,
        reminded_at=None,
        receipt_number=None,
        submitted_at=None,
        legal_date=None,
        office=None,
        category=None,
        stay_expiry=None,
        stay_until=None,
        stay_reminder=None,
        special_period_end=None,
        person_key=None,
        person=None,
        reported=None,
        search_key="",
        withdrawal_reason=None,
        import_key=new.import_key,
    )
    keep_answers(work, application, version, answers, keys)
    work.session.add(application)
    copied = {"copied_from": new.copied_from} if new.copied_from else {}
    work.journal("application", application.id, Tag.BEGIN, {"procedure": chosen.procedure, **copied})
    return application


async def edit_form(
    work: Work,
    application_id: UUID,
    expected: Expected,
    form: Mapping[str, Any],
    notify: Notify | None,
    keys: PersonKeys,
) -> Saved:
    """Replace the form of a draft. `expected` raises where the caller has read an older revision."""
    application = await locked_draft(work, application_id)
    expected(application.revision)
    version, status = form_of(application.form_version, application.combined_with), application.status_of_residence
    entered = _read(version, form, status)
    before = kept_answers(application)
    asked = {item.code for item in version.items_for(status)}
    others = {code: answer for code, answer in before.aside.items() if code not in asked}
    answers = divide(version, status, entered, others)
    codes = sorted(code for code in {**before.all, **answers.all} if before.all.get(code) != answers.all.get(code))
    application.hints = hints_kept(version, form, entered, application.hints, codes)
    keep_answers(work, application, version, answers, keys)
    changed = [pointer_of(code) for code in codes]
    if notify is not None:
        changed += _change_contact(application, notify)
    touch(work, application, changed)
    work.journal("application", application.id, Tag.EDIT_FORM, {"changed": codes})
    await work.session.flush()
    return await saved(work, application)


async def edit_documents(
    work: Work, application_id: UUID, expected: Expected, photo_id: UUID | None, attachments: Sequence[Attachment]
) -> Saved:
    """Replace the photo and the documents of a draft. Raises for files that cannot be used."""
    application = await locked_draft(work, application_id)
    expected(application.revision)
    await attachments_checked(work.session, application, photo_id, attachments, work.today, may_be_unknown=True)
    put_documents(work, application, photo_id, attachments)
    await work.session.flush()
    return await saved(work, application)


def put_documents(
    work: Work, application: Application, photo_id: UUID | None, attachments: Sequence[Attachment]
) -> None:
    """Give a locked draft this photo and these documents in place of those that it has; they can be attached."""
    changed = []
    if application.photo_id != photo_id:
        changed.append("/photo_id")
    if application.attachments != (attached := stored(attachments)):
        changed.append("/documents")
    application.photo_id = photo_id
    application.attachments = attached
    application.file_ids = file_ids(photo_id, attachments)
    touch(work, application, changed)
    work.journal("application", application.id, Tag.EDIT_DOCUMENTS)


def stored(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Attachments as they are kept."""
    return [{"document_id": str(a.document_id), "codes": list(a.codes)} for a in attachments]


def _read(version: FormVersion, raw: Mapping[str, Any], status: str) -> dict[str, Any]:
    """The answers of `raw` by dotted code. Raises `Invalid` for those that cannot be read."""
    values, problems = read_form(version, raw, status)
    if problems:
        raise Invalid(fields=problems, code="unreadable-form")
    return flat(values)


def _change_contact(application: Application, notify: Notify) -> list[str]:
    """Change the contact; returns the JSON pointers of what is another now."""
    before = (application.notify_email, application.notify_language)
    application.notify_email, application.notify_language = notify.email, notify.language
    pairs = zip(("/notify/email", "/notify/language"), before, (notify.email, notify.language), strict=True)
    return [pointer for pointer, old, new in pairs if old != new]


async def _refuse_stopped_account(work: Work) -> None:
    account = await work.session.get(Account, work.actor.account_id)
    state = "expired" if work.actor.lapsed else account and account.state
    if state is not None and state != "active":
        raise Forbidden(
            Text(
                "このアカウントでは新しい申請ができません。過去の申請は閲覧できます。",
                "This account may not file anything new. Past applications can still be read.",
            ),
            code=f"account-{state}",
        )
