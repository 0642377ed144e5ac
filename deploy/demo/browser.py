"""A person at the gateway: cookie, CSRF token and idempotency keys as a browser page would send them."""

import json
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pyotp

from deploy.demo.problems import StepFailed
from deploy.demo.waiting import PATIENCE, until


class Browser:
    """One person's session. Answers other than the expected raise `StepFailed` with the problem's own words."""

    def __init__(self, gateway_url: str, person: str) -> None:
        self.person = person
        self._origin = gateway_url
        # Given up before the gateway does: a connection that both sides end at one moment loses a request.
        limits = httpx.Limits(keepalive_expiry=2)
        self._client = httpx.AsyncClient(
            base_url=gateway_url, timeout=PATIENCE, headers={"Accept-Language": "en"}, limits=limits
        )
        self._csrf = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def sign_in(self, login_id: str, password: str, one_time_secret: str | None = None) -> None:
        """Sign in with a password, and with the app's code where one is asked for; keep the cookie."""
        answer = await self._client.post(
            "/session", json={"login_id": login_id, "password": password}, headers={"Origin": self._origin}
        )
        if answer.status_code == 200:
            if one_time_secret is None:
                raise StepFailed(f"{login_id} is asked for a one-time code and has none")
            proof = {"challenge": answer.json()["challenge"], "code": pyotp.TOTP(one_time_secret).now()}
            answer = await self._client.post("/session/second-factor", json=proof, headers={"Origin": self._origin})
        self._csrf = _expect(answer, 201)["csrf_token"]

    async def prove_identity(self, purpose: str, subject: str) -> str:
        """Follow the link to the identity provider, choose who one is, and come back: the path that this led to."""
        away = await self._page(await self._client.get(f"/identity/start?purpose={purpose}"), 303)
        asked = urlsplit(away)
        await self._page(await self._client.get(away), 200)
        chosen = f"{asked.scheme}://{asked.netloc}/choose?{asked.query}"
        back = await self._page(await self._client.post(chosen, data={"subject": subject}), 303)
        return await self._page(await self._client.get(back), 303)

    async def submit_form(self, page: str, fields: dict[str, str]) -> str:
        """Send the form of a page of the gateway, without mistakes: the path of the page that this led to."""
        answer = await self._client.post(page, data=fields, headers={"Origin": self._origin})
        return await self._page(answer, 303)

    async def pay(self, page: str, act: str = "pay") -> None:
        """Pay on the page of the payment provider, or have something else happen there."""
        await self._page(await self._client.post(page, data={"do": act}), 200)

    async def who_am_i(self) -> dict[str, Any]:
        """The session of the cookie."""
        found = _expect(await self._client.get("/session"), 200)
        self._csrf = found["csrf_token"]
        return found

    async def open(self, path: str) -> str:
        """The text of a page of the gateway."""
        return await self._page(await self._client.get(path), 200)

    async def _page(self, answer: httpx.Response, *statuses: int) -> str:
        """A page's text, or where a redirect leads."""
        if answer.status_code not in statuses:
            raise StepFailed(f"{answer.request.url.path} answered {answer.status_code}: {answer.text[:200]}")
        return answer.headers["location"] if answer.is_redirect else answer.text

    async def get(self, path: str) -> dict[str, Any]:
        """The answer at `path` (below `/api`)."""
        return _expect(await self._client.get(f"/api{path}"), 200)

    async def events(self, path: str) -> AsyncGenerator[dict[str, Any], None]:
        """The data of each server-sent event at `path`, as it comes."""
        async with self._client.stream("GET", f"/api{path}") as answer:
            if answer.status_code != 200:
                await answer.aread()
                _expect(answer, 200)
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    async def list(self, path: str) -> list[dict[str, Any]]:
        """The list at `path`."""
        answer = await self._client.get(f"/api{path}")
        _expect(answer, 200)
        items: list[dict[str, Any]] = answer.json()
        return items

    async def find(self, path: str, what: str) -> dict[str, Any]:
        """Like `get`, but waits while another service has not received it yet."""

        async def look() -> dict[str, Any] | None:
            answer = await self._client.get(f"/api{path}")
            return None if answer.status_code == 404 else _expect(answer, 200)

        return await until(what, look)

    async def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> dict[str, Any]:
        """Send a command, with a fresh idempotency key unless one is given."""
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return _expect(await self._client.post(f"/api{path}", json=body or {}, headers=headers), 200, 201, 202)

    async def put(self, path: str, body: dict[str, Any], revision: int) -> dict[str, Any]:
        """Replace what was read as `revision`."""
        headers = self._headers() | {"If-Match": f'"{revision}"'}
        return _expect(await self._client.put(f"/api{path}", json=body, headers=headers), 200)

    async def upload(
        self, path: str, name: str, content: bytes, fields: dict[str, Any], key: str | None = None
    ) -> dict[str, Any]:
        """Send a file with form fields, with a fresh idempotency key unless one is given."""
        files = {"file": (name, content, "application/octet-stream")}
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        answer = await self._client.post(f"/api{path}", data=fields, files=files, headers=headers)
        return _expect(answer, 200, 201, 202)

    def _headers(self) -> dict[str, str]:
        headers = {"Idempotency-Key": str(uuid4()), "Origin": self._origin}
        return headers | ({"X-CSRF-Token": self._csrf} if self._csrf else {})


def _expect(answer: httpx.Response, *statuses: int) -> dict[str, Any]:
    if answer.status_code not in statuses:
        request = answer.request
        raise StepFailed(f"{request.method} {request.url.path} answered {answer.status_code}: {_words(answer)}")
    body: dict[str, Any] = answer.json()
    return body


def _words(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return answer.text[:200]
    fields = "; ".join(f"{e.get('pointer')}: {e.get('message')}" for e in problem.get("errors", []))
    return " ".join(str(part) for part in (problem.get("code"), problem.get("detail"), fields) if part)
