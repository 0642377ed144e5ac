"""The standing of an organisation with its periodic report (定期報告) for one role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import Text
from shared.reference.organisations import ReportWindow


class Standing(StrEnum):
    """The standing of the report of the running term."""

    NOT_YET = "not_yet"  # it cannot be submitted yet
    OPEN = "open"  # it can be, and is not due yet
    SUBMITTED = "submitted"
    OVERDUE = "overdue"
    ENDED = "ended"  # the term is over, and nothing was submitted


@dataclass(frozen=True, slots=True)
class RoleReport:
    """The report of one role, by its window."""

    role: str
    window: ReportWindow
    standing: Standing


def standing_of(window: ReportWindow, submitted_on: date | None, today: date) -> Standing:
    """The standing on a day. `submitted_on` is when the last report came in that was not rejected; one of an earlier
    term counts no more."""
    if submitted_on is not None and submitted_on >= window.opens_on:
        return Standing.SUBMITTED
    if today > window.closes_on:
        return Standing.ENDED
    if today > window.due_on:
        return Standing.OVERDUE
    return Standing.OPEN if today >= window.opens_on else Standing.NOT_YET


def overdue_reasons(reports: Sequence[RoleReport]) -> list[Text]:
    """The reports that are missing, in words."""
    found = []
    for report in reports:
        if report.standing is Standing.OVERDUE:
            due = report.window.due_on
            found.append(
                Text(
                    "定期報告の期限（{due}）を過ぎています", "The periodic report was due by {due} and is not submitted"
                ).with_values(due=due)
            )
        if report.standing is Standing.ENDED:
            last = report.window.closes_on
            found.append(
                Text(
                    "定期報告がないまま、利用申出の有効期間が{last}に終わりました",
                    "The usage registration ended on {last} without a periodic report",
                ).with_values(last=last)
            )
    return found
