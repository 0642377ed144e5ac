"""HTTP client for the services behind pages, with or without a session."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from services.gateway.edge.caller import browser_headers, caller_of
from services.gateway.edge.context import Gateway
from services.gateway.edge.headers import decode_value
from services.gateway.edge.relayed import Relayed
from services.gateway.edge.upstream import Reply, ServiceDown, read_reply
from services.gateway.pages.kit.forms import Form, FormErrors, Message, messages_from_problem
from services.gateway.texts import PAGES
from shared.auth import SessionEnded
from shared.errors import Forbidden, NotFound
from shared.http import Lang
from shared.ids import new_id


class StepUpRequired(Forbidden):
    """The action needs a recent proof of identity: pages lead to the step-up page and back."""

    code = "step-up-required"


class EnrolmentRequired(Forbidden):
    """An officer without a second factor: pages lead to where one is set up."""

    code = "enrolment-required"


class Gone(NotFound):
    """The page's subject does not exist (any more), or is another account's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer; `body` is JSON."""

    status: int
    body: Any
    retry_after: int | None = None

    @classmethod
    def of(cls, answer: Reply, shown: Container[str] = ()) -> "Answer":
        """Raises `ServiceDown` for the service's own failures, unless the code is in `shown`."""
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

    def form_errors(self, lang: Lang, field_of: Mapping[str, str] | None = None) -> FormErrors | None:
        """The mistakes to show at the form; None where all went well."""
        if self.ok:
            return None
        if self.status == 429:
            return FormErrors(429, (Message(wait_text(self.retry_after, lang)),))
        # 401 belongs to the API's tokens: a page that was not taken is answered like any other mistake.
        return FormErrors(
            422 if self.status == 401 else self.status, tuple(messages_from_problem(self.body, field_of or {}))
        )


def wait_text(seconds: int | None, lang: Lang) -> str:
    """The text on the time to wait, in seconds or minutes."""
    texts = PAGES[lang]["client"]
    if seconds is None:
        return texts["wait_a_little"]
    if seconds < 90:
        return texts["wait_seconds"].format(seconds=seconds)
    return texts["wait_minutes"].format(minutes=-(-seconds // 60))


@dataclass(frozen=True, slots=True)
class Session:
    """The browser for which services are called: as its session (`token`, and the `secret` it was granted for), with
    the token of a record for its files (`of_record`), or anonymously."""

    request: Request
    gateway: Gateway
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

        Raises `SessionEnded`, `StepUpRequired` and `EnrolmentRequired` for a session that has ended, is not fresh, or
        has no second factor; `Gone`, and `ServiceDown`. A problem with a code of `shown` is answered: the page says it.
        """
        upstreams = self.session.gateway.upstreams
        reply = await upstreams.call(
            self.service, method, path, json=json, headers=self._headers(method) | dict(headers or {})
        )
        return self._checked(Answer.of(reply, shown), method, path, shown)

    async def delete(self, path: str, form: Form) -> Answer:
        """The answer to a deletion, raised like that of `call`. Pressing twice deletes once and both presses see
        the same: the form brings the key of its request."""
        return await self.call("DELETE", path, headers={"Idempotency-Key": str(form.key)})

    async def fetch(self, path: str) -> Answer:
        """The answer that a page cannot be shown without. Raises `Forbidden` where the session may not see it."""
        answer = await self.call("GET", path)
        if not answer.ok:
            raise Forbidden()
        return answer

    async def file(self, path: str, *shown: str) -> Reply | None:
        """A file of the service, read whole; None where it is refused with a code of `shown`. Raises like `fetch`."""
        reply = await self.session.gateway.upstreams.call(self.service, "GET", path, headers=self._headers("GET"))
        answer = self._checked(Answer.of(reply), "GET", path, shown)
        if answer.code in shown:
            return None
        if not answer.ok:
            raise Forbidden()
        return reply

    async def file_for(self, path: str, json: object) -> "Reply | Answer":
        """A file that is asked for with a body, read whole; else the answer that refuses it."""
        upstreams, headers = self.session.gateway.upstreams, self._headers("POST")
        reply = await upstreams.call(self.service, "POST", path, json=json, headers=headers)
        return reply if reply.status_code < 400 else Answer.of(reply)

    async def download(self, path: str, *shown: str) -> Relayed | None:
        """A file of any size, passed on while it arrives; None where it is refused with a code of `shown`. Raises like
        `fetch`."""
        answer = await self.session.gateway.upstreams.send(
            self.service, "GET", path, headers=self._headers("GET"), lane="files"
        )
        if answer.status < 400:
            return Relayed(answer)
        refused = self._checked(Answer.of(await read_reply(answer)), "GET", path, shown)
        if refused.code in shown:
            return None
        raise Forbidden()

    async def forward(self, path: str, key: str = "") -> Answer:
        """The answer to the browser's own body, which is passed on while it arrives; `key` is that of the request, so
        that sending twice does it once. Raises `ServiceDown`."""
        request, gateway = self.session.request, self.session.gateway
        kept = ("content-type", "content-length")
        passed = {
            name: decode_value(request.headers[name].encode("latin-1")) for name in kept if name in request.headers
        }
        headers = self._headers("POST") | passed | ({"Idempotency-Key": key} if key else {})
        with gateway.files.one(caller_of(request).address):
            answer = await gateway.upstreams.send(
                self.service, "POST", path, headers=headers, body=request.stream(), lane="files"
            )
            return Answer.of(await read_reply(answer))

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
            raise StepUpRequired()
        if answer.code == "enrolment-required":
            raise EnrolmentRequired()
        if answer.status == 404:
            raise Gone()
        if session.secret is not None:
            session.gateway.seen(session.secret, method, path, answer.status)
        return answer
