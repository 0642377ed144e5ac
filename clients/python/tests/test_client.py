"""The client against a site in memory: sign-in, repetition, errors, pages and parts, blocking and asynchronous."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest

from zairyu_client import (
    AsyncZairyu,
    DraftChanged,
    FileRefused,
    InvalidInput,
    NotReached,
    Options,
    SignInRefused,
    TooMany,
    Unavailable,
    Zairyu,
    ZairyuProblem,
)
from zairyu_client.options import Attempts

SITE = "https://zairyu.example"
NOW = "2027-01-01T00:00:00Z"
DRAFT = {
    **{"id": str(uuid4()), "revision": 1, "status": "draft", "form_version": "extend-n", "updated_at": NOW},
    **{"complete": False, "open_problems": 3},
}
Answer = httpx.Response | type[httpx.TransportError]


class Site:
    """Answers in order, and keeps what was asked. Tokens are counted."""

    def __init__(self, *answers: Answer, lifetime: int = 300) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.granted = 0
        self.lifetime = lifetime
        self.guard = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.guard:
            if request.url.path == "/oauth/token":
                self.granted += 1
                return httpx.Response(200, json={"access_token": f"t{self.granted}", "expires_in": self.lifetime})
            self.asked.append(request)
            answer = self.answers.pop(0) if self.answers else httpx.Response(201, json=DRAFT)
        if isinstance(answer, type):
            raise answer("the line broke")
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def keys(self) -> set[str]:
        return {request.headers["Idempotency-Key"] for request in self.asked}


Run = Callable[..., Any]


@pytest.fixture(params=["blocking", "asynchronous"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Do something with a client of a site. What it would wait for is in `run.waits`."""
    waits: list[float] = []

    async def async_sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(time, "sleep", waits.append)
    monkeypatch.setattr(asyncio, "sleep", async_sleep)

    def blocking(site: Site, work: Callable[[Any], Any], **options: Any) -> Any:
        http = httpx.Client(transport=httpx.MockTransport(site))
        with Zairyu(SITE, "id", "secret", options=Options(**options), http=http) as zairyu:
            return work(zairyu)

    def asynchronous(site: Site, work: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
        async def inside() -> Any:
            http = httpx.AsyncClient(transport=httpx.MockTransport(site))
            async with AsyncZairyu(SITE, "id", "secret", options=Options(**options), http=http) as zairyu:
                return await work(zairyu)

        return finished(inside())

    chosen: Any = blocking if request.param == "blocking" else asynchronous
    chosen.waits = waits
    return chosen  # type: ignore[no-any-return]


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """The outcome of `work`, in a loop of its own."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def begin(zairyu: Any) -> Any:
    return zairyu.applications.begin("EXTEND", "ENG_HUM_INT", {"name_roman": "NGUYEN"})


def refusal(status: int, code: str = "x", headers: dict[str, str] | None = None, **members: Any) -> httpx.Response:
    body = {"type": "about:blank", "title": "No", "status": status, "code": code, "request_id": "r1", **members}
    return httpx.Response(status, json=body, headers=headers or {})


def test_a_draft_is_begun_with_token_key_and_language(run: Run) -> None:
    site = Site()
    assert str(run(site, begin, language="ja").id) == DRAFT["id"]
    (sent,) = site.asked
    assert (sent.method, str(sent.url)) == ("POST", f"{SITE}/api/v1/applications")
    assert (sent.headers["Authorization"], sent.headers["Accept-Language"]) == ("Bearer t1", "ja")
    assert len(sent.headers["Idempotency-Key"]) == 36
    assert json.loads(sent.content)["form"] == {"name_roman": "NGUYEN"}


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ReadTimeout, refusal(503), refusal(504), refusal(429)])
def test_what_was_not_answered_is_sent_again_with_the_same_key(run: Run, failure: Answer) -> None:
    site = Site(failure, failure)
    assert run(site, begin).revision == 1
    assert len(site.asked) == 3
    assert len(site.keys()) == 1
    assert len(run.waits) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 413, 422, 500])
def test_other_errors_are_not_repeated(run: Run, status: int) -> None:
    site = Site(refusal(status))
    with pytest.raises(ZairyuProblem) as raised:
        run(site, begin)
    assert (raised.value.status, len(site.asked)) == (status, 1)


@pytest.mark.parametrize(
    ("failure", "raised"), [(httpx.ConnectError, NotReached), (refusal(503), Unavailable), (refusal(429), TooMany)]
)
def test_repetition_ends(run: Run, failure: Answer, raised: type[Exception]) -> None:
    site = Site(*[failure] * 9)
    with pytest.raises(raised):
        run(site, begin, attempts=3)
    assert len(site.asked) == 3


def test_retry_after_is_waited_for_unless_it_is_too_long(run: Run) -> None:
    run(Site(refusal(429, headers={"Retry-After": "7"})), begin)
    assert 7 <= run.waits[0] <= 8  # type: ignore[attr-defined]
    with pytest.raises(TooMany) as raised:
        run(Site(refusal(429, headers={"Retry-After": "3600"})), begin)
    assert raised.value.retry_after == 3600


def test_a_refused_token_is_replaced_once(run: Run) -> None:
    site = Site(refusal(401))
    assert run(site, begin).revision == 1
    assert [each.headers["Authorization"] for each in site.asked] == ["Bearer t1", "Bearer t2"]
    with pytest.raises(SignInRefused):
        run(Site(*[refusal(401)] * 5), begin)


def test_a_refusal_of_the_token_endpoint_says_why(run: Run) -> None:
    def closed(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": "invalid_client", "error_description": "Unknown id or wrong secret"})

    with pytest.raises(SignInRefused, match="Unknown id or wrong secret") as raised:
        run(closed, begin)
    assert raised.value.code == "invalid_client"


def test_an_error_names_fields_and_has_the_texts(run: Run) -> None:
    wrong = [{"pointer": "/form/phone", "place": "body", "code": "not-phone", "message": "Write it as 03-1234-5678"}]
    with pytest.raises(InvalidInput, match="Write it as 03") as raised:
        run(Site(refusal(422, "invalid", errors=wrong, more_errors=2)), begin)
    assert raised.value.by_field["/form/phone"][0].code == "not-phone"
    assert (raised.value.request_id, raised.value.more_errors) == ("r1", 2)
    with pytest.raises(DraftChanged) as changed:
        run(Site(refusal(409, "draft-changed", revision=7, conflicts=[{"pointer": "/form/phone"}])), begin)
    assert (changed.value.revision, changed.value.conflicts) == (7, [{"pointer": "/form/phone"}])
    with pytest.raises(FileRefused) as file:
        run(Site(refusal(422, "file-repairable", offer={"consent": True})), begin)
    assert file.value.offer == {"consent": True}
    with pytest.raises(Unavailable, match="http-502"):
        run(Site(httpx.Response(502, text="<html>Bad gateway</html>")), begin, attempts=1)


def test_a_token_is_renewed_before_it_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that is good for 300 seconds the last 30 are not used."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    site = Site()

    def twice(zairyu: Any) -> Any:
        if isinstance(zairyu, Zairyu):
            begin(zairyu)
            now[0] += 269
            begin(zairyu)
            now[0] += 1
            return begin(zairyu)

        async def inside() -> Any:
            await begin(zairyu)
            now[0] += 269
            await begin(zairyu)
            now[0] += 1
            return await begin(zairyu)

        return inside()

    run(site, twice)
    assert [each.headers["Authorization"] for each in site.asked] == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_many_at_once_sign_in_once() -> None:
    site = Site()

    async def together() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(site))
        async with AsyncZairyu(SITE, "id", "secret", http=http) as zairyu:
            await asyncio.gather(*(begin(zairyu) for _ in range(20)))

    finished(together())
    assert (site.granted, len(site.asked)) == (1, 20)
    threads = Site()
    http = httpx.Client(transport=httpx.MockTransport(threads))
    with Zairyu(SITE, "id", "secret", http=http) as zairyu, ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: begin(zairyu), range(20)))
    assert (threads.granted, len(threads.asked)) == (1, 20)


def test_a_list_is_read_page_by_page(run: Run) -> None:
    row = {"type": "application.submitted", "state": "accepted", "attempts": 1, "created_at": NOW}
    row |= {"webhook_message_id": str(uuid4()), "application_id": None, "next_try_at": None, "ended_at": None}
    pages = [
        httpx.Response(200, json={"items": [row | {"id": str(uuid4())}] * 2, "next": "c1"}),
        httpx.Response(200, json={"items": [row | {"id": str(uuid4())}], "next": None}),
    ]
    site = Site(*pages)

    def all_of(zairyu: Any) -> Any:
        if isinstance(zairyu, Zairyu):
            return list(zairyu.webhooks.messages("w/1", state="accepted"))

        async def inside() -> Any:
            return [each async for each in zairyu.webhooks.messages("w/1", state="accepted")]

        return inside()

    assert len(run(site, all_of)) == 3
    assert [dict(each.url.params).get("cursor") for each in site.asked] == [None, "c1"]
    assert site.asked[0].url.raw_path.startswith(b"/api/v1/webhooks/w%2F1/messages?")


def test_only_missing_parts_of_a_large_file_are_sent_and_no_token_goes_with_them(run: Run) -> None:
    content = bytes(range(256)) * 20_000
    upload: dict[str, Any] = {
        "id": str(uuid4()),
        "size": len(content),
        "seconds": 600,
        "ends_at": NOW,
        "document_id": None,
    }
    upload |= {"url": "https://store.example/bucket"}
    part = {"number": 3, "offset": 3 * 2**20, "size": 2**20, "fields": {"policy": "p"}}
    site = Site(
        httpx.Response(201, json=upload | {"received": 4, "missing": [part]}),
        httpx.ConnectError,
        httpx.Response(204),
        httpx.Response(201, json=upload | {"received": 5, "missing": []}),
        refusal(422, "file-refused"),
    )
    with pytest.raises(FileRefused):
        run(site, lambda zairyu: zairyu.documents.upload(content, "pdf", name="scan.pdf", codes=["RES_TAX"]))
    begun, broken, sent, _, finished = site.asked
    assert json.loads(begun.content)["sha256"] == sha256(content).hexdigest()
    assert broken.url == sent.url == "https://store.example/bucket"
    assert "Authorization" not in sent.headers
    assert content[3 * 2**20 : 4 * 2**20] in sent.content
    assert sent.content.index(b'name="policy"') < sent.content.index(b'name="file"')
    assert upload["id"].encode() in finished.content
    assert len(finished.content) < 1000


@pytest.mark.parametrize(
    "address", ["http://zairyu.example", "zairyu.example", "https://", "https://a:b@zairyu.example"]
)
def test_a_secret_does_not_travel_in_the_open(address: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Zairyu(address, "id", "secret")


def test_waits_grow_are_random_and_have_a_bound() -> None:
    options = Options(attempts=50, patience=1000, pause=1, longest_pause=8)
    waits = [attempts.next_wait() for attempts in [Attempts(options)] for _ in range(200) if attempts.made < 49]
    assert all(wait is not None and wait <= 8 for wait in waits)
    assert len(set(waits)) == len(waits)
    assert Attempts(options).next_wait(422) is None
