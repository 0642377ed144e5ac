"""A case as the pages of officers show it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.gateway.pages.desk.queue import CASES, TONES, named_officer, officer_names
from services.gateway.pages.kit.client import Answer, Gone
from services.gateway.pages.kit.names import case_state_name, procedure_name, status_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from shared.clock import legal_date
from shared.errors import Forbidden
from shared.http import Lang
from shared.reference.periods import period_name

PATH = f"{CASES}/{{case_id:uuid}}"


@dataclass(frozen=True, slots=True)
class ShownCase:
    """`view` is the case as the review service shows it, `names` those of the officers of its reader's office; `file`
    is everything that the service knows of it, where it was read as a whole."""

    visitor: Visitor
    view: Mapping[str, Any]
    names: Mapping[str, str]
    file: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def path(self) -> str:
        return f"{CASES}/{self.id}"

    @property
    def lang(self) -> Lang:
        return self.visitor.lang

    @property
    def number(self) -> str:
        """The receipt number."""
        return str(self.view["receipt_number"])

    @property
    def procedure(self) -> str:
        return procedure_name(self.view["procedure"], self.lang)

    @property
    def status_of_residence(self) -> str:
        return status_name(self.view["status_of_residence"], self.lang)

    @property
    def state(self) -> str:
        return case_state_name(self.view["state"], self.lang, self.view["procedure"])

    @property
    def tone(self) -> str:
        return TONES[self.view["state"]]

    @property
    def age(self) -> int:
        """The days since it was filed, up to its end where it has one."""
        closed = list(TONES).index(self.view["state"]) >= list(TONES).index("DELIVERED")
        until = datetime.fromisoformat(self.view["state_since"]) if closed else self.visitor.gateway.clock.now()
        return (legal_date(until) - legal_date(datetime.fromisoformat(self.view["submitted_at"]))).days

    @property
    def is_overdue(self) -> bool:
        """Whether requested documents did not come by their day."""
        due = self.view["documents_due"]
        return due is not None and date.fromisoformat(due) < self.visitor.today

    @property
    def proposal(self) -> Mapping[str, Any] | None:
        """The proposal that waits for its decision."""
        return next((one for one in self.view["proposals"] if one["approved"] is None), None)

    @property
    def waiting_correction(self) -> Mapping[str, Any] | None:
        """The correction that waits for the examiner's answer."""
        asked = (one for one in self.view["corrections"] if one["requested_at"] and one["agreed"] is None)
        return next(asked, None)

    @property
    def waiting_more_time(self) -> Mapping[str, Any] | None:
        """The request for more time that waits for the examiner's answer."""
        asked = (one for one in self.view["more_time"] if one["agreed"] is None and one["lapsed_at"] is None)
        return next(asked, None)

    @property
    def interview(self) -> Mapping[str, Any] | None:
        """The interview or visit that the case is on hold for."""
        on_hold = self.view["state"] == "ON_HOLD_INTERVIEW"
        return self.view["interviews"][-1] if on_hold and self.view["interviews"] else None

    @property
    def unresolved(self) -> list[Mapping[str, Any]]:
        """The other cases of the person about which nothing is recorded."""
        return [one for one in self.view["same_person"] if one["resolved"] is None]

    def officer(self, officer_id: str | None) -> str:
        """The name of an officer; "" for nobody."""
        return named_officer(officer_id, self.names, self.visitor)

    def period(self, code: str | None) -> str:
        """A period of stay in words; "" for none."""
        return say(period_name(code), self.lang) if code else ""

    async def of_application(self, name: str = "") -> Any:
        """The answer of the application service under `name`; None for officers who see cases and no forms."""
        return await optional(self.visitor, "application", f"/v1/applications/{self.view['application_id']}{name}")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that its page needs of the review service."""

    case: ShownCase
    timeline: Sequence[Mapping[str, Any]]
    checklist: Sequence[Mapping[str, Any]]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]


async def read_case_file(visitor: Visitor, case_id: UUID) -> CaseFile:
    """The whole file of a case that the visitor sees, in one answer. Raises like `read_case`."""
    case = await read_whole_case(visitor, case_id)
    return CaseFile(case, case.file["timeline"]["entries"], case.file["checklist"], case.file["lists"])


async def read_whole_case(visitor: Visitor, case_id: UUID) -> ShownCase:
    """A case with its file. Raises like `read_case`."""
    file, names = await _found(visitor, f"/v1/cases/{case_id}/file")
    return ShownCase(visitor, file["case"], names, file)


async def read_case(visitor: Visitor, case_id: UUID) -> ShownCase:
    """A case that the visitor sees. Raises `Gone` for any other, and `Forbidden` for who sees none."""
    return ShownCase(visitor, *await _found(visitor, f"/v1/cases/{case_id}"))


async def _found(visitor: Visitor, path: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The answer of review, and the names of the officers of the visitor's office."""
    if not visitor.sees_cases:
        raise Forbidden()
    found, names = await asyncio.gather(visitor.service("review").fetch(path), officer_names(visitor))
    return found.body, names


async def optional(visitor: Visitor, service: str, path: str) -> Any:
    """The body of an answer; None where the visitor may not see it, or it is gone."""
    try:
        answer: Answer = await visitor.service(service).call("GET", path)
    except Gone:
        return None
    return answer.body if answer.ok else None
