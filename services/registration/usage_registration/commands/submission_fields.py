"""Fields that the views of usage registrations and periodic reports have in common."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.registration.usage_registration.commands.document_list import document_list, documents_of
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.usage_registration_views import ItemView, RequirementView
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.clock import legal_date
from shared.db import ReadSession
from shared.reference.approval_requirements import approval_requirements
from shared.reference.usage_documents import Occasion

_LINE = ("id", "receipt_number", "status", "role", "office", "organisation_id", "category", "submitted_at")
_WHOLE = (
    *(name for name in _LINE if name != "status"),
    "documents",
    "agreements",
    "decided_at",
    "valid_until",
    "reason_code",
    "reason",
    "revision",
)


def line_fields(row: UsageRegistration | PeriodicReport) -> dict[str, Any]:
    """Fields of one line of a queue; they name no person."""
    return {name: getattr(row, name) for name in _LINE}


async def whole_fields(
    session: ReadSession, row: UsageRegistration | PeriodicReport, occasion: Occasion, *, officer: bool
) -> Mapping[str, Any]:
    """Fields of the whole record. The note is for officers."""
    documents = documents_of(row.documents, row.files)
    day, pledged = legal_date(row.submitted_at), row.pledged or []
    return {
        **{name: getattr(row, name) for name in _WHOLE},
        "status": Status(row.status),
        "document_list": await document_list(session, occasion, row.role, row.category, len(pledged), documents, day),
        "pledged": pledged,
        "returned_items": returned_items(row),
        "note": row.note if officer else None,
    }


def returned_items(row: UsageRegistration | PeriodicReport) -> list[ItemView]:
    """The items that were to be corrected when it was returned last."""
    return [ItemView(**item) for item in json.loads(row.returned_items or "[]")]


def checklist_of(row: UsageRegistration | PeriodicReport, today: date) -> list[RequirementView]:
    """The requirements of an approval, and which of them were confirmed."""
    confirmed = row.requirements or {}
    return [
        RequirementView.of(asked.name, code=asked.code, confirmed=confirmed.get(asked.code))
        for asked in approval_requirements(row.role, row.category, today)
    ]
