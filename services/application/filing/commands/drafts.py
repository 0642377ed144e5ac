"""Beginning and editing a draft. A draft may be incomplete; only what cannot be read is refused."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.commands.attachments import attachments_checked
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.draft import Attachment
from services.application.filing.domain.new_draft import NewDraft, Notify
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.rights import filing_role
from services.application.filing.domain.selection import activity_problems, combination_problems
from services.application.filing.schemas import Saved
from services.application.forms.catalogue import current_form, form_of, offered_forms
from services.application.forms.field import pointer_of
from services.application.forms.form import FormVersion, hints_of, read_form
from services.application.progress.domain import State
from services.application.progress.store import own
from services.application.tables import Account, Application
from shared.auth import Owner, Role
from shared.errors import Conflict, Forbidden, Invalid, Text
from shared.ids import new_id
from shared.work import Work

Expected = Callable[[int], None]


async def begin(work: Work, new: NewDraft, keys: PersonKeys) -> Saved:
    """Begin a draft in today's form. Raises `Invalid` for values that cannot be read and for what is not offered."""
    today = work.today
    version = _form_for(new, today)
    actor = work.actor
    # With several roles the organisation's goes before the person's own: that is the order of `Role`.
    held = [role.value for role in Role if role in actor.roles]
    role = filing_role(held, new.procedure, new.status_of_residence, today)
    if role is None:
        raise Forbidden(
            Text("この利用者区分では、この手続を申請できません。", "Your user class may not file this procedure."),
            code="role-may-not-file",
        )
    await _refuse_stopped_account(work)
    values = _read(version, new.form, new.status_of_residence)
    owner_id = actor.owner_id
    assert owner_id is not None, "a person with a role has an id"
    assert actor.account_id is not None
    application = Application(
        id=new_id(),
        owner_id=owner_id,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        role=role,
        procedure=new.procedure,
        combined_with=sorted(set(new.combined_with)),
        status_of_residence=new.status_of_residence,
        activity=new.activity,
        form_version=version.version,
        form=_canonical(values),
        hints=_hints(version, new.form),
        notify_email=new.notify.email,
        notify_language=new.notify.language,
        photo_id=None,
        attachments=[],
        file_ids=[],
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
        special_period_end=None,
        person_key=keys.card_key(version, values),
        withdrawal_reason=None,
    )
    work.session.add(application)
    work.journal("application", application.id, Tag.BEGIN, {"procedure": new.procedure})
    await work.session.flush()
    return await _saved(work, application)


async def edit_form(
    work: Work,
    application_id: UUID,
    expected: Expected,
    form: Mapping[str, Any],
    notify: Notify | None,
    keys: PersonKeys,
) -> Saved:
    """Replace the form of a draft. `expected` raises where the caller has read an older revision."""
    application = await _draft(work, application_id, expected)
    version = form_of(application.form_version, application.combined_with)
    values = _read(version, form, application.status_of_residence)
    changed = _changed(json.loads(application.form), values)
    application.hints = _hints(version, form, application.hints, changed)
    application.form = _canonical(values)
    application.person_key = keys.card_key(version, values)
    if notify is not None:
        application.notify_email = notify.email
        application.notify_language = notify.language
    _touch(work, application)
    work.journal("application", application.id, Tag.EDIT_FORM, {"changed": changed})
    await work.session.flush()
    return await _saved(work, application)


async def edit_documents(
    work: Work, application_id: UUID, expected: Expected, photo_id: UUID | None, attachments: Sequence[Attachment]
) -> Saved:
    """Replace the photo and the documents of a draft. Raises for files that cannot be used."""
    application = await _draft(work, application_id, expected)
    today = work.today
    await attachments_checked(work.session, application, photo_id, attachments, today, may_be_unknown=True)
    application.photo_id = photo_id
    application.attachments = stored(attachments)
    application.file_ids = list(dict.fromkeys([*([photo_id] if photo_id else []), *_ids(attachments)]))
    _touch(work, application)
    work.journal("application", application.id, Tag.EDIT_DOCUMENTS)
    await work.session.flush()
    return await _saved(work, application)


def stored(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Attachments as they are kept."""
    return [{"document_id": str(a.document_id), "codes": list(a.codes)} for a in attachments]


def _ids(attachments: Sequence[Attachment]) -> list[UUID]:
    return [attachment.document_id for attachment in attachments]


async def _draft(work: Work, application_id: UUID, expected: Expected) -> Application:
    application = await own(work.session, application_id, Owner.of(work.actor))
    if application.state != State.DRAFT:
        raise Conflict(
            Text(
                f"申請済みです（受付番号 {application.receipt_number}）。変更できません。",
                f"It is already filed (receipt number {application.receipt_number}) and cannot be changed.",
            ),
            code="already-filed",
        )
    expected(application.revision)
    return application


def _touch(work: Work, application: Application) -> None:
    application.revision += 1
    application.updated_at = work.now
    application.reminded_at = None


def _read(version: FormVersion, raw: Mapping[str, Any], status: str) -> dict[str, Any]:
    values, problems = read_form(version, raw, status)
    if problems:
        raise Invalid(fields=problems, code="unreadable-form")
    return values


def _hints(version: FormVersion, raw: Mapping[str, Any], before: str = "[]", changed: Sequence[str] = ()) -> str:
    """The hints of `raw`, and those `before` about values that are as they were: typed as shown, they say nothing."""
    found = hints_of(version, raw)
    replaced = {hint.pointer for hint in found} | {pointer_of(code) for code in changed}
    kept = [hint for hint in json.loads(before) if hint["pointer"] not in replaced]
    new = [{"pointer": h.pointer, "code": h.code, "ja": h.message.ja, "en": h.message.en} for h in found]
    return json.dumps(kept + new, ensure_ascii=False)


async def _saved(work: Work, application: Application) -> Saved:
    today = work.today
    found = await store.dossier(work.session, application.id, Owner.of(work.actor), work.actor.account_id, today)
    problems = assess(found.draft(), today).problems
    return Saved(
        id=application.id,
        revision=application.revision,
        status=application.state,
        form_version=application.form_version,
        updated_at=application.updated_at,
        complete=not problems,
        open_problems=len(problems),
    )


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


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> list[str]:
    codes: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if isinstance(before, dict) and isinstance(after, dict):
            codes += _changed(before, after, f"{prefix}{name}.")
        elif before != after:
            codes.append(prefix + name)
    return codes


def _form_for(new: NewDraft, today: date) -> FormVersion:
    procedure, status = new.procedure, new.status_of_residence
    if problems := activity_problems(procedure, status, new.activity, today):
        raise Invalid(fields=problems)
    version = current_form(procedure, status, today, new.activity)
    if version is None:
        raise _not_offered(today)
    if problems := list(combination_problems(procedure, status, new.combined_with, today)):
        raise Invalid(fields=problems)
    return form_of(version.version, new.combined_with)


def _not_offered(today: date) -> Invalid:
    statuses: dict[str, dict[str, None]] = {}
    for form in offered_forms(today):
        statuses.setdefault(form.procedure, {}).update(dict.fromkeys(form.statuses))
    offered = ", ".join(f"{procedure} ({'/'.join(codes)})" for procedure, codes in statuses.items())
    return Invalid(
        Text(
            f"この手続・在留資格の様式はまだ用意されていません。利用できるもの: {offered}",
            f"There is no form for this procedure and status yet. Offered: {offered}",
        ),
        code="not-offered",
    )
