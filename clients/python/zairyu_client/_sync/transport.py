# Generated from zairyu_client/_async by `python -m tests.clients`.
"""Requests of one client: signed in, repeated where that is right, and answered by models or exceptions."""

import threading
import time
import time as clock
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

from zairyu_client.files import FileContent
from zairyu_client.options import RENEW_BEFORE, Attempts, Options, checked_address
from zairyu_client.problems import NotReached, SignInRefused, ZairyuProblem, problem_of

M = TypeVar("M", bound=BaseModel)
Id = uuid.UUID | str
# A JSON pointer or another part of an address that a program puts together is no part of the path.
Query = Mapping[str, Any]


@dataclass(slots=True)
class _Token:
    value: str
    ends: float


class Transport:
    """Sends the requests of one client. Safe to share between all that run at the same time."""

    def __init__(
        self, base_url: str, client_id: str, client_secret: str, options: Options, http: httpx.Client | None = None
    ) -> None:
        self._site = checked_address(base_url)
        self._credentials = (client_id, client_secret)
        self.options = options
        self._http = http or httpx.Client(timeout=options.timeout, follow_redirects=False)
        self._token: _Token | None = None
        self._signing_in = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def model(self, answer: type[M], method: str, path: str, *ids: Id, **request: Any) -> M:
        """The answer as a model."""
        return answer.model_validate_json((self.send(method, path, *ids, **request)).content)

    def models(self, answer: type[M], method: str, path: str, *ids: Id, **request: Any) -> list[M]:
        """An answer that is a list."""
        response = self.send(method, path, *ids, **request)
        return TypeAdapter(list[answer]).validate_json(response.content)  # type: ignore[valid-type]

    def content(self, method: str, path: str, *ids: Id, **request: Any) -> bytes:
        """An answer that is a file."""
        return (self.send(method, path, *ids, **request)).content

    def items(self, answer: type[M], path: str, *ids: Id, query: Query | None = None) -> Iterator[M]:
        """The items of all pages, asked for as they are needed."""
        wanted = dict(query or {})
        while True:
            page = (self.send("GET", path, *ids, query=wanted)).json()
            for item in page["items"]:
                yield answer.model_validate(item)
            if page["next"] is None:
                return
            wanted["cursor"] = page["next"]

    def send(
        self,
        method: str,
        path: str,
        *ids: Id,
        query: Query | None = None,
        json: Any = None,
        merge: Any = None,
        form: Sequence[tuple[str, str]] = (),
        files: Sequence[FileContent] = (),
        revision: int | None = None,
        key: str | None = None,
        once: bool = False,
    ) -> httpx.Response:
        """The answer of one request under `/api/v1`; each `{}` of `path` is one of `ids`.

        Everything but reading carries one `Idempotency-Key` in all its attempts: it takes effect once. With `once`
        there is one attempt, for an answer with a secret, which nobody keeps. Raises `ZairyuProblem` or `NotReached`.
        """
        url = f"{self._site}/api/v1{path.format(*(quote(str(each), safe='') for each in ids))}"
        headers = {"Accept-Language": self.options.language}
        if method != "GET":
            headers["Idempotency-Key"] = key = key or str(uuid.uuid4())
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        body: dict[str, Any] = {"params": _without_none(query or {})}
        if merge is not None:
            body["json"] = merge
            headers["Content-Type"] = "application/merge-patch+json"
        elif json is not None:
            body["json"] = json
        elif form or files:
            parts: list[Any] = [(name, (None, value)) for name, value in form]
            body["files"] = parts + [("file", (each.name, each.content)) for each in files]
        return self._repeated(method, url, headers, body, key, sign_in=True, once=once)

    def post_part(self, url: str, fields: Mapping[str, str], part: bytes) -> None:
        """Post one part of a file to the place that keeps it. The address has its own proof: no token goes there."""
        parts: list[Any] = [(name, (None, value)) for name, value in fields.items()] + [("file", ("part", part))]
        self._repeated("POST", url, {}, {"files": parts}, None, sign_in=False)

    def _repeated(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: Mapping[str, Any],
        key: str | None,
        *,
        sign_in: bool,
        once: bool = False,
    ) -> httpx.Response:
        attempts, refused = Attempts(replace(self.options, attempts=1) if once else self.options), False
        while True:
            if sign_in:
                token = self._access_token()
                headers["Authorization"] = f"Bearer {token}"
            try:
                response = self._http.request(method, url, headers=headers, **body)
            except httpx.UnsupportedProtocol:
                raise
            except httpx.TransportError as error:
                wait = attempts.next_wait()
                if wait is None:
                    raise NotReached(f"{method} {url}: no answer ({error or type(error).__name__})", key) from error
            else:
                if response.is_success:
                    return response
                # A token may end before its time: the client got another secret, or the clock of a server jumped.
                if sign_in and response.status_code == 401 and not refused:
                    refused = True
                    self._forget(token)
                    continue
                problem = _problem(response)
                wait = attempts.next_wait(response.status_code, problem.retry_after)
                if wait is None:
                    raise problem
            time.sleep(wait)

    def _access_token(self) -> str:
        """The token of now: one request for all who ask at the same time, and a new one before the old one ends."""
        token = self._token  # read once: another thread may forget it at any moment
        if token is None or clock.monotonic() >= token.ends:
            with self._signing_in:
                token = self._token
                if token is None or clock.monotonic() >= token.ends:
                    token = self._token = self._new_token()
        return token.value

    def _new_token(self) -> _Token:
        form = {"grant_type": "client_credentials"}
        if self.options.scopes:
            form["scope"] = " ".join(self.options.scopes)
        asked = clock.monotonic()
        headers = {"Accept-Language": self.options.language}
        try:
            response = self._repeated(
                "POST",
                f"{self._site}/oauth/token",
                headers,
                {"data": form, "auth": self._credentials},
                None,
                sign_in=False,
            )
        except ZairyuProblem as problem:
            if problem.status in (400, 401):
                raise SignInRefused(problem.status, problem.members) from problem
            raise
        granted = response.json()
        lifetime = float(granted["expires_in"])
        return _Token(granted["access_token"], asked + max(lifetime - RENEW_BEFORE, lifetime / 2))

    def _forget(self, token: str) -> None:
        known = self._token
        if known is not None and known.value == token:
            self._token = None


def _problem(response: httpx.Response) -> ZairyuProblem:
    return problem_of(response.status_code, response.headers, response.content)


def _without_none(query: Query) -> dict[str, Any]:
    return {name: _in_query(value) for name, value in query.items() if value is not None}


def _in_query(value: Any) -> Any:
    """Dates and ids as texts, lists as a parameter for each."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return value if isinstance(value, int) else str(value)
