"""Registration, asked for a page: as the session of this browser, or as nobody."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from services.gateway.edge.context import Desk, browser_headers
from services.gateway.edge.upstream import Reply, ServiceDown
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
    """What registration said; `body` is JSON's."""

    status: int
    body: Any
    retry_after: int | None = None

    @classmethod
    def of(cls, answer: Reply, shown: Container[str] = ()) -> "Answer":
        """Raises `ServiceDown` for what is registration's own trouble, unless its code is in `shown`."""
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


async def ask(
    request: Request,
    desk: Desk,
    lang: Lang,
    method: str,
    path: str,
    json: object = None,
    *,
    token: str | None = None,
    more: Mapping[str, str] | None = None,
    shown: Container[str] = (),
) -> Answer:
    """Call registration; with `token` as the session it belongs to, and with `more` headers.

    Raises `SessionEnded` and `ProveAgain` for a session that is over or not fresh, `Gone`, and `ServiceDown`, but not
    for a problem whose code is in `shown`: the page says that itself.
    """
    headers = browser_headers(request, lang)
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    headers |= more or {}
    if method != "GET":
        headers["Idempotency-Key"] = str(new_id())
    answer = Answer.of(await desk.upstreams.call("registration", method, path, json=json, headers=headers), shown)
    if token is None or answer.code in shown:
        return answer
    if answer.status == 401 and answer.code in ("unauthenticated", "session-ended"):
        raise SessionEnded()
    if answer.code == "step-up-required":
        raise ProveAgain()
    if answer.code == "enrolment-required":
        raise EnrolFirst()
    if answer.status == 404:
        raise Gone()
    return answer
