"""Templates of forms as XLSX and CSV, empty or filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row that stands in a template already: normalised `form` values as an application has them."""

    key: str
    form: Mapping[str, Any]
    same_as_last: bool = False
    notify_email: str | None = None
    notify_language: str | None = None


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet of a template: a form, the status for which it is filed, and the rows that stand there already."""

    version: str
    status: str
    activity: str | None = None
    combined_with: tuple[str, ...] = ()
    rows: Sequence[FilledRow] = field(default_factory=tuple)


def template_xlsx(plans: Sequence[SheetPlan], language: Language) -> bytes:
    """A workbook with a sheet for each plan. Raises LookupError where there is no such form."""
    raise NotImplementedError


def template_csv(plan: SheetPlan, language: Language) -> bytes:
    """The same sheet as CSV: UTF-8 with byte order mark, commas, CRLF. Raises LookupError as above."""
    raise NotImplementedError


def plan_for(procedure: str, status: str, today: date, activity: str | None = None) -> SheetPlan | None:
    """The plan with the form that is offered today; None where none is."""
    raise NotImplementedError
