"""A filer, an application of an invented person, and its files, for the tests of this service."""

import json
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx

from services.application.forms.extend.n import EXTEND_N
from shared.auth import Actor, Role
from shared.clock import Clock, legal_date
from shared.events.document import DocumentAccepted
from shared.events.registration import AccountActivated, OrganisationCategoryChanged
from shared.events.review import ReviewCompleted, ReviewEvent, ReviewStarted
from shared.ids import new_id
from tests.support.service import RunningService
from tests.support.tokens import bearer, person

DECLARED = {"declarations": {"intent_confirmed": True, "truth_confirmed": True}}
_IN_ONE_FILE = 20
CAT3_DOCUMENTS = ("CAT_PROOF", "ACTIVITY", "REP_DECL", "RES_TAX")


def complete_form(today: date, card: str = "AB12345678CD", **changes: Any) -> dict[str, Any]:
    """A form that lacks nothing on `today`; the stay ends in 60 days."""
    form = deepcopy(dict(EXTEND_N.example))
    form["stay_expiry"] = (today + timedelta(days=60)).isoformat()
    form["residence_card_no"] = card
    return form | changes


@dataclass
class Filer:
    """Somebody who files at one service, and what they do there."""

    service: RunningService
    actor: Actor = field(default_factory=lambda: person(Role.ORG_STAFF, organisation=True))

    @property
    def clock(self) -> Clock:
        return self.service.clock

    @property
    def owner_id(self) -> UUID:
        assert self.actor.owner_id is not None
        return self.actor.owner_id

    async def activate(self, **changes: Any) -> None:
        """Registration tells that the account may file."""
        roles = tuple(sorted(role.value for role in self.actor.roles))
        reported = {"account_id": self.actor.id, "organisation_id": self.actor.organisation_id, "roles": roles}
        defaults = {"role": roles[0], "valid_until": None, "activated_at": self.clock.now()}
        await self.service.deliver(AccountActivated.example(**(reported | defaults | changes)))

    async def category(self, treated_as: str, valid_from: date = date(2026, 1, 1)) -> None:
        """Registration tells the organisation's category."""
        reported = {"organisation_id": self.actor.organisation_id, "category": "CAT3", "treated_as": treated_as}
        await self.service.deliver(OrganisationCategoryChanged.example(**reported, valid_from=valid_from))

    async def file(self, kind: str = "pdf", **changes: Any) -> str:
        """A checked file of the owner."""
        document_id = new_id()
        reported = {"document_id": document_id, "owner_id": self.owner_id, "kind": kind, "application_id": None}
        reported |= {"codes": ("OTHER",), "size": 1000, "accepted_at": self.clock.now()}
        await self.service.deliver(DocumentAccepted.example(**(reported | changes)))
        return str(document_id)

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = bearer(self.actor, self.clock) | {"Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.service.client.request(method, f"/v1/applications{path}", json=body, headers=sent)

    async def get(self, path: str = "") -> Any:
        answer = await self.request("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, key: str | None = None) -> httpx.Response:
        return await self.request("POST", path, body, Idempotency_Key=key or str(new_id()))

    async def put(self, path: str, body: Any, revision: int) -> httpx.Response:
        return await self.request("PUT", path, body, If_Match=f'"{revision}"')

    async def patch(self, application_id: str, body: Any, revision: int | None, **headers: str) -> httpx.Response:
        """A merge patch of a draft that was read in `revision`."""
        sent = bearer(self.actor, self.clock) | {
            "Accept-Language": "en",
            "Content-Type": "application/merge-patch+json",
        }
        sent |= {} if revision is None else {"If-Match": f'"{revision}"'}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, str) else json.dumps(body)
        return await self.service.client.patch(f"/v1/applications/{application_id}", content=content, headers=sent)

    def colleague(self) -> "Filer":
        """Somebody else of the same organisation, with the same role."""
        return Filer(self.service, replace(self.actor, id=new_id(), session_id=new_id()))

    def draft(self, **changes: Any) -> dict[str, Any]:
        """The body that begins a draft of a complete form."""
        body = {
            "procedure": "EXTEND",
            "status_of_residence": "ENG_HUM_INT",
            "form": complete_form(legal_date(self.clock.now())),
            "notify": {"email": "an.nguyen@example.com", "language": "en"},
        }
        return body | changes

    async def begin(self, **changes: Any) -> str:
        answer = await self.post("", self.draft(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def attach(self, application_id: str, codes: tuple[str, ...] = CAT3_DOCUMENTS) -> None:
        """One photo, and one PDF for as many documents as one may hold."""
        photo = await self.file("photo")
        parts = [codes[first : first + _IN_ONE_FILE] for first in range(0, len(codes), _IN_ONE_FILE)]
        documents = [{"document_id": await self.file(), "codes": list(part)} for part in parts]
        revision = (await self.get(f"/{application_id}"))["revision"]
        body = {"photo_id": photo, "documents": documents}
        answer = await self.put(f"/{application_id}/documents", body, revision)
        assert answer.status_code == 200, answer.text

    async def ready(self, **changes: Any) -> str:
        """A draft that can be filed."""
        await self.activate()
        application_id = await self.begin(**changes)
        await self.attach(application_id)
        return application_id

    async def submit(self, application_id: str, key: str | None = None) -> httpx.Response:
        return await self.post(f"/{application_id}/submit", DECLARED, key)

    async def filed(self, **changes: Any) -> str:
        """An application that was filed."""
        application_id = await self.ready(**changes)
        answer = await self.submit(application_id)
        assert answer.status_code == 200, answer.text
        return application_id

    async def review(self, event: type[ReviewEvent], application_id: str, **changes: Any) -> None:
        """Review tells something of an application."""
        reported = {"application_id": application_id, "account_id": self.actor.id}
        await self.service.deliver(event.example(**(reported | changes)))

    async def granted(self) -> str:
        """A filed application that review has granted."""
        application_id = await self.filed()
        await self.review(ReviewStarted, application_id)
        await self.review(ReviewCompleted, application_id)
        return application_id


def codes(answer: httpx.Response) -> list[str]:
    """The codes of the field problems."""
    return [error["code"] for error in answer.json()["errors"]]


def pointers(answer: httpx.Response) -> list[str]:
    """Pointers of the field problems."""
    return [error["pointer"] for error in answer.json()["errors"]]
