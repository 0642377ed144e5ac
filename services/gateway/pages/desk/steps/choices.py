"""Choices of several steps: lists of codes, questions, and documents."""

from collections.abc import Mapping
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from shared.http import say
from shared.reference.document_types import DOCUMENT_TYPES

# An item of a request that is none of the list: the notice describes it.
OTHER = "OTHER"


async def lists_of(case: ShownCase) -> Mapping[str, list[tuple[str, str]]]:
    """The lists of the review service, as options."""
    found = (await case.visitor.service("review").fetch("/v1/cases/lists")).body
    return {name: [(one["code"], one[case.lang]) for one in every] for name, every in found.items()}


async def checklist_of(case: ShownCase) -> list[tuple[str, str]]:
    """The questions that examiners check, with their codes."""
    found: list[dict[str, Any]] = (await case.visitor.service("review").fetch("/v1/cases/checklist")).body
    return [(one["code"], one[case.lang]) for one in found]


def documents_of(case: ShownCase) -> list[tuple[str, str]]:
    """The kinds of documents that can be asked for, by name."""
    found = {row.code: say(row.name, case.lang) for row in DOCUMENT_TYPES.rows if row.how != "form"}
    return sorted(found.items(), key=lambda one: one[1])
