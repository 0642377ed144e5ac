"""HTTP client for the services behind pages, with or without a session."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from services.gateway.edge.context import Desk, browser_headers, client_address
from services.gateway.edge.headers import as_sent
from services.gateway.edge.upstream import Reply, ServiceDown, whole
from services.gateway.pages.kit.forms import Message, Trouble, placed
from services.gateway.texts import PAGES
from shared.auth import SessionEnded
from shared.errors import Forbidden, NotFound
from shared.http import Lang
from shared.ids import new_id


class ProveAgain(Forbidden):
    """The act needs a fresh proof of who is signed in: pages lead to the step-up page and back."""

    code = "step-up-required"


class EnrolFirst(Forbidden):
    """An officer without a second factor: pages lead to where one is set up."""

    code = "enrolment-required"


class Gone(NotFound):
    """What the page is about is not there (any more), or not theirs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer; `body` is JSON."""

    status: int
    body: Any
    retry_after: int | None = None

    @classmethod
    def of(cls, answer: Reply, shown: Container[str] = ()) -> "Answer":
        """Raises `ServiceDown` for what is the service's own trouble, unless its code is in `shown`."""
        body = answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else {}
        if answer.status_code >= 500 and body.get("code") not in shown:
            raise ServiceDown()
        wait = answer.headers.get("retry-after", "")
        return cls(answer.status_code, body, int(wait) if wait.isdecimal() else None)

    @property
    def ok(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        """The problem's code; none where all went well."""
        return "" if self.ok else str(self.body.get("code", ""))

    def trouble(self, lang: Lang, field_of: Mapping[str, str] | None = None) -> Trouble | None:
        """What to tell beside the form; None where all went well."""
        if self.ok:
            return None
        if self.status == 429:
            return Trouble(429, (Message(waiting(self.retry_after, lang)),))
        # 401 belongs to the API's tokens: a page that was not taken is answered like any other mistake.
        return Trouble(422 if self.status == 401 else self.status, tuple(placed(self.body, field_of or {})))


def waiting(seconds: int | None, lang: Lang) -> str:
    """How long to wait, in seconds or minutes."""
    texts = PAGES[lang]["client"]
    if seconds is None:
        return texts["wait_a_little"]
    if seconds < 90:
        return texts["wait_seconds"].format(seconds=seconds)
    return texts["wait_minutes"].format(minutes=-(-seconds // 60))


@dataclass(frozen=True, slots=True)
class Session:
    """The browser for which services are called: as its session (`token`, and `secret` that it was granted for), with
    the token of a record whose files are asked for (`of_record`), or as nobody."""

    request: Request
    desk: Desk
    lang: Lang
    token: str | None = None
    secret: str | None = None
    of_record: bool = False


class ServiceClient:
    """HTTP client for one service, with or without a session."""

    def __init__(self, service: str, session: Session) -> None:
        self.service = service
        self.session = session

    async def call(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        shown: Container[str] = (),
    ) -> Answer:
        """The service's answer.

        Raises `SessionEnded`, `ProveAgain` and `EnrolFirst` for a session that is over, not fresh or without a second
        factor, `Gone`, and `ServiceDown`, but not for a problem whose code is in `shown`: the page says that itself.
        """
        upstreams = self.session.desk.upstreams
        reply = await upstreams.call(
            self.service, method, path, json=json, headers=self._headers(method) | dict(headers or {})
        )
        return self._checked(Answer.of(reply, shown), method, path, shown)

    async def fetch(self, path: str) -> Answer:
        """The answer that a page cannot be shown without. Raises `Forbidden` where the session may not see it."""
        answer = await self.call("GET", path)
        if not answer.ok:
            raise Forbidden()
        return answer

    async def forward(self, path: str) -> Answer:
        """The answer to the browser's own body, which is passed on while it arrives. Raises `ServiceDown`."""
        request, desk = self.session.request, self.session.desk
        kept = ("content-type", "content-length")
        passed = {name: as_sent(request.headers[name].encode("latin-1")) for name in kept if name in request.headers}
        headers = self._headers("POST") | passed
        with desk.files.one(client_address(request)):
            answer = await desk.upstreams.send(
                self.service, "POST", path, headers=headers, body=request.stream(), lane="files"
            )
            return Answer.of(await whole(answer))

    def _headers(self, method: str) -> dict[str, str]:
        headers = browser_headers(self.session.request, self.session.lang)
        if self.session.token is not None:
            headers["Authorization"] = f"Bearer {self.session.token}"
        if method != "GET":
            headers["Idempotency-Key"] = str(new_id())
        return headers

    def _checked(self, answer: Answer, method: str, path: str, shown: Container[str]) -> Answer:
        session = self.session
        if session.token is None or session.of_record or answer.code in shown:
            return answer
        if answer.status == 401 and answer.code in ("unauthenticated", "session-ended"):
            raise SessionEnded()
        if answer.code == "step-up-required":
            raise ProveAgain()
        if answer.code == "enrolment-required":
            raise EnrolFirst()
        if answer.status == 404:
            raise Gone()
        if session.secret is not None:
            session.desk.seen(session.secret, method, path, answer.status)
        return answer
