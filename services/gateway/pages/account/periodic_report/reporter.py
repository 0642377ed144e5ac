"""The reporter of a periodic report (定期報告): their role, what is due, and the last report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.uploads import list_unsubmitted
from services.gateway.pages.kit.visitor import Visitor
from shared.clock import legal_date
from shared.reference.usage_documents import ORGANISATION_ROLES

REPORT = "/account/periodic-report"
REPORTS = "/v1/periodic-reports"
# In the address, because a session may hold several roles, and forms with files are passed on unread.
ChosenRole = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Reporter:
    """A member of an organisation, in one role that reports. `due` and `last` are registration's answers."""

    visitor: Visitor
    role: str
    due: Mapping[str, Any]
    last: Mapping[str, Any] | None

    @property
    def today(self) -> date:
        return legal_date(self.visitor.gateway.clock.now())

    @property
    def is_over(self) -> bool:
        """Whether the registration has ended: there is nothing left that a report could prolong."""
        return self.visitor.actor.lapsed or self.today > date.fromisoformat(self.due["valid_until"])

    @property
    def is_late(self) -> bool:
        return self.today > date.fromisoformat(self.due["due_on"])

    @property
    def is_correction(self) -> bool:
        """Whether a returned report waits for its correction, be it after its term."""
        return bool(self.due["report_status"] == "returned")

    @property
    def may_report(self) -> bool:
        """Whether something can be submitted now."""
        first = self.due["is_open"] and self.due["report_status"] in (None, "rejected")
        return self.is_correction or (first and not self.is_over)

    @property
    def returned(self) -> Mapping[str, Any] | None:
        """The report that is corrected."""
        return self.last if self.is_correction else None

    async def submit(self, body: Mapping[str, Any]) -> Answer:
        """Submit the report, or the returned one again."""
        again = f"/{self.due['report_id']}/resubmit" if self.is_correction else ""
        return await self.visitor.registration.call("POST", f"{REPORTS}{again}", {"role": self.role, **body})

    async def token(self) -> str | None:
        """The token with which files are uploaded; None where registration gives none."""
        answer = await self.visitor.registration.call("POST", f"{REPORTS}/upload-token", {"role": self.role})
        return answer.body["access_token"] if answer.ok else None

    async def sent(self) -> list[dict[str, Any]]:
        """The files that go with the next submission, uploaded by any member of the organisation."""
        token = await self.token()
        return (
            await list_unsubmitted(self.visitor.request, self.visitor.gateway, self.visitor.lang, token)
            if token
            else []
        )


def reporting_roles(visitor: Visitor) -> list[str]:
    """The roles of the session that report."""
    return sorted(role.value for role in visitor.actor.roles if visitor.is_person and role.value in ORGANISATION_ROLES)


async def find_reporter(visitor: Visitor, wanted: str) -> Reporter | None:
    """None where the session does not hold the role that is `wanted`; without one, where it holds none, or several."""
    roles = [role for role in reporting_roles(visitor) if wanted in ("", role)]
    if len(roles) != 1:
        return None
    (role,) = roles
    due = (await visitor.registration.fetch(f"{REPORTS}/due?role={role}")).body
    last = due["last_report_id"]
    return Reporter(visitor, role, due, (await visitor.registration.fetch(f"{REPORTS}/{last}")).body if last else None)
