"""Correction of a filed application: freely before its examination, later with the examiner's agreement."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.application.audit import Tag
from services.application.changes import store
from services.application.changes.domain.content import Content, changed_codes
from services.application.changes.domain.corrections import (
    WHY_NOT,
    Correction,
    Way,
    fixed_problems,
    forbidden,
    way_to_correct,
)
from services.application.changes.schemas import Corrected
from services.application.filing.commands.drafts import stored
from services.application.filing.commands.saving import canonical
from services.application.filing.domain.answers import flat, nested, patched, read_patch
from services.application.filing.domain.assessment import Assessment, assess
from services.application.filing.domain.draft import Draft, Standing
from services.application.filing.domain.permission import second_open
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.receipt import special_period
from services.application.filing.domain.tables import read_cells
from services.application.filing.store import attachments_of, dossier, files_of
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.commands.review_events import follow
from services.application.progress.domain import State
from services.application.progress.store import own
from services.application.tables import Application, CorrectionRequest, FiledVersion, Progress
from shared.auth import Owner, Role
from shared.errors import Conflict, FieldProblem, Invalid, Text
from shared.events.application import ApplicationCorrected, CorrectionRequested
from shared.events.review import CorrectionAgreed, CorrectionDeclined
from shared.ids import new_id
from shared.text.search import search_key
from shared.work import Work

_OPEN_FOR_PERSON = "uq_applications_open_for_person"
Expected = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """A corrected application as the rules found it, and what differs from before."""

    draft: Draft
    assessment: Assessment
    changed: tuple[str, ...]


async def correct(
    work: Work, application_id: UUID, expected: Expected, correction: Correction, keys: PersonKeys
) -> Corrected:
    """Correct an application, or ask the examiner for it. Raises `Invalid` with every problem; then nothing changes.

    Where a decision is made at the same moment, it stands; a correction that arrives after it is only noted by review.
    """
    application = await own(work.session, application_id, Owner.of(work.actor))
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    way = way_to_correct(application.state, progress.state if progress else None)
    if way is Way.NOT:
        raise Conflict(WHY_NOT[State(application.state)], code="cannot-be-corrected")
    expected(application.revision)
    if await store.waits_for_agreement(work.session, application_id):
        raise Conflict(
            Text(
                "先に申し出た訂正が審査担当の確認を待っています。回答があってから次の訂正を申し出てください。",
                "An earlier correction waits for the examiner: ask for the next one when it is answered.",
            ),
            code="correction-waiting",
        )
    checked = await _checked(work, application, correction, keys)
    if way is Way.WITH_AGREEMENT:
        correction_id = _request(work, application, checked, correction.reason)
    else:
        correction_id = new_id()
        await _apply(work, application, checked, keys, _Made(correction_id, correction.reason, work.actor_id))
    assert application.receipt_number is not None
    return Corrected(
        id=application_id,
        correction_id=correction_id,
        receipt_number=application.receipt_number,
        state="waiting" if way is Way.WITH_AGREEMENT else "corrected",
        changed=list(checked.changed),
        revision=application.revision,
        at=work.now,
    )


async def on_agreed(work: Work, event: CorrectionAgreed, keys: PersonKeys) -> None:
    """Make the correction that the examiner agreed to; an application that has ended since stays as it is."""
    await follow(work, event)
    request = await store.correction_request(work.session, event.correction_id)
    if request is None or request.state != "waiting":
        return
    application = await work.session.get(Application, request.application_id, with_for_update=True)
    assert application is not None, "a foreign key holds the request to its application"
    request.ended_at = work.now
    if application.state != State.RECEIVED:
        request.state = "lapsed"
        work.journal("application", application.id, Tag.CORRECTION_LAPSED, {"correction_id": request.id})
        return
    request.state = "agreed"
    wanted = content_of(request)
    draft = await _draft_of(work, application, wanted, keys)
    checked = Checked(draft, assess(draft, _day_of(application)), tuple(request.changed))
    made = _Made(request.id, request.reason, request.requested_by)
    await _apply(work, application, checked, keys, made)


async def on_declined(work: Work, event: CorrectionDeclined) -> None:
    """Note that the examiner declined a correction: the application is examined as it is."""
    await follow(work, event)
    request = await store.correction_request(work.session, event.correction_id)
    if request is not None and request.state == "waiting":
        request.state, request.ended_at = "declined", work.now
        work.journal("application", request.application_id, Tag.CORRECTION_DECLINED, {"correction_id": request.id})


@dataclass(frozen=True, slots=True)
class _Made:
    """A correction as its version records it."""

    id: UUID
    reason: str
    by: UUID


async def _checked(work: Work, application: Application, correction: Correction, keys: PersonKeys) -> Checked:
    """The corrected application, complete and allowed by the rules of the day on which it was filed."""
    if fixed := fixed_problems(correction.fixed):
        raise Invalid(fixed[0].message, fields=fixed, code="not-correctable")
    version = form_of(application.form_version, application.combined_with)
    before = content_of(application)
    status = application.status_of_residence
    cells = read_cells(version, status, correction.patch, flat(before.form.values))
    entered, unreadable = read_patch(version, status, cells.patch)
    if unreadable or cells.problems:
        raise Invalid(fields=[*cells.problems, *unreadable], code="unreadable-form")
    wanted = Content(
        Form(nested(patched(flat(before.form.values), entered))),
        correction.photo_id if correction.replaces_photo else before.photo_id,
        before.attachments if correction.attachments is None else tuple(correction.attachments),
    )
    changed = changed_codes(version, before, wanted)
    if not changed:
        message = Text("訂正する項目がありません。", "Nothing differs from what was filed.")
        raise Invalid(message, fields=[FieldProblem("/form", "nothing-changed", message)], code="nothing-changed")
    draft = await _draft_of(work, application, wanted, keys)
    assessment = assess(draft, _day_of(application))
    versions = await store.versions_of(work.session, application.id)
    filed = Form(json.loads(versions[0].form)) if versions else before.form
    refused = list(forbidden(version, filed, wanted.form, application.office, assessment.office))
    problems = [*refused, *assessment.problems]
    if problems:
        raise _refusal(problems, final=bool(refused))
    return Checked(draft, assessment, changed)


async def _draft_of(work: Work, application: Application, content: Content, keys: PersonKeys) -> Draft:
    """The application with corrected content, as the rules see it. Its filer could file it: that is not asked again."""
    owner = Owner(application.owner_id, frozenset({Role(application.role)}))
    day = _day_of(application)
    found = await dossier(work.session, application.id, owner, application.account_id, day)
    key = keys.card_key(form_of(application.form_version, application.combined_with), content.form.values)
    return replace(
        found.draft(),
        form=content.form,
        photo_id=content.photo_id,
        attachments=content.attachments,
        files=await files_of(work.session, application.owner_id, application.role, content.file_ids),
        standing=Standing("active"),
        other_open=await store.other_open(work.session, application, key),
    )


def _day_of(application: Application) -> date:
    """The day of receipt: its rules hold for the application to its end."""
    assert application.legal_date is not None, "a filed application has its day"
    return application.legal_date


def content_of(row: Application | FiledVersion | CorrectionRequest) -> Content:
    """The content that a row keeps."""
    return Content(Form(json.loads(row.form)), row.photo_id, attachments_of(row.attachments))


def _refusal(problems: list[FieldProblem], *, final: bool) -> Invalid:
    if final:
        return Invalid(problems[0].message, fields=problems, code=problems[0].code)
    message = Text(
        "訂正後の申請内容に、不足や誤りが{count}件あります。",
        "With this correction {count} thing(s) would be missing or wrong.",
    ).with_values(count=len(problems))
    return Invalid(message, fields=problems, code="incomplete")


def _request(work: Work, application: Application, checked: Checked, reason: str) -> UUID:
    """Keep the correction and ask the examiner."""
    draft = checked.draft
    request = CorrectionRequest(
        id=new_id(),
        application_id=application.id,
        form=canonical(draft.form.values),
        photo_id=draft.photo_id,
        attachments=stored(draft.attachments),
        changed=list(checked.changed),
        reason=reason,
        state="waiting",
        requested_at=work.now,
        requested_by=work.actor_id,
        ended_at=None,
    )
    work.session.add(request)
    detail = {"correction_id": request.id, "changed": list(checked.changed)}
    work.journal("application", application.id, Tag.REQUEST_CORRECTION, detail)
    assert application.receipt_number is not None
    work.emit(
        CorrectionRequested(
            application_id=application.id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            correction_id=request.id,
            changed=checked.changed,
            document_ids=tuple(attachment.document_id for attachment in draft.attachments),
            photo_id=draft.photo_id,
            requested_at=work.now,
        )
    )
    return request.id


async def _apply(work: Work, application: Application, checked: Checked, keys: PersonKeys, made: _Made) -> None:
    """Keep the version before, change the application, and announce it."""
    draft, day = checked.draft, _day_of(application)
    await _keep_versions(work, application, checked, made)
    application.form = canonical(draft.form.values)
    application.photo_id = draft.photo_id
    application.attachments = stored(draft.attachments)
    application.file_ids = list(dict.fromkeys(Content(draft.form, draft.photo_id, draft.attachments).file_ids))
    application.revision += 1
    application.updated_at = work.now
    application.category = draft.category
    application.stay_expiry = checked.assessment.stay_expiry
    application.special_period_end = special_period(
        draft.procedure, checked.assessment.stay_expiry, draft.fact("present_period"), day
    )
    application.search_key = search_key(draft.fact("name"), application.receipt_number)
    application.person = keys.person(draft.version, draft.form)
    # A second application of the person that was filed since keeps the key: one open application of a kind has it.
    if not draft.other_open:
        application.person_key = keys.card_key(draft.version, draft.form.values)
    detail = {"correction_id": made.id, "changed": list(checked.changed)}
    work.journal("application", application.id, Tag.CORRECT, detail)
    work.emit(_corrected(work, application, checked, keys, made.id))
    try:
        await work.session.flush()
    except IntegrityError as error:
        if _OPEN_FOR_PERSON in str(error.orig):
            raise _refusal([second_open(draft.version)], final=True) from error
        raise


async def _keep_versions(work: Work, application: Application, checked: Checked, made: _Made) -> None:
    versions = await store.versions_of(work.session, application.id)
    number = len(versions)
    if not versions:
        assert application.submitted_at is not None
        number = 1
        work.session.add(
            FiledVersion(
                application_id=application.id,
                number=number,
                form=application.form,
                photo_id=application.photo_id,
                attachments=application.attachments,
                changed=[],
                reason=None,
                made_at=application.submitted_at,
                made_by=application.account_id,
            )
        )
    work.session.add(
        FiledVersion(
            application_id=application.id,
            number=number + 1,
            form=canonical(checked.draft.form.values),
            photo_id=checked.draft.photo_id,
            attachments=stored(checked.draft.attachments),
            changed=list(checked.changed),
            reason=made.reason,
            made_at=work.now,
            made_by=made.by,
        )
    )


def _corrected(
    work: Work, application: Application, checked: Checked, keys: PersonKeys, correction_id: UUID
) -> ApplicationCorrected:
    draft = checked.draft
    return ApplicationCorrected.model_validate(
        {
            "application_id": application.id,
            "account_id": application.account_id,
            "receipt_number": application.receipt_number,
            "changed": checked.changed,
            "form_version": application.form_version,
            "requested_period": draft.fact("requested_period"),
            "document_ids": tuple(attachment.document_id for attachment in draft.attachments),
            "photo_id": draft.photo_id,
            "corrected_at": work.now,
            "correction_id": correction_id,
            "category": application.category,
            "nationality": draft.fact("nationality"),
            "stay_expiry": application.stay_expiry,
            "special_period_end": application.special_period_end,
            "receipt_method": draft.fact("receipt_method"),
            "person_keys": keys.shared_keys(draft.version, draft.form),
        }
    )
