"""Open points of a draft: everything at once, so that its writer can go through it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.context import CommandContext
from services.registration.usage_registration.commands.agreements import outdated
from services.registration.usage_registration.commands.completeness import (
    Declared,
    file_points,
    open_points,
    owners_for,
)
from services.registration.usage_registration.commands.document_list import document_list
from services.registration.usage_registration.commands.submissions import Submission
from services.registration.usage_registration.domain.submitted_document import SubmittedDocument
from services.registration.usage_registration.schemas.document_list import DocumentLine
from services.registration.usage_registration.store import drafts, usage_registrations
from services.registration.usage_registration.store.drafts import Draft
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth.actor import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Text
from shared.text import BadValue, corporate_number, email_address

# Reads the form as it would be submitted: the submission, or why the form's fields are none yet.
ReadForm = Callable[[Mapping[str, Any]], tuple[Submission | None, list[FieldProblem]]]


async def missing_points(
    session: ReadSession, context: CommandContext, draft: Draft, actor: Actor, read_form: ReadForm, today: date
) -> tuple[Submission | None, list[FieldProblem]]:
    """The draft as it would be submitted (None where its fields are not right yet), and everything that is wrong."""
    email = await drafts.email_of(session, draft)
    form = _completed(draft, email)
    submission, problems = read_form(form)
    if _address(form["applicant"]["email"]).casefold() != email.casefold():
        problems.append(_OTHER_EMAIL)
    problems += _unlike(await usage_registrations.usage_registration(session, draft.id), form)
    declared = _declared(form)
    if declared.role:
        problems += open_points("usage_registration", declared, today)
    if submission:
        problems += outdated(context, submission.agreed, today)
    problems += await file_points(session, declared.documents, owners_for(actor, draft.id))
    return submission, list(
        {(problem.pointer, problem.code, problem.message): problem for problem in problems}.values()
    )


async def wanted_documents(session: ReadSession, draft: Draft, today: date) -> list[DocumentLine]:
    """The documents of the user class that was chosen; none before there is one."""
    declared = _declared(_entered(draft))
    return await document_list(
        session,
        "usage_registration",
        declared.role,
        declared.category,
        len(declared.pledged),
        declared.documents,
        today,
    )


def _completed(draft: Draft, email: str) -> dict[str, Any]:
    """The form with what is known of the writer: their language, and the mail address that is theirs."""
    form = {"language": draft.language, "organisation": {}} | _entered(draft)
    return form | {"applicant": {"email": email} | form.get("applicant", {})}


def _entered(draft: Draft) -> dict[str, Any]:
    """The whole input: a value that cannot be read as its field is at its place, so that the form's rules say why."""
    form: dict[str, Any] = _without_blanks(json.loads(draft.content or "{}"))
    for pointer, typed in form.pop("unread", {}).items():
        _put(form, pointer, typed)
    return form


def _put(form: dict[str, Any], pointer: str, typed: str) -> None:
    """Place `typed` where the pointer leads; a row that is not there is added."""
    part, *rest = pointer.strip("/").split("/")
    if not rest:
        form[part] = typed
    elif len(rest) == 1:
        form.setdefault(part, {})[rest[0]] = typed
    else:
        rows, place = form.setdefault(part, []), int(rest[0])
        rows += [{} for _ in range(place + 1 - len(rows))]
        rows[place][rest[1]] = typed


def _without_blanks(value: Any) -> Any:
    """A field that was emptied again is one that is missing."""
    if isinstance(value, Mapping):
        return {name: _without_blanks(each) for name, each in value.items() if each not in (None, "")}
    return [_without_blanks(each) for each in value] if isinstance(value, list) else value


def _declared(form: Mapping[str, Any]) -> Declared:
    return Declared(
        role=form.get("role", ""),
        category=form.get("organisation", {}).get("category"),
        documents=_documents(form.get("documents", ())),
        pledged=[_number(one.get("corporate_number", "")) for one in form.get("pledged_organisations", ())],
    )


def _documents(entered: Sequence[str | Mapping[str, Any]]) -> list[SubmittedDocument]:
    return [
        SubmittedDocument(one)
        if isinstance(one, str)
        else SubmittedDocument(one["code"], _uuid(one.get("document_id")))
        for one in entered
    ]


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _unlike(returned: UsageRegistration | None, form: Mapping[str, Any]) -> list[FieldProblem]:
    """Another role or organisation is another usage registration, and not one that was returned."""
    if returned is None or returned.declared is None:
        return []
    number = _number(form.get("organisation", {}).get("corporate_number", ""))
    kept = {
        "/role": form.get("role") == returned.role,
        "/organisation/corporate_number": number in (None, returned.declared["corporate_number"]),
    }
    return [FieldProblem(pointer, "not-to-be-changed", _AS_BEFORE) for pointer, same in kept.items() if not same]


def _number(text: str) -> str | None:
    """A corporate number in its normal form; None where it is none, which the form's own check reports."""
    try:
        return corporate_number(text)
    except BadValue:
        return None


def _address(typed: str) -> str:
    """A mail address in its normal form; one that is none stays as it is, which the form's own check reports."""
    try:
        return email_address(typed)
    except BadValue:
        return typed


_AS_BEFORE = Text(
    "差し戻された利用申出では変更できません。別の区分や機関の場合は、新しく作成してください",
    "This cannot be changed in what was returned. For another class or organisation, start again",
)
_OTHER_EMAIL = FieldProblem(
    "/applicant/email",
    "email-not-confirmed",
    Text(
        "リンクを受け取ったメールアドレスを使用してください。別のアドレスを使う場合は、そのアドレスで新しく作成してください",
        "Use the address to which the link was mailed. For another one, begin again with that address",
    ),
)
