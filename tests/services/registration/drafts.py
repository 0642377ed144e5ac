"""Somebody who writes a usage registration with nothing but a mail address."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.events.registration_drafts import UsageRegistrationDraftExpiring, UsageRegistrationDraftLinkSent
from tests.services.registration.site import RegistrationClient, submission
from tests.support.keys import unsealed

DRAFTS = "/v1/usage-registration-drafts"
EMAIL = "hanako@example.co.jp"


@dataclass
class Writer:
    """A draft's id and a key to it, as a page takes them from the mailed link."""

    site: RegistrationClient
    id: str
    key: str

    @property
    def header(self) -> dict[str, str]:
        return {"X-Draft-Key": self.key, "Accept-Language": "en"}

    def path(self, more: str = "") -> str:
        return f"{DRAFTS}/{self.id}{more}"

    async def read(self) -> httpx.Response:
        return await self.site.get(self.path(), self.header)

    async def save(self, content: Any, etag: str | None = None) -> httpx.Response:
        """Save over what is there, or over the version of that ETag."""
        headers = self.header | {"If-Match": etag or (await self.read()).headers["etag"]}
        return await self.site.service.client.put(self.path(), json=content, headers=headers)

    async def submit(self, key: str | None = None) -> httpx.Response:
        return await self.site.post(self.path("/submit"), headers=self.header, key=key)

    async def check(self) -> dict[str, Any]:
        answer = await self.site.get(self.path("/check"), self.header)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def upload_token(self) -> str:
        answer = await self.site.post(self.path("/upload-token"), headers=self.header)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token


async def links(site: RegistrationClient) -> list[Writer]:
    """Everybody who got a link, in order."""
    kinds = (UsageRegistrationDraftLinkSent, UsageRegistrationDraftExpiring)
    sent = [event for event in await site.service.events() if isinstance(event, kinds)]
    places = [unsealed(event.sealed_link).rpartition("/")[2] for event in sent]
    return [Writer(site, *place.split(".")) for place in places if "." in place]


async def begun(site: RegistrationClient, email: str = EMAIL, **more: Any) -> Writer:
    """A person who has asked for a draft, and opened the link in the mail."""
    answer = await site.post(DRAFTS, {"email": email, **more})
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted", "link_days": 30}), answer.text
    await site.work_timers()
    return (await links(site))[-1]


def complete(**changes: Any) -> dict[str, Any]:
    """A form that lacks nothing; the mail address is known already."""
    body = submission(**changes)
    body["applicant"] = {name: value for name, value in body["applicant"].items() if name != "email"}
    return body


def points(body: dict[str, Any]) -> set[tuple[str, str]]:
    """The pointers of missing or wrong fields."""
    return {(problem["pointer"], problem["code"]) for problem in body["problems"]}
