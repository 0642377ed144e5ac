"""API clients and what they do at the registration service, over HTTP."""

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt

from shared.events.registration import CredentialChanged
from tests.services.registration.site import Person, RegistrationClient
from tests.support.forwarded import forwarded

CLIENTS = "/v1/accounts/me/clients"
AUTHORIZATIONS = "/v1/accounts/me/authorizations"
CALLBACK = "https://vendor.example/callback?from=zairyu"
VERIFIER = "a-verifier-that-nobody-guesses-0123456789-abcdefg"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PLACE = "203.0.113.5"


def client_input(**changes: Any) -> dict[str, Any]:
    """The body of a client that reads and writes applications and asks people."""
    body: dict[str, Any] = {
        "name": "人事システム連携",
        "scopes": ["application:read", "application:write"],
        "redirect_uris": [CALLBACK],
    }
    return body | changes


@dataclass
class Vendor:
    """A holder of a client's id and secret."""

    site: RegistrationClient
    client_id: str
    secret: str

    async def ask(self, path: str, form: dict[str, str], address: str = PLACE) -> httpx.Response:
        """A form with the client's id and secret, in the way that its kind allows."""
        shown = b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {shown}"} | forwarded(address)
        return await self.site.service.client.post(path, data=form, headers=headers)

    async def token(self, address: str = PLACE, **form: str) -> httpx.Response:
        """Client credentials, unless another grant is named."""
        return await self.ask("/oauth/token", {"grant_type": "client_credentials"} | form, address)

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        form = {"code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER} | changes
        return await self.token(grant_type="authorization_code", **form)

    async def refresh(self, refresh_token: str, **form: str) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=refresh_token, **form)

    def request(self, **changes: Any) -> dict[str, Any]:
        """The request of the system to a person."""
        body: dict[str, Any] = {
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "application:read",
            "state": "a state&b",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return body | changes

    async def code(self, headers: dict[str, str], **changes: Any) -> str:
        """A code, as a person who agrees gives it."""
        answer = await self.site.post(AUTHORIZATIONS, self.request(**changes), headers=headers)
        assert answer.status_code == 200, answer.text
        return came_back(answer.json()["redirect_to"])["code"]

    async def family(self, headers: dict[str, str], **changes: Any) -> dict[str, Any]:
        """The first tokens of a person who agreed."""
        answer = await self.redeem(await self.code(headers, **changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens


async def vendor(site: RegistrationClient, headers: dict[str, str], **changes: Any) -> Vendor:
    """A client that somebody who is signed in lets in."""
    answer = await site.post(CLIENTS, client_input(**changes), headers=headers)
    assert answer.status_code == 201, answer.text
    return Vendor(site, answer.json()["id"], answer.json()["client_secret"])


def claims(answer: httpx.Response) -> dict[str, Any]:
    """The claims of an access token."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    return found


def came_back(url: str) -> dict[str, str]:
    """The answer in the address that a browser is sent back to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and error of RFC 6749."""
    return answer.status_code, answer.json()["error"]


async def changes_reported(site: RegistrationClient) -> list[str]:
    """The notices to owners about their credentials."""
    return [event.change for event in await site.events(CredentialChanged)]


async def somebody_elsewhere(site: RegistrationClient, officer: dict[str, str]) -> Person:
    """A person of another organisation."""
    return await site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
    )
