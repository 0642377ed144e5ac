"""A real identity provider on loopback, and people who go there and come back, for the tests of this service."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from deploy.local.identity_provider.app import Client, Grant, Provider, create_app, new_key
from deploy.local.identity_provider.people import FOREIGNER, KnownPerson
from shared.clock import ManualClock
from shared.events.registration import UsageRegistrationApproved
from shared.outgoing import http_client
from tests.services.registration.site import RegistrationClient
from tests.support.forwarded import forwarded
from tests.support.keys import unsealed
from tests.support.service import running
from tests.support.web import free_port, serving

CLIENT = Client("zairyu", "a secret of the site & its provider", "http://127.0.0.1:8000/identity/callback")
KEY = new_key()  # making one takes longer than most tests
SELF = {
    "role": "self",
    "email": "an.nguyen@example.com",
    "phone": "0312345678",
    "language": "en",
    "prefecture": "13",
    "terms_accepted": True,
}
PROFESSIONAL = {
    "kind": "administrative_scrivener",
    "registration_number": "12345678",
    "certificate_number": "(東)行26第123号",
    "certificate_valid_until": "2028-03-31",
    "office_name": "見本行政書士事務所",
    "office_address": "東京都千代田区霞が関1-1-1",
    "office_postal_code": "100-0013",
}
CHILD = {"name": "NGUYEN LINH", "birth_date": "2014-06-30"}


def form(role: str, **changes: Any) -> dict[str, Any]:
    """The complete form of a person of that class."""
    own: dict[str, Any] = {
        "self": {},
        "lawyer_scrivener": {"documents": ["UA_NOTICE_CERT"], "professional": PROFESSIONAL},
        "legal_rep": {
            "documents": ["UA_REPRESENTATION"],
            "representation": {"kind": "parent", "people": [CHILD]},
        },
        "relative": {
            "documents": ["UA_KINSHIP"],
            "representation": {"kind": "mother", "people": [CHILD]},
        },
    }[role]
    return SELF | own | {"role": role} | changes


CHECKLIST = {
    "lawyer_scrivener": {"notice_certificate": True},
    "legal_rep": {"representation_proved": True},
    "relative": {"kinship_proved": True, "inability_proved": True},
}


class Wayward(Provider):
    """A provider that can be made to say and sign what it should not."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.said: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] | None = None

    def claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        return super().claims(grant, access_token) | self.said

    def id_token(self, claims: dict[str, Any]) -> str:
        return super().id_token(claims) if self.sign is None else self.sign(claims)


@dataclass
class IdentitySite(RegistrationClient):
    """The registration service with an identity provider."""

    provider: Wayward = field(kw_only=True)

    async def ask(
        self, browser: str, purpose: str = "sign-in", headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Begin, as the gateway does for a browser."""
        body = {"purpose": purpose, "browser_secret": browser, **more}
        return await self.post("/v1/identity-requests", body, headers=headers)

    async def choose(self, url: str, person: KnownPerson | None) -> dict[str, str]:
        """Go to the provider, choose who one is (None: break off), and what it sends back."""
        site = urlsplit(url)
        async with http_client() as browser:
            page = await browser.get(url)
            assert page.status_code == 200, page.text
            chosen = await browser.post(
                f"{site.scheme}://{site.netloc}/choose?{site.query}",
                data={"subject": person.subject if person else ""},
            )
        assert chosen.status_code == 303, chosen.text
        target = urlsplit(chosen.headers["location"])
        assert f"{target.scheme}://{target.netloc}{target.path}" == self.provider.client.redirect_uri
        return dict(parse_qsl(target.query))

    async def finish(
        self, browser: str, answer: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Come back, as the gateway does for a browser."""
        sent = forwarded("203.0.113.5") | (headers or {})
        return await self.post("/v1/identity-requests/finish", {"browser_secret": browser} | answer, headers=sent)

    async def prove(
        self,
        purpose: str = "sign-in",
        person: KnownPerson | None = FOREIGNER,
        headers: dict[str, str] | None = None,
        back: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The whole way there and back. `back` are further headers of the way back."""
        browser = secrets.token_urlsafe(32)
        begun = await self.ask(browser, purpose, headers)
        assert begun.status_code == 200, begun.text
        return await self.finish(browser, await self.choose(begun.json()["authorization_url"], person), back)

    async def ticket(self, person: KnownPerson = FOREIGNER) -> str:
        """A ticket of `person`."""
        answer = await self.prove("register", person)
        assert answer.status_code == 200, answer.text
        assert answer.json()["outcome"] == "ticket"
        ticket: str = answer.json()["ticket"]
        return ticket

    async def register(self, body: dict[str, Any], person: KnownPerson = FOREIGNER) -> httpx.Response:
        """Prove who one is, and register."""
        return await self.post("/v1/personal-registrations", {"ticket": await self.ticket(person)} | body)

    async def confirm(self) -> httpx.Response:
        """Use the last link that went out, without a password."""
        approved = (await self.events(UsageRegistrationApproved))[-1]
        token = unsealed(approved.sealed_link).rpartition("/")[2]
        return await self.post(f"/v1/password-links/{token}/confirm")

    async def registered(
        self, role: str, person: KnownPerson = FOREIGNER, *, approver: str = "approver.tyo", **changes: Any
    ) -> None:
        """Somebody of that class who was approved where an officer is asked, and confirmed their address."""
        made = await self.register(form(role, **changes), person)
        assert made.status_code == 201, made.text
        if role != "self":
            officer = await self.officer(login_id=approver)
            body = {"requirements": CHECKLIST[role]}
            answer = await self.decide(made.json()["id"], "approve", body, officer)
            assert answer.status_code == 200, answer.text
        answer = await self.confirm()
        assert answer.status_code == 200, answer.text

    async def signed_in_by_identity(self, person: KnownPerson = FOREIGNER) -> dict[str, Any]:
        """The session that signing in at the provider begins."""
        answer = await self.prove("sign-in", person)
        assert answer.status_code == 200, answer.text
        assert answer.json()["outcome"] == "signed-in", answer.text
        session: dict[str, Any] = answer.json()["session"]
        return session


@asynccontextmanager
async def identity_site(
    database: Any, clock: ManualClock, client: Client = CLIENT, **settings: Any
) -> AsyncIterator[IdentitySite]:
    """The service and its provider, both running."""
    port = free_port()
    provider = Wayward(f"http://127.0.0.1:{port}", client, clock.now, key=KEY)
    settings = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT.id,
        "oidc_client_secret": CLIENT.secret,
    } | settings
    async with (
        serving(create_app(provider), port),
        running("registration", database, clock=clock, **settings) as service,
    ):
        yield IdentitySite(service, clock, provider=provider)
