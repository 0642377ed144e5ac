"""Routes of filing: drafts, the check, filing, withdrawal."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Response

from services.application.filing import store
from services.application.filing.commands import (
    copies,
    drafts,
    ownership,
    patches,
    submission,
    withdrawal,
)
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.newer_form import newer_form
from services.application.filing.domain.permission import same_person
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.reminders import Pauses
from services.application.filing.domain.topics import topic_of
from services.application.filing.schemas import (
    BeginBody,
    Checked,
    Conflicts,
    Copied,
    CopyBody,
    DeclarationText,
    DeclarationTexts,
    DocumentsBody,
    FormBody,
    OwnerBody,
    PatchBody,
    ProblemShown,
    Receipt,
    Saved,
    Shown,
    SubmitBody,
    WantedDocument,
    WithdrawBody,
    Withdrawn,
    hints_shown,
    newer_shown,
)
from services.application.forms.checks import advice
from services.application.forms.examples import linked_examples
from services.application.forms.places import places_to_compare
from services.application.progress.problems import NotFiled
from services.application.progress.schemas import words
from services.application.progress.store import with_progress
from services.application.settings import Settings
from services.application.tables import Application
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit, public
from shared.clock import legal_date
from shared.http import IfMatch, etag, expect, refusal_with, refusals, started_from
from shared.http.commands import EachTime, Once, OnceIfKeyed
from shared.http.merge_patch import MERGE_PATCH, MergePatch
from shared.reference.declarations import declarations, declared_version
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]


async def person_keys(runtime: CurrentRuntime) -> PersonKeys:
    """The hashes by which this installation finds a person again."""
    assert isinstance(runtime.settings, Settings)
    return PersonKeys.of(runtime.settings.person_key.get_secret_value())


Keys = Annotated[PersonKeys, Depends(person_keys)]
router = APIRouter(prefix="/v1/applications", tags=["applications"])
declarations_router = APIRouter(tags=["reference"])


@router.post("", status_code=201)
async def begin(
    actor: Applicant,
    body: Annotated[BeginBody, Body(openapi_examples=linked_examples())],
    response: Response,
    once: Once,
    keys: Keys,
) -> Saved:
    """Begin a draft. Values are normalised (width, case, hyphens); only what cannot be read is refused.

    `GET /v1/forms/{version}/example` has a complete body for each form.
    """
    saved = await once(drafts.begin, body.draft(), keys)
    response.headers["ETag"] = etag(saved.revision)
    response.headers["Location"] = f"/v1/applications/{saved.id}"
    return saved


@router.put("/{application_id}/form")
async def edit_form(
    actor: Applicant,
    application_id: UUID,
    body: FormBody,
    response: Response,
    run: EachTime,
    keys: Keys,
    if_match: IfMatch = None,
) -> Saved:
    """Replace the form of a draft."""
    notify = body.notify.notify() if body.notify else None
    saved = await run(drafts.edit_form, application_id, lambda r: expect(r, if_match), body.form, notify, keys)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.patch("/{application_id}", responses=refusals(415) | refusal_with(409, Conflicts))
async def change(
    actor: Applicant,
    merge_patch: MergePatch,
    application_id: UUID,
    body: Annotated[PatchBody, Body(media_type=MERGE_PATCH)],
    response: Response,
    run: EachTime,
    keys: Keys,
    if_match: IfMatch = None,
) -> Saved:
    """Change single answers, the contact, or procedure and status of a draft, by a merge patch.

    It may start from an older revision: what nobody else changed since is merged, and where somebody did the answer is
    409 `draft-changed` with both values. Answers that the form does not ask any more are kept in `set_aside`.
    """
    saved = await run(patches.change, application_id, lambda r: started_from(r, if_match), body.patch(), keys)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.delete("/{application_id}", status_code=204)
async def delete(actor: Applicant, application_id: UUID, once: OnceIfKeyed) -> None:
    """Delete a draft with everything that was entered."""
    await once(ownership.delete, application_id)


@router.post("/{application_id}/copies", status_code=201)
async def copy(
    actor: Applicant, application_id: UUID, body: CopyBody, response: Response, once: Once, keys: Keys
) -> Copied:
    """Begin a draft with what can still be true of an earlier application; `left_out` says what it lacks, and why."""
    copied = await once(copies.copy, application_id, body.model_dump(exclude_none=True), keys)
    response.headers["ETag"] = etag(copied.revision)
    response.headers["Location"] = f"/v1/applications/{copied.id}"
    return copied


@router.post("/{application_id}/owner")
async def hand_over(
    actor: Applicant, application_id: UUID, response: Response, once: OnceIfKeyed, body: OwnerBody | None = None
) -> Saved:
    """Put an account of the organisation in charge, without a body the caller's own: reminders and news go there from
    now on. `GET /v1/organisations/{id}/colleagues` has the accounts. A filed application can be handed over until the
    procedure is over; the account before and the new one get a message."""
    saved = await once(ownership.hand_over, application_id, body.account_id if body else None)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.put("/{application_id}/documents")
async def edit_documents(
    actor: Applicant,
    application_id: UUID,
    body: DocumentsBody,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> Saved:
    """Replace the photo and the documents of a draft. One PDF may hold several documents."""
    attachments = [entry.attachment() for entry in body.documents]
    saved = await run(drafts.edit_documents, application_id, lambda r: expect(r, if_match), body.photo_id, attachments)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.get("/{application_id}/check")
async def check(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Checked:
    """The problems that keep a draft from being filed today, and the documents that it needs."""
    today = legal_date(runtime.clock.now())
    async with runtime.db.read() as session:
        found = await store.dossier(session, application_id, Owner.of(actor), actor.account_id, today)
        pending = None if found.other_open else await store.same_person_open(session, found.application)
    draft = found.draft()
    assessment = assess(draft, today)
    return Checked(
        complete=not assessment.problems,
        problems=[ProblemShown.at(problem, topic_of(problem, draft.version)) for problem in assessment.problems],
        hints=[
            *hints_shown(found.application),
            *([Shown.of(same_person(draft.version, pending))] if pending else []),
            *map(Shown.of, places_to_compare(draft.version, draft.form)),
            *map(Shown.of, advice(draft.filled(today))),
        ],
        newer_form=newer_shown(newer_form(draft.version, store.selection_of(found.application), today)),
        required_documents=[
            WantedDocument.of(
                wanted.name,
                code=wanted.code,
                requirement="required" if wanted.required else "conditional",
                condition=None if wanted.required or wanted.condition is None else words(wanted.condition),
                satisfied=wanted.satisfied,
            )
            for wanted in assessment.documents
        ],
        deleted_on=_deleted_on(found.application, runtime),
    )


def _deleted_on(draft: Application, runtime: CurrentRuntime) -> date | None:
    settings = runtime.settings
    assert isinstance(settings, Settings)
    pauses = Pauses.in_days(settings.draft_reminder_days, settings.untouched_draft_days)
    return pauses.deleted_on(draft.revision, draft.updated_at, draft.reminded_at, runtime.clock.now())


@router.post("/{application_id}/submit")
async def submit(actor: Applicant, application_id: UUID, body: SubmitBody, once: Once, keys: Keys) -> Receipt:
    """File it: the receipt number is given at once, and this moment counts. Refused with every problem there is."""
    return await once(submission.submit, application_id, body.declarations.declared(), keys)


@router.get("/{application_id}/receipt", responses=refusals(409))
async def receipt(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Receipt:
    """The receipt of a filed application, as its filing gave it; `status` and `revision` are those of now."""
    async with runtime.db.read() as session:
        application, _ = await with_progress(session, application_id, Owner.of(actor))
    if application.receipt_number is None:
        raise NotFiled()
    return Receipt.of(application)


@declarations_router.get("/v1/declarations", dependencies=[public])
async def declaration_texts(runtime: CurrentRuntime) -> DeclarationTexts:
    """The declarations that are made when filing today, word for word."""
    today = legal_date(runtime.clock.now())
    items = [DeclarationText(code=code, text=words(row.text)) for code, row in declarations(today).items()]
    return DeclarationTexts(version=declared_version(today), items=items)


@router.post("/{application_id}/withdraw")
async def withdraw(actor: Applicant, application_id: UUID, body: WithdrawBody, once: Once) -> Withdrawn:
    """Take a filed application back (取下げ), before the decision."""
    return await once(withdrawal.withdraw, application_id, body.reason)
