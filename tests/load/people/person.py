"""One person at the gateway: cookies, CSRF tokens, idempotency keys, and an eye on what comes back.

An answer that is not what a person expects is a failure, whatever its status; the person gives the errand up then.
Each person has an address of their own, which the site believes where it counts this machine among its proxies.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, ClassVar, NoReturn, TypeVar
from uuid import uuid4

import gevent
import pyotp
from locust import FastHttpUser, task
from locust.exception import CatchResponseError, RescheduleTask, StopUser

from tests.load.people.names import name_of
from tests.load.people.page import Form, Page, Values
from tests.load.plan import Account, Plan

T = TypeVar("T")
# Nobody waits longer for what other services do.
PATIENCE = 120.0
# The connection broke off, or the gateway has nobody behind it.
_AWAY = (0, 502, 503, 504)
_NUMBERS = count(1)


class Disappointed(RescheduleTask):
    """An answer was not what the person expected: the errand ends, and the next one begins."""


class Person(FastHttpUser):
    """A person, and all that people do alike. `plan` and what is theirs alone are set by the locustfile."""

    abstract = True
    plan: ClassVar[Plan]
    think: ClassVar[tuple[float, float]] = (0.0, 0.0)
    own: ClassVar[Mapping[str, Any]] = {}
    role: ClassVar[str] = "office"
    turns: ClassVar[Iterator[int]]
    network_timeout = 300.0
    connection_timeout = 60.0

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        number = next(_NUMBERS)
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.account = self._account()
        self.csrf = ""

    def _account(self) -> Account:
        known = self.plan.accounts[self.role]
        return known[next(self.turns) % len(known)]

    @task
    def go(self) -> None:
        """Do one errand; one that came to its end stands in the tables with its time."""
        began = time.perf_counter()
        with self.surprised():
            is_done = self.errand()
        if is_done:
            self.noted("ERRAND", type(self).__name__, (time.perf_counter() - began) * 1000)

    @contextmanager
    def surprised(self) -> Iterator[None]:
        """Count a page that lacks the form a person looks for as a failure."""
        try:
            yield
        except LookupError as missing:
            self.disappointed(type(self).__name__, str(missing))

    def errand(self) -> bool:
        """Do what this person came for; False where there was nothing to do."""
        raise NotImplementedError

    def wait_time(self) -> float:
        """The pause between two errands."""
        return random.uniform(*self.think) * self.plan.thinking

    def pause(self) -> None:
        """Think; once the run is over nobody continues what they do."""
        gevent.sleep(random.uniform(*self.think) * self.plan.thinking)
        self.go_on()

    def go_on(self) -> None:
        """Stop in the middle where the run is over."""
        if self.environment.runner.state in ("stopping", "stopped", "cleanup"):
            raise StopUser

    # --- requests

    def open(self, path: str, shows: str = "", name: str = "") -> Page:
        """A page; redirects are followed. `shows` must be on it."""
        leads: str | None = path
        while leads is not None:
            path = leads
            with self._asked("GET", path, name, {"Accept": "text/html"}) as answer:
                self._expect(answer, 200, 303)
                leads = answer.headers["location"] if answer.status_code == 303 else None
                page = Page(path, answer.text or "")
                if leads is None and ("<h1" not in (answer.text or "") or shows not in page.text):
                    self._fail(answer, f"the page does not show {shows!r}: {page.text[:300]}")
        return page

    def send(
        self,
        form: Form,
        typed: Values | None = None,
        button: str = "",
        *,
        shows: str = "",
        refusals: tuple[int, ...] = (),
    ) -> Page:
        """Send a form, and open where it leads; the page itself where it answers one, as for `refusals`, which a person
        takes for an answer."""
        path = form.address(button)
        headers = {"Accept": "text/html", "Origin": self.plan.url, "Content-Type": "application/x-www-form-urlencoded"}
        body = form.encoded(typed or {}, button)
        with self._asked("POST", path, "", headers, data=body) as answer:
            if answer.status_code in (200, *refusals):
                answer.success()
                return Page(path, answer.text or "")
            self._expect(answer, 303)
            leads = answer.headers["location"]
        return self.open(leads, shows)

    def send_file(self, form: Form, name: str, content: bytes, kind: str, typed: Values | None = None) -> Page:
        """Choose a file in a form, and send it."""
        fields: dict[str, list[str]] = {}
        for field, value in form.filled(typed or {}):
            fields.setdefault(field, []).append(value)
        headers = {"Accept": "text/html", "Origin": self.plan.url}
        files = {"file": (name, content, kind)}
        with self._asked("POST", form.action, "", headers, data=fields, files=files) as answer:
            self._expect(answer, 303)
            leads = answer.headers["location"]
        return self.open(leads)

    def get(self, path: str, name: str = "") -> Any:
        """The answer of the API at a path below `/api`."""
        with self._asked("GET", f"/api{path}", name) as answer:
            self._expect(answer, 200)
            return answer.json()

    def command(
        self, path: str, body: Mapping[str, Any] | None = None, *statuses: int, method: str = "POST", revision: int = 0
    ) -> Any:
        """Send a command to the API, with an idempotency key of its own; its answer."""
        headers = self._headers() | ({"If-Match": f'"{revision}"'} if revision else {})
        with self._asked(method, f"/api{path}", "", headers, json=body or {}) as answer:
            self._expect(answer, *(statuses or (200, 201, 202)))
            return answer.json()

    def upload(self, path: str, name: str, content: bytes, fields: Mapping[str, Any]) -> Any:
        """Send a file to the API; its answer."""
        files = {"file": (name, content, "application/octet-stream")}
        with self._asked("POST", f"/api{path}", "", self._headers(), data=dict(fields), files=files) as answer:
            self._expect(answer, 201, 202)
            return answer.json()

    def download(self, path: str, least: int) -> None:
        """A file by its link: so many bytes at least."""
        with self._asked("GET", path) as answer:
            self._expect(answer, 200, 303)
            leads = answer.headers["location"] if answer.status_code == 303 else None
            if leads is None and len(answer.content or b"") < least:
                self._fail(answer, f"the file has {len(answer.content or b'')} bytes and not {least}")
        if leads is not None:
            self.download(leads, least)

    @contextmanager
    def _asked(
        self, method: str, path: str, name: str = "", headers: Mapping[str, str] | None = None, **sent: Any
    ) -> Any:
        given = {"X-Forwarded-For": self.address, "Accept-Language": "en", **(headers or {})}
        over = time.perf_counter() + PATIENCE
        while True:
            asked = self.client.request(
                method,
                path,
                name=name or name_of(path),
                headers=given,
                catch_response=True,
                allow_redirects=False,
                **sent,
            )
            # Where services are killed on purpose a person presses again, with the same key.
            if not self.plan.patient or asked.status_code not in _AWAY or time.perf_counter() > over:
                break
            with asked as away:
                away.request_meta["name"] = "(nobody answered: asked again)"
                away.success()
            gevent.sleep(1)
        with asked as answer:
            yield answer

    def _headers(self) -> dict[str, str]:
        headers = {"Idempotency-Key": str(uuid4()), "Origin": self.plan.url}
        return headers | ({"X-CSRF-Token": self.csrf} if self.csrf else {})

    def _expect(self, answer: Any, *statuses: int) -> None:
        if answer.status_code not in statuses:
            self._fail(answer, f"answered {answer.status_code or answer.error!r}: {_words(answer.text or '')}")
        answer.success()

    def _fail(self, answer: Any, why: str) -> NoReturn:
        answer.failure(CatchResponseError(why))
        raise Disappointed(why)

    # --- what is more than one request

    def disappointed(self, about: str, why: str) -> NoReturn:
        """Count a failure that is no single request's, and give the errand up."""
        self.noted("EXPECT", about, 0, CatchResponseError(why))
        raise Disappointed(why)

    def until(self, what: str, look: Callable[[], T | None], every: float = 0.5) -> T:
        """The first finding of `look`, asked again and again; how long it took stands in the tables as a WAIT."""
        began = time.perf_counter()
        while (found := look()) is None:
            if time.perf_counter() - began > PATIENCE:
                self.noted("WAIT", what, PATIENCE * 1000, CatchResponseError(f"not within {PATIENCE:.0f} s"))
                raise Disappointed(what)
            gevent.sleep(every)
            self.go_on()
        self.noted("WAIT", what, (time.perf_counter() - began) * 1000)
        return found

    def noted(self, kind: str, name: str, milliseconds: float, failure: Exception | None = None) -> None:
        """Count something that is no single request."""
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=milliseconds,
            response_length=0,
            exception=failure,
            context={},
        )

    def received(self, receipt_number: str) -> None:
        """Keep a receipt number that this person was given."""
        with (self.plan.folder / "filed.txt").open("a") as kept:
            kept.write(f"{receipt_number}\n")

    # --- signing in and out

    def at_first(self, sign_in: Callable[[], None]) -> None:
        """Sign in when the run begins; a person who cannot, after three attempts, goes home."""
        for _ in range(3):
            self.client.cookiejar.clear()
            with suppress(Disappointed), self.surprised():
                return sign_in()
            gevent.sleep(5)
        raise StopUser

    def sign_in(self) -> None:
        """Sign in on the pages, with the app's code where it is asked for, as officers are."""
        page = self.open("/sign-in")
        typed = {"login_id": self.account.login_id, "password": self.account.password}
        page = self.send(page.form_with("Sign in"), typed)
        if self.account.secret is not None:
            code = pyotp.TOTP(self.account.secret).now()
            page = self.send(page.form_with("Check the code"), {"code": code})
        if "sign-in" in page.path:
            self.disappointed("sign-in", f"led to {page.path}: {page.text[:200]}")
        with self._asked("GET", "/session", "") as answer:
            self._expect(answer, 200)
            self.csrf = answer.json()["csrf_token"]

    def sign_in_by_program(self) -> None:
        """Sign in as a program does."""
        sent = {"login_id": self.account.login_id, "password": self.account.password}
        with self._asked("POST", "/session", "", {"Origin": self.plan.url}, json=sent) as answer:
            self._expect(answer, 201)
            self.csrf = answer.json()["csrf_token"]

    def sign_out(self) -> None:
        """End the session."""
        page = self.open("/sign-out")
        self.send(page.form_to("/sign-out"))
        self.client.cookiejar.clear()

    def file_of(self, name: str) -> bytes:
        """A file that was prepared."""
        return (self.plan.folder / name).read_bytes()


def _words(text: str) -> str:
    try:
        problem = json.loads(text)
    except ValueError:
        page = Page("", text)
        return " ".join([*page.words[:1], *page.mistakes])
    if not isinstance(problem, dict):
        return text[:200]
    fields = "; ".join(f"{one.get('pointer')}: {one.get('message')}" for one in problem.get("errors", []))
    return " ".join(str(part) for part in (problem.get("code"), problem.get("detail"), fields) if part)
