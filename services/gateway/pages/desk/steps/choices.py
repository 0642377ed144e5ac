"""Choices of several steps: lists of codes, questions, and documents."""

import asyncio
from collections.abc import Mapping
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.case_file.files import document_name
from services.gateway.pages.kit.form_data import find_form
from services.gateway.pages.kit.words import say
from shared.reference.document_types import DOCUMENT_TYPES

# An item of a request that is none of the list: the notice describes it.
OTHER = "OTHER"


async def lists_of(case: ShownCase) -> Mapping[str, list[tuple[str, str]]]:
    """The lists of the review service, as options."""
    found = (await case.visitor.service("review").fetch("/v1/cases/lists")).body
    return {name: [(one["code"], one[case.lang]) for one in every] for name, every in found.items()}


async def checklist_of(case: ShownCase) -> list[tuple[str, str]]:
    """The questions that examiners check in a case of this kind, with their codes."""
    kind = f"procedure={case.view['procedure']}&status_of_residence={case.view['status_of_residence']}"
    found: list[dict[str, Any]] = (await case.visitor.service("review").fetch(f"/v1/cases/checklist?{kind}")).body
    return [(one["code"], one[case.lang]) for one in found]


def documents_of(case: ShownCase) -> list[tuple[str, str]]:
    """The kinds of documents that can be asked for, by name."""
    found = {row.code: say(row.name, case.lang) for row in DOCUMENT_TYPES.rows if row.how != "form"}
    return sorted(found.items(), key=lambda one: one[1])


async def case_documents(case: ShownCase) -> list[tuple[str, str]]:
    """The documents of the case that evidence can name: what each file holds; none where the form is not shown."""
    application, requested = await asyncio.gather(case.of_application(), case.of_application("/requested-documents"))
    if application is None:
        return []
    held = {one["document_id"]: one["codes"] for one in application["documents"]}
    for answer in (requested or {}).get("submitted", ()):
        held |= {one["document_id"]: one["codes"] for one in answer["documents"]}
    # Two files of one kind are told apart by their place.
    return [
        (document_id, f"{number}. {'・'.join(document_name(code, case.lang) for code in codes)}")
        for number, (document_id, codes) in enumerate(held.items(), 1)
    ]


async def form_fields(case: ShownCase) -> list[tuple[str, str]]:
    """The fields of the form that evidence can name, in its order."""
    application = await case.of_application()
    if application is None:
        return []
    form = await find_form(case.visitor.gateway, application, case.lang)
    return [
        (item.code, f"{topic.title[case.lang]}: {item.label[case.lang]}")
        for topic in form.topics
        for item in topic.items
    ]
