"""Applications of a list in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.portal.filing.shown import APPLICATIONS, is_draft, is_open, is_over
from shared.http import Lang


@dataclass(frozen=True, slots=True)
class Line:
    """One application of a list, in words."""

    id: str
    href: str
    name: str
    procedure: str
    status_of_residence: str
    receipt_number: str
    status: str
    due_on: str
    stay_end: str
    fee_yen: int | None
    updated_at: str
    procedure_code: str
    status_code: str
    special_period_end: str
    is_draft: bool
    is_open: bool
    is_over: bool


def lines_of(items: Sequence[Mapping[str, Any]], lang: Lang, below: str = "") -> list[Line]:
    """Applications of the service's answer, in words. Each leads to its page, or to the page `below` that."""
    return [
        Line(
            id=item["id"],
            href=f"{APPLICATIONS}/{item['id']}{below}",
            name=item["applicant_name"] or "",
            procedure=procedure_name(item["procedure"], lang),
            status_of_residence=status_name(item["status_of_residence"], lang),
            receipt_number=item["receipt_number"] or "",
            status=item["status"],
            due_on=item["due_on"] or "",
            stay_end=item["stay_until"] or item["stay_expiry"] or "",
            fee_yen=item["fee_yen"],
            updated_at=item["updated_at"],
            procedure_code=item["procedure"],
            status_code=item["status_of_residence"],
            special_period_end=item["special_period_end"] or "",
            is_draft=is_draft(item),
            is_open=is_open(item),
            is_over=is_over(item),
        )
        for item in items
    ]
