"""Filing: the draft becomes an application with a number and a legal date, at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.application.audit import Tag
from services.application.filing import store
from services.application.filing.domain.assessment import Assessment, assess
from services.application.filing.domain.declared import Declared, is_outdated, undeclared, word_for_word
from services.application.filing.domain.draft import Draft
from services.application.filing.domain.permission import FINAL, lapsed, second_open
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.receipt import special_period
from services.application.filing.problems import filed_before, outdated_declarations
from services.application.filing.schemas import Receipt
from services.application.filing.store import Dossier
from services.application.forms.field import Form
from services.application.forms.form import FormVersion
from services.application.progress.domain import State
from services.application.tables import Application
from shared.auth import Owner
from shared.errors import FieldProblem, Invalid, Text
from shared.events.application import ApplicationSubmitted
from shared.events.fields import Recipient
from shared.journal import write_together
from shared.reference.receipt_numbers import receipt_number
from shared.text.search import search_key
from shared.work import Work

# What the event has of a form that has no sections: a code is never empty.
_NO_SECTION = "NONE"
_OPEN_FOR_PERSON = "uq_applications_open_for_person"


async def submit(work: Work, application_id: UUID, declared: Declared, keys: PersonKeys) -> Receipt:
    """File a complete draft. Raises `Invalid` with every problem that stands in its way; then nothing changes."""
    today = work.today
    found = await store.dossier(
        work.session, application_id, Owner.of(work.actor), work.actor.account_id, today, lock=True
    )
    application = found.application
    if application.state != State.DRAFT:
        raise filed_before(application.receipt_number)
    if work.actor.lapsed:
        raise refusal([lapsed()])
    if is_outdated(declared, today):
        raise outdated_declarations()
    try:
        problems = await file_drafts(work, [found], declared, keys)
    except IntegrityError as error:
        if _OPEN_FOR_PERSON in str(error.orig):
            raise refusal([second_open(found.draft().version)]) from error
        raise
    if problems:
        raise refusal(list(problems[application_id]))
    return Receipt.of(application)


async def file_drafts(
    work: Work, found: Sequence[Dossier], declared: Declared, keys: PersonKeys, *, bulk_import_id: UUID | None = None
) -> dict[UUID, tuple[FieldProblem, ...]]:
    """File those of the locked drafts that nothing hinders; the problems of the others, which stay as they are.

    Everything that they have in common is done once for all of them, and they are written by one statement.
    """
    today = work.today
    problems: dict[UUID, tuple[FieldProblem, ...]] = {}
    complete: list[tuple[Application, Draft, Assessment]] = []
    persons: set[tuple[str, bytes]] = set()
    missing = tuple(undeclared(declared, today))
    for each in found:
        application, draft = each.application, each.draft()
        assessment = assess(draft, today)
        # The rows of the others are not written yet, so that the database does not know of them.
        twice = application.person_key is not None and (application.procedure, application.person_key) in persons
        if hindering := (*missing, *assessment.problems, *([second_open(draft.version)] if twice else ())):
            problems[application.id] = hindering
            continue
        if application.person_key is not None:
            persons.add((application.procedure, application.person_key))
        complete.append((application, draft, assessment))
        await asyncio.sleep(0)  # rules are computed: other requests get their turn
    offices = Counter(assessment.office for _, _, assessment in complete)
    serials = {
        office: iter(await store.next_serials(work.session, office, today.year, wanted))
        for office, wanted in offices.items()
        if office is not None
    }
    kept = word_for_word(declared, today)
    for application, draft, assessment in complete:
        assert assessment.office is not None, "an application without problems has an office"
        _file(work, application, draft, assessment, next(serials[assessment.office]))
        application.declarations = kept
        work.emit(_submitted(work, application, draft, keys, bulk_import_id))
        work.journal(
            "application",
            application.id,
            Tag.SUBMIT,
            {"receipt_number": application.receipt_number, "declarations": kept},
        )
    await write_together(work.session, [application for application, _, _ in complete])
    return problems


def refusal(problems: list[FieldProblem]) -> Invalid:
    """One problem for all: named after the rule that no further input can satisfy, else `incomplete`."""
    final = next((problem for problem in problems if problem.code in FINAL), None)
    if final is not None:
        return Invalid(final.message, fields=problems, code=final.code)
    return Invalid(
        Text(
            "申請に必要な項目があと{count}件あります。",
            "{count} thing(s) are missing or wrong before this can be filed.",
        ).with_values(count=len(problems)),
        fields=problems,
        code="incomplete",
    )


def _file(work: Work, application: Application, draft: Draft, assessment: Assessment, serial: int) -> None:
    today = work.today
    assert assessment.office is not None
    assert work.actor.account_id is not None
    application.account_id = work.actor.account_id
    application.state = State.RECEIVED.value
    # What the form does not ask is no part of the application.
    application.set_aside = "{}"
    application.revision += 1
    application.updated_at = work.now
    application.receipt_number = receipt_number(
        assessment.office, draft.procedure, draft.version.section, today, serial
    )
    application.search_key = search_key(draft.fact("name"), application.receipt_number)
    application.submitted_at = work.now
    application.legal_date = today
    application.office = assessment.office
    application.category = draft.category
    application.stay_expiry = assessment.stay_expiry
    application.special_period_end = special_period(
        draft.procedure, assessment.stay_expiry, draft.fact("present_period"), today
    )


def _submitted(
    work: Work, application: Application, draft: Draft, keys: PersonKeys, bulk_import_id: UUID | None
) -> ApplicationSubmitted:
    applicant = None
    if application.notify_email:
        applicant = Recipient.reading(application.notify_language, work.seal(application.notify_email))
    facts = filed_facts(application, draft.version, draft.form, keys)
    # Every value comes from the row that was just filled in; validation of the model is the last look at it.
    return ApplicationSubmitted.model_validate({**facts, "applicant": applicant, "bulk_import_id": bulk_import_id})


def filed_facts(application: Any, version: FormVersion, form: Form, keys: PersonKeys) -> dict[str, Any]:
    """The facts of a filed application that other services keep, from its row and its form as they are now."""
    return {
        "application_id": application.id,
        "account_id": application.account_id,
        "receipt_number": application.receipt_number,
        "procedure": application.procedure,
        "combined_with": tuple(application.combined_with),
        "status_of_residence": application.status_of_residence,
        "category": application.category,
        "form_section": version.section or _NO_SECTION,
        "form_version": application.form_version,
        "nationality": version.fact("nationality", form),
        "office": application.office,
        "owner_id": application.owner_id,
        "organisation_id": application.organisation_id,
        "submitted_at": application.submitted_at,
        "legal_date": application.legal_date,
        "stay_expiry": application.stay_expiry,
        "special_period_end": application.special_period_end,
        "requested_period": version.fact("requested_period", form),
        "receipt_method": version.fact("receipt_method", form),
        "document_ids": tuple(UUID(each["document_id"]) for each in application.attachments),
        "photo_id": application.photo_id,
        "role": application.role,
        "person_keys": keys.shared_keys(version, form),
    }
