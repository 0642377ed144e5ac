"""Webhooks: what is sent and to whom, order, retries, secrets, the log, and receivers that misbehave."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from standardwebhooks.webhooks import WebhookVerificationError
from starlette.responses import RedirectResponse, Response, StreamingResponse

from services.notification.webhooks.domain.retries import TRY_FOR
from services.notification.webhooks.domain.signature import REPLACED_AFTER, signature
from services.notification.webhooks.sender import WebhookSender
from services.notification.webhooks.store.tables import Webhook
from shared.auth import Actor, Role
from shared.events.notification import WebhookAdded, WebhookDisabled
from shared.events.registration import (
    AccountClosed,
    AccountSuspended,
    CredentialChanged,
    MembershipEnded,
    RegistrationExpired,
)
from shared.events.review import ReviewStarted
from shared.ids import new_id
from tests.services.notification.hooks import Hooks, Received, Receiver, opened, receiving
from tests.support.parts import running
from tests.support.waiting import eventually


@pytest.fixture
async def hooks(service_database: Callable[[str], Any]) -> AsyncIterator[Hooks]:
    async with opened(service_database("notification")) as hooks:
        yield hooks


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def test_a_message_is_thin_signed_and_sent_once(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    application = await hooks.file()
    began = await hooks.begin(application)
    await hooks.deliver(ReviewStarted.example(application_id=application, account_id=hooks.account), began)
    await hooks.send_all()
    first, second = receiver.received
    content = first.verified(webhook["secret"])
    assert content["type"] == "application.submitted"
    assert set(content["data"]) == {"application_id", "receipt_number", "submitted_at", "link"}
    assert content["data"]["link"] == f"https://zairyu.example.jp/api/v1/applications/{application}"
    assert (second.content["type"], second.id) == ("review.started", str(began))
    assert second.headers["content-type"] == "application/json"
    for member in ("nationality", "person_keys", "applicant", "gAAAA", str(hooks.account)):
        assert member not in first.body.decode()
    assert await hooks.service.journal_problems() == []


async def test_a_forged_body_or_another_secret_is_not_verified(hooks: Hooks, receiver: Receiver) -> None:
    webhook, other = await hooks.add(receiver.url), await hooks.add(receiver.url)
    await hooks.file()
    await hooks.send_all()
    (first, second) = sorted(receiver.received, key=lambda each: each.headers["webhook-signature"])
    secrets = {webhook["secret"], other["secret"]}
    for message in (first, second):
        forged = Received(message.path, message.headers, message.body + b" ")
        right = [secret for secret in secrets if _verifies(message, secret)]
        assert len(right) == 1
        assert not _verifies(forged, right[0])


def _verifies(message: Received, secret: str) -> bool:
    try:
        message.verified(secret)
    except WebhookVerificationError:
        return False
    return True


async def test_only_the_owner_in_the_same_role_is_informed_and_only_of_what_was_chosen(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.add(f"{receiver.url}/chosen", "review.started")
    stranger = Actor("person", new_id(), new_id(), frozenset({Role.ORG_STAFF}), session_id=new_id())
    scrivener = Actor("person", new_id(), None, frozenset({Role.LAWYER_SCRIVENER}), session_id=new_id())
    other_role = Actor("person", new_id(), hooks.organisation, frozenset({Role.RSO_STAFF}), session_id=new_id())
    for number, actor in enumerate((stranger, scrivener, other_role)):
        await hooks.add(f"{receiver.url}/other{number}", actor=actor)
    await hooks.begin(await hooks.file())
    assert scrivener.id is not None
    await hooks.file(owner=scrivener.id, role="lawyer_scrivener")
    await hooks.send_all()
    seen = sorted((each.path, each.content["type"]) for each in receiver.received)
    assert seen == [("/hook/chosen", "review.started"), ("/hook/other1", "application.submitted")]


async def test_an_earlier_message_holds_those_of_its_application_and_no_other(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.add(receiver.url)
    first, second = await hooks.file(), await hooks.file()
    await hooks.begin(first)
    await hooks.begin(second)
    refused = [str(first)]
    receiver.answer = lambda message: Response(status_code=500 if message.about in refused else 200)
    await hooks.send_all()
    seen = [(each.about, each.content["type"]) for each in receiver.received]
    assert seen.count((str(first), "application.submitted")) == 1
    assert (str(first), "review.started") not in seen
    assert [kind for about, kind in seen if about == str(second)] == ["application.submitted", "review.started"]
    refused.clear()
    hooks.clock.advance(timedelta(seconds=11))
    await hooks.send_all()
    kinds = [each.content["type"] for each in receiver.received if each.about == str(first)]
    assert kinds == ["application.submitted", "application.submitted", "review.started"]
    assert len({each.id for each in receiver.received}) == 4, "a message keeps its id at every attempt"


async def test_after_three_days_without_an_answer_the_webhook_is_stopped_and_its_owner_informed(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook = await hooks.add(receiver.url)
    application = await hooks.file()
    receiver.answer = lambda _: Response("no", status_code=500)
    began = hooks.clock.now()
    attempts = 0
    while (await _state(hooks, webhook))["disabled_at"] is None:
        await hooks.send_all()
        attempts = len(receiver.received)
        hooks.clock.advance(timedelta(hours=1))
        assert hooks.clock.now() - began < timedelta(days=4)
    assert hooks.clock.now() - began >= TRY_FOR
    assert attempts > 10
    state = await _state(hooks, webhook)
    assert (state["disabled_reason"], state["waiting"]) == ("no-answer", 1)
    (event,) = [each for each in await hooks.service.events() if isinstance(each, WebhookDisabled)]
    assert (event.account_id, event.reason_code) == (hooks.account, "no-answer")
    await hooks.begin(application)
    hooks.clock.advance(timedelta(hours=1))
    await hooks.send_all()
    assert len(receiver.received) == attempts, "nothing is sent to a stopped webhook"
    receiver.answer = lambda _: Response(status_code=200)
    assert (await hooks.ask("POST", f"/{webhook['id']}/enable")).status_code == 200
    await hooks.send_all()
    assert [each.content["type"] for each in receiver.received[attempts:]] == [
        "application.submitted",
        "review.started",
    ]


async def test_one_message_that_is_never_accepted_is_given_up_alone(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    bad, good = await hooks.file(), await hooks.file()
    receiver.answer = lambda message: Response(status_code=422 if message.about == str(bad) else 200)
    await hooks.begin(bad)
    for _ in range(16):
        await hooks.begin(good)
        await hooks.send_all()
        hooks.clock.advance(timedelta(hours=5))
    states = {(str(each.subject), each.type): each.state for each in await hooks.messages()}
    assert states[str(bad), "application.submitted"] == "failed"
    assert states[str(good), "review.started"] == "accepted"
    state = await _state(hooks, webhook)
    assert state["disabled_at"] is None
    assert (str(bad), "review.started") in {(each.about, each.content["type"]) for each in receiver.received}


async def _state(hooks: Hooks, webhook: dict[str, Any]) -> dict[str, Any]:
    answer = await hooks.ask("GET", f"/{webhook['id']}")
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


async def test_410_stops_the_webhook_at_once(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    await hooks.file()
    await hooks.file()
    receiver.answer = lambda _: Response(status_code=410)
    await hooks.send_all()
    assert (await _state(hooks, webhook))["disabled_reason"] == "gone"
    events = [each for each in await hooks.service.events() if isinstance(each, WebhookDisabled)]
    assert [each.reason_code for each in events] == ["gone"], "two messages under way stop it once"
    assert await hooks.service.journal_problems() == []


@pytest.mark.parametrize("status", [429, 503])
async def test_a_receiver_that_asks_to_wait_is_left_alone_for_that_time(
    hooks: Hooks, receiver: Receiver, status: int
) -> None:
    await hooks.add(receiver.url)
    await hooks.file()
    receiver.answer = lambda _: Response(status_code=status, headers={"Retry-After": "600"})
    await hooks.send_all()
    await hooks.file()
    hooks.clock.advance(timedelta(seconds=599))
    await hooks.send_all()
    assert len(receiver.received) == 1, "another application's message waits too"
    receiver.answer = lambda _: Response(status_code=200)
    hooks.clock.advance(timedelta(seconds=12))
    await hooks.send_all()
    assert len(receiver.received) == 3


async def test_a_redirect_is_not_followed(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    await hooks.file()
    receiver.answer = lambda message: (
        RedirectResponse(f"{receiver.url}/elsewhere", 307) if message.path == "/hook" else Response()
    )
    await hooks.send_all()
    assert [each.path for each in receiver.received] == ["/hook"]
    (attempt,) = (await _log(hooks, webhook))["tried"]
    assert (attempt["outcome"], attempt["status"]) == ("redirected", 307)
    assert attempt["answered"]["location"].endswith("/elsewhere")


async def _log(hooks: Hooks, webhook: dict[str, Any]) -> dict[str, Any]:
    """The newest message with its attempts."""
    found = (await hooks.ask("GET", f"/{webhook['id']}/messages")).json()["items"]
    answer = await hooks.ask("GET", f"/{webhook['id']}/messages/{found[0]['id']}")
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = answer.json()
    return detail


async def test_the_log_has_request_and_answer_without_what_is_secret(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    await hooks.file()
    said = "é" * 5000 + "\0"
    receiver.answer = lambda _: Response(said, headers={"Set-Cookie": "session=1", "X-Request-Id": "abc"})
    await hooks.send_all()
    detail = await _log(hooks, webhook)
    (attempt,) = detail["tried"]
    assert json.loads(detail["body"]) == receiver.received[0].content
    assert (attempt["status"], attempt["answer"]) == (200, "é" * 2048)
    assert attempt["answered"]["x-request-id"] == "abc"
    assert "set-cookie" not in attempt["answered"]
    assert attempt["sent"]["webhook-id"] == receiver.received[0].id
    assert "webhook-signature" not in attempt["sent"]
    async with hooks.service.db.read() as session:
        rows = await session.execute(text("SELECT to_jsonb(webhook_attempts) FROM webhook_attempts"))
        assert "é" not in str(rows.all()), "answers are sealed at rest"


async def test_an_endless_answer_is_cut_off(hooks: Hooks, receiver: Receiver) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2_000):  # 32 MB: the server does not notice that nobody reads any more
            await asyncio.sleep(0)
            yield b"x" * 16384

    webhook = await hooks.add(receiver.url)
    await hooks.file()
    receiver.answer = lambda _: StreamingResponse(endless())
    await asyncio.wait_for(hooks.send_all(), 4)
    (attempt,) = (await _log(hooks, webhook))["tried"]
    assert (attempt["outcome"], attempt["answer"]) == ("accepted", "x" * 4096)


async def test_a_receiver_that_answers_nothing_has_five_seconds_and_holds_no_other(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notification.webhooks.outgoing.client.SECONDS", 0.5)
    async with receiving() as slow:
        slow.may.clear()
        dead, alive = await hooks.add(slow.url), await hooks.add(receiver.url)
        for _ in range(40):
            await hooks.file()
        async with running(hooks.sender.run()):
            await eventually(lambda: len(receiver.received) == 40)
            await eventually(lambda: _failing(hooks, dead))
        assert len(slow.received) <= hooks.service.app.state.runtime.settings.webhook_places_each
        (attempt,) = (await _log_of_tried(hooks, dead))["tried"]
        assert (attempt["outcome"], attempt["status"]) == ("timed-out", None)
        assert (await _state(hooks, alive))["waiting"] == 0


async def _failing(hooks: Hooks, webhook: dict[str, Any]) -> bool:
    return (await _state(hooks, webhook))["failing_since"] is not None


async def _log_of_tried(hooks: Hooks, webhook: dict[str, Any]) -> dict[str, Any]:
    found = (await hooks.ask("GET", f"/{webhook['id']}/messages?limit=100")).json()["items"]
    (tried, *_) = [each for each in found if each["attempts"] and each["state"] == "waiting"]
    detail: dict[str, Any] = (await hooks.ask("GET", f"/{webhook['id']}/messages/{tried['id']}")).json()
    return detail


async def test_a_secret_is_replaced_and_both_sign_for_a_day(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    before = webhook["secret"]
    answer = await hooks.ask("POST", f"/{webhook['id']}/secrets")
    assert answer.status_code == 201
    after = answer.json()["secret"]
    assert (await hooks.ask("POST", f"/{webhook['id']}/secrets")).json()["code"] == "two-secrets"
    await hooks.file()
    await hooks.send_all()
    receiver.received[-1].verified(before, after)
    ending = [each for each in (await _state(hooks, webhook))["secrets"] if each["ends_at"]]
    assert (await hooks.ask("DELETE", f"/{webhook['id']}/secrets/{ending[0]['id']}")).status_code == 204
    await hooks.file()
    await hooks.send_all()
    assert [_verifies(receiver.received[-1], each) for each in (before, after)] == [False, True]
    (kept,) = (await _state(hooks, webhook))["secrets"]
    assert (await hooks.ask("DELETE", f"/{webhook['id']}/secrets/{kept['id']}")).status_code == 404, (
        "the one that stays"
    )


async def test_secrets_are_sealed_at_rest_and_shown_once(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    secret = webhook["secret"].removeprefix("whsec_")
    assert secret not in (await hooks.ask("GET", "")).text
    async with hooks.service.db.read() as session:
        for table in ("webhook_secrets", "webhooks", "journal", "outbox"):
            rows = (await session.execute(text(f"SELECT to_jsonb({table})::text FROM {table}"))).all()
            assert secret not in str(rows), table


async def test_messages_are_sent_again_one_or_those_of_a_time_span(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    began = hooks.clock.now()
    await hooks.file()
    await hooks.send_all()
    (first,) = (await hooks.ask("GET", f"/{webhook['id']}/messages")).json()["items"]
    answer = await hooks.ask("POST", f"/{webhook['id']}/messages/{first['id']}/send-again")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    again = await hooks.ask("POST", f"/{webhook['id']}/messages/{first['id']}/send-again")
    assert (again.status_code, again.json()["code"]) == (409, "still-waiting")
    await hooks.send_all()
    assert [each.id for each in receiver.received] == [first["webhook_message_id"]] * 2
    hooks.clock.advance(timedelta(hours=1))
    await hooks.file()
    await hooks.send_all()
    span = {"since": began.isoformat(), "until": (began + timedelta(minutes=30)).isoformat()}
    assert (await hooks.ask("POST", f"/{webhook['id']}/send-again", span)).json() == {"count": 0}, "none has failed"
    everything = span | {"accepted": True}
    assert (await hooks.ask("POST", f"/{webhook['id']}/send-again", everything)).json() == {"count": 1}
    await hooks.send_all()
    assert [each.id for each in receiver.received].count(first["webhook_message_id"]) == 3
    wrong = await hooks.ask("POST", f"/{webhook['id']}/send-again", {**span, "until": span["since"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/until")


async def test_messages_that_are_sent_again_keep_their_order_and_carry_the_secrets_of_today(
    hooks: Hooks, receiver: Receiver
) -> None:
    webhook, began = await hooks.add(receiver.url), hooks.clock.now()
    after = (await hooks.ask("POST", f"/{webhook['id']}/secrets")).json()["secret"]
    applications = [await hooks.file(), await hooks.file()]
    for application in applications:
        await hooks.begin(application)
    await hooks.send_all()
    assert {len(each.headers["webhook-signature"].split()) for each in receiver.received} == {2}
    ids = {str(each): [one.id for one in receiver.received if one.about == str(each)] for each in applications}
    receiver.received.clear()
    hooks.clock.advance(REPLACED_AFTER)
    span = {"since": began.isoformat(), "until": hooks.clock.now().isoformat(), "accepted": True}
    assert (await hooks.ask("POST", f"/{webhook['id']}/send-again", span)).json() == {"count": 4}
    await hooks.send_all()
    assert {each: [one.id for one in receiver.received if one.about == each] for each in ids} == ids
    for one in receiver.received:
        # The library compares with the clock of today, which this message is a day ahead of.
        timestamp = int(one.headers["webhook-timestamp"])
        assert one.headers["webhook-signature"] == signature([after], one.id, timestamp, one.body.decode())


async def test_a_ping_is_answered_by_the_receiver_and_seen_in_the_log(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url, "fee.paid")
    key = str(new_id())
    sent = [
        await hooks.ask("POST", f"/{webhook['id']}/ping", actor=actor, headers={"Idempotency-Key": key})
        for actor in (hooks.system(), hooks.staff, hooks.staff)
    ]
    assert [each.status_code for each in sent] == [202] * 3
    await hooks.send_all()
    assert [each.content["type"] for each in receiver.received].count("webhook.ping") == 2, "pressed twice, sent once"
    receiver.received[0].verified(webhook["secret"])
    assert (await hooks.ask("POST", f"/{webhook['id']}/disable")).status_code == 200
    refused = await hooks.ask("POST", f"/{webhook['id']}/ping")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook-disabled")


async def test_systems_read_and_try_out_but_people_alone_change(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    path = f"/{webhook['id']}"
    system, reading = hooks.system(), hooks.system("notification:read")
    vendor = Actor(
        "person",
        hooks.account,
        hooks.organisation,
        frozenset({Role.ORG_STAFF}),
        session_id=new_id(),
        client_id=new_id(),
        scopes=frozenset({"notification:read", "notification:write"}),
    )
    assert [(await hooks.ask("GET", each, actor=system)).status_code for each in ("", path, "/types")] == [200] * 3
    assert (await hooks.ask("POST", f"{path}/ping", actor=reading)).json()["code"] == "scope-not-granted"
    for method, where in (("PATCH", path), ("DELETE", path), ("POST", f"{path}/secrets"), ("POST", f"{path}/disable")):
        assert (await hooks.ask(method, where, {"name": "x"}, actor=system)).status_code == 403, where
    assert (await hooks.ask("POST", "", {"name": "x", "url": "https://example.jp/"}, actor=system)).status_code == 403
    for where in ("", path, f"{path}/messages"):
        assert (await hooks.ask("GET", where, actor=vendor)).json()["code"] == "owners-system-only"


async def test_a_system_manages_the_webhooks_that_it_added_and_no_other(hooks: Hooks, receiver: Receiver) -> None:
    scopes = ("notification:read", "notification:write", "notification:webhooks")
    system, another = hooks.system(*scopes), hooks.system(*scopes)
    of_people = f"/{(await hooks.add(receiver.url))['id']}"
    webhook = await hooks.add(receiver.url, actor=system)
    assert (webhook["client_id"], webhook["account_id"]) == (str(system.client_id), str(hooks.account))
    path = f"/{webhook['id']}"
    changes: list[tuple[str, str, Any]] = [
        ("PATCH", "", {"types": ["fee.paid"]}),
        ("POST", "/secrets", None),
        ("POST", "/disable", None),
        ("POST", "/enable", None),
        ("DELETE", "", None),
    ]
    for method, where, body in changes:
        for actor, of in ((another, path), (system, of_people)):
            refused = await hooks.ask(method, of + where, body, actor=actor)
            assert (refused.status_code, refused.json()["code"]) == (403, "webhook-of-another"), (method, where)
    assert [(await hooks.ask("GET", each, actor=another)).status_code for each in (path, of_people)] == [200] * 2
    for method, where, body in changes[:-1]:
        answer = await hooks.ask(method, path + where, body, actor=system, headers={"If-Match": '"1"'})
        assert answer.is_success, (method, where)
    await hooks.file()
    await hooks.send_all()
    of_another = CredentialChanged.example(
        account_id=hooks.account, change="client_revoked", client_id=another.client_id
    )
    await hooks.deliver(_sealed(hooks, of_another))
    assert (await _state(hooks, webhook))["disabled_at"] is None
    await hooks.deliver(_sealed(hooks, of_another.model_copy(update={"client_id": system.client_id})))
    assert (await _state(hooks, webhook))["disabled_reason"] == "client-ended"
    assert (await hooks.ask("POST", f"{path}/enable")).is_success, "people manage all of them"
    assert (await hooks.ask("DELETE", path, actor=system)).status_code == 204
    assert await hooks.service.journal_problems() == []


async def test_somebody_elses_webhook_is_not_there(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    path = f"/{webhook['id']}"
    colleague = Actor("person", new_id(), hooks.organisation, frozenset({Role.ORG_STAFF}), session_id=new_id())
    assert (await hooks.ask("GET", path, actor=colleague)).status_code == 200
    for actor in (
        Actor("person", hooks.account, new_id(), frozenset({Role.ORG_STAFF}), session_id=new_id()),
        Actor("person", hooks.account, hooks.organisation, frozenset({Role.RSO_STAFF}), session_id=new_id()),
        Actor("officer", new_id(), None, frozenset({Role.OPERATOR}), "TYO", session_id=new_id()),
    ):
        listed = await hooks.ask("GET", "", actor=actor)
        officer = actor.kind == "officer"
        assert listed.status_code == 403 if officer else listed.json() == {"items": []}
        span = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
        for method, where, body in (
            ("GET", path, None),
            ("PATCH", path, {"name": "x"}),
            ("DELETE", path, None),
            ("POST", f"{path}/secrets", None),
            ("DELETE", f"{path}/secrets/{new_id()}", None),
            ("POST", f"{path}/enable", None),
            ("POST", f"{path}/disable", None),
            ("POST", f"{path}/ping", None),
            ("POST", f"{path}/send-again", span),
            ("GET", f"{path}/messages", None),
            ("GET", f"{path}/messages/{new_id()}", None),
            ("POST", f"{path}/messages/{new_id()}/send-again", None),
        ):
            answer = await hooks.ask(method, where, body, actor=actor)
            assert answer.status_code == (403 if officer else 404), (method, where)


async def test_a_webhook_is_changed_and_removed(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    path = f"/{webhook['id']}"
    assert (await hooks.ask("PATCH", path, {"name": "x"}, headers={"If-Match": '"9"'})).status_code == 412
    changed = await hooks.ask(
        "PATCH", path, {"types": ["fee.paid"], "url": f"{receiver.url}/2"}, headers={"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["types"], changed.headers["etag"]) == (200, ["fee.paid"], '"2"')
    await hooks.file()
    assert (await hooks.ask("DELETE", path)).status_code == 204
    assert (await hooks.ask("GET", path)).status_code == 404
    await hooks.send_all()
    assert receiver.received == []
    assert await hooks.service.journal_problems() == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "x", "url": "http://hr.example.co.jp/"}, "/url"),
        ({"name": "x", "url": "https://user:pw@hr.example.co.jp/"}, "/url"),
        ({"name": "x", "url": "https://10.0.0.1/"}, "/url"),
        ({"name": "", "url": "https://hr.example.co.jp/"}, "/name"),
        ({"name": "x", "url": "https://hr.example.co.jp/", "types": ["a.b"]}, "/types/0"),
        ({"name": "x", "url": "https://hr.example.co.jp/", "role": "rso_staff"}, "/role"),
    ],
)
async def test_a_mistake_is_named_by_its_field(hooks: Hooks, body: dict[str, Any], pointer: str) -> None:
    answer = await hooks.ask("POST", "", body)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [pointer])


async def test_there_are_ten_at_most_and_none_for_somebody_whose_registration_is_over(
    hooks: Hooks, receiver: Receiver
) -> None:
    for _ in range(10):
        await hooks.add(receiver.url)
    full = await hooks.ask("POST", "", {"name": "x", "url": receiver.url})
    assert (full.status_code, full.json()["code"]) == (409, "too-many-webhooks")
    lapsed = Actor("person", new_id(), new_id(), frozenset({Role.ORG_STAFF}), session_id=new_id(), lapsed=True)
    refused = await hooks.ask("POST", "", {"name": "x", "url": receiver.url}, actor=lapsed)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired")


@pytest.mark.parametrize("kind", [MembershipEnded, RegistrationExpired, AccountSuspended, AccountClosed])
async def test_who_may_not_know_any_more_is_not_informed_until_a_colleague_answers_for_it(
    hooks: Hooks, receiver: Receiver, kind: Any
) -> None:
    webhook = await hooks.add(receiver.url)
    event = kind.example(account_id=hooks.account)
    if "role" in kind.model_fields:
        other = event.model_copy(update={"role": "rso_staff", "organisation_id": hooks.organisation})
        await hooks.deliver(_sealed(hooks, other))
        assert (await _state(hooks, webhook))["disabled_at"] is None, "another membership"
        event = event.model_copy(update={"role": "org_staff", "organisation_id": hooks.organisation})
    await hooks.deliver(_sealed(hooks, event))
    colleague = Actor("person", new_id(), hooks.organisation, frozenset({Role.ORG_STAFF}), session_id=new_id())
    state = (await hooks.ask("GET", f"/{webhook['id']}", actor=colleague)).json()
    assert state["disabled_reason"] is not None
    await hooks.know(colleague.id)
    await hooks.ask("POST", f"/{webhook['id']}/enable", actor=colleague)
    state = (await hooks.ask("GET", f"/{webhook['id']}", actor=colleague)).json()
    assert (state["disabled_at"], state["account_id"]) == (None, str(colleague.id))
    assert await hooks.service.journal_problems() == []


def _sealed(hooks: Hooks, event: Any) -> Any:
    """The event with an address that the service can open."""
    if getattr(event, "recipient", None) is None:
        return event
    recipient = event.recipient.model_copy(
        update={"sealed_address": hooks.sealer.seal("a@example.jp"), "sealed_name": None}
    )
    return event.model_copy(update={"recipient": recipient})


async def test_the_owner_is_informed_of_a_new_webhook(hooks: Hooks, receiver: Receiver) -> None:
    webhook = await hooks.add(receiver.url)
    (event,) = [each for each in await hooks.service.events() if isinstance(each, WebhookAdded)]
    assert (str(event.webhook_id), event.account_id) == (webhook["id"], hooks.account)
    await hooks.deliver(event)
    async with hooks.service.db.read() as session:
        found = await session.scalar(text("SELECT count(*) FROM notifications WHERE template = 'webhook_added'"))
        kept = await session.scalar(select(Webhook.url).limit(1))
    assert (found, kept) == (1, receiver.url)


async def test_what_a_dead_sender_had_claimed_is_sent_by_a_living_one(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.add(receiver.url)
    await hooks.file()
    dead = hooks.sender

    async def dies(*_: object) -> None:
        raise ConnectionError("the process died between the hand-over and the record")

    dead._recording.record = dies  # type: ignore[method-assign, assignment]
    await dead.send_due()
    assert [each.state for each in await hooks.messages()] == ["sending"]
    living = WebhookSender(dead._commands, dead._client, places=8, each=4, patience=0)
    async with running(living.run()):
        await eventually(lambda: len(receiver.received) == 2)
        await eventually(lambda: _all_accepted(hooks))
    assert len({each.id for each in receiver.received}) == 1, "the receiver can recognise the second copy"


async def _all_accepted(hooks: Hooks) -> bool:
    return {each.state for each in await hooks.messages()} == {"accepted"}
