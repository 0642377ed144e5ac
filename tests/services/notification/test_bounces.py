"""Mails that come back: the message failed, its address is left alone, and there is a way back."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from deploy.local.mailbox import SENDER_HEADER
from deploy.local.smtp import Mailbox
from services.notification.bounces.api import HEADER
from services.notification.bounces.mailbox import MaildirMailbox
from services.notification.bounces.mailbox.port import Kept
from services.notification.bounces.reader import MOST_PUT_OFF
from services.notification.channels.mail.domain.statuses import SOFT_FAILURES, SOFT_TIME
from services.notification.suppression.store import ReturnedMail
from shared.auth import Role
from shared.events.application import ApplicationSubmitted, StayEnding
from shared.events.notification import AddressTestRequested, NotificationFailed
from shared.events.registration import PasswordResetRequested
from shared.ids import new_id
from shared.journal import journal
from shared.notice_signature import sign
from shared.sealing import new_key_pair, private_key
from tests.services.notification import undelivered as of
from tests.services.notification.conftest import part
from tests.services.notification.reports import BOUNCE, KEY, Bouncing, bouncing, id_in
from tests.support import tokens

PATH = "/v1/notifications/undeliverable-addresses"


@pytest.fixture
async def post(service_database: Callable[[str], Any], mailbox: Mailbox, tmp_path: Path) -> AsyncIterator[Bouncing]:
    async with bouncing(service_database, mailbox, tmp_path / "reports") as client:
        yield client


async def failures(post: Bouncing) -> list[NotificationFailed]:
    return [event for event in await post.service.events() if isinstance(event, NotificationFailed)]


async def test_a_mail_that_came_back_has_failed_and_nothing_more_is_sent_there(post: Bouncing) -> None:
    account = await post.known()
    sent_from = await post.send(account)
    assert sent_from.startswith("bounce+")
    assert sent_from.endswith(BOUNCE.partition("@")[2])
    assert len(sent_from.partition("@")[0]) <= 64
    await post.report(of.postfix(sent_from))
    message = await post.message(id_in(sent_from))
    assert (message.state, message.reason) == ("failed", "returned-5.1.1")
    assert [(event.reason_code, event.account_id) for event in await failures(post)] == [("returned-5.1.1", account)]
    assert post.marked() == ["S"]

    assert await post.send(account) == ""
    assert [event.reason_code for event in await failures(post)] == ["returned-5.1.1", "address-undeliverable"]
    # A link without which its reader has no access goes out all the same.
    reset = PasswordResetRequested.example(
        account_id=account,
        recipient=post.recipient(post.filer),
        sealed_link=post.sealer.seal("https://x.example.jp/p/t"),
        link_expires_at=post.clock.now() + timedelta(hours=1),
    )
    await post.deliver(reset)
    await post.send_all()
    assert len(post.mails(post.filer)) == 1
    assert await post.service.journal_problems() == []


async def test_an_applicants_address_that_came_back_is_shown_and_comes_back_by_its_link(post: Bouncing) -> None:
    person, application_id = tokens.person(Role.SELF), new_id()
    assert person.id is not None
    await post.know(person.id)
    filed = {"application_id": application_id, "account_id": person.id, "owner_id": person.id, "role": "self"}
    await post.deliver(ApplicationSubmitted.example(**filed, applicant=post.recipient(post.applicant)))
    await post.send_all()
    (mail,) = post.mails(post.applicant)
    await post.report(of.postfix(str(mail[SENDER_HEADER])))
    headers, path = tokens.bearer(person, post.clock), f"/v1/inbox/contacts/{application_id}"
    assert (await post.service.client.get(path, headers=headers)).json()["state"] == "undeliverable"
    (token,) = re.findall(r"https://zairyu\.example\.jp/mail-address/(\S+)", part(mail, "plain"))[:1]
    assert (await post.service.client.post(f"/v1/address-links/{token}")).json() == {"confirmed": True}
    assert (await post.service.client.get(path, headers=headers)).json()["state"] == "confirmed"


async def test_a_report_that_is_read_twice_changes_nothing(post: Bouncing) -> None:
    sent_from = await post.send(await post.known())
    for shape in (of.postfix, of.sendmail, of.postfix):
        await post.report(shape(sent_from))
    assert len(await failures(post)) == 1
    async with post.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(ReturnedMail)) == 1
        action = journal.c.action == "undeliverable_address:suppress"
        assert await session.scalar(select(func.count()).select_from(journal).where(action)) == 1


async def test_an_address_is_left_alone_after_several_mails_that_failed_for_a_passing_reason(post: Bouncing) -> None:
    account = await post.known()
    first = await post.send(account)
    await post.report(of.gmail(first, "5.2.2", "out of storage space"))
    post.clock.advance(SOFT_TIME)
    for _ in range(SOFT_FAILURES - 1):
        await post.report(of.gmail(await post.send(account), "5.2.2", "out of storage space"))
    last = await post.send(account)
    assert last, "the first one is too long ago to count"
    await post.report(of.gmail(last, "5.2.2", "out of storage space"))
    assert await post.send(account) == ""


@pytest.mark.parametrize(("answer", "left_alone"), [("5.1.1 no such user", True), ("relay not permitted", False)])
async def test_an_address_that_is_refused_at_hand_over_is_left_alone_where_the_answer_is_about_it(
    post: Bouncing, answer: str, left_alone: bool
) -> None:
    account = await post.known()
    post.mailbox.refuse(post.filer, 550, answer)
    assert await post.send(account) == ""
    post.mailbox.accept_all()
    assert (await post.send(account) == "") is left_alone
    assert [event.reason_code for event in await failures(post)] == ["smtp-550", "address-undeliverable"][
        : 1 + left_alone
    ]
    async with post.service.db.read() as session:
        returned = [(row.status, row.source) for row in await session.scalars(select(ReturnedMail))]
    assert returned == [("5.1.1", "relay")][:left_alone]
    assert await post.service.journal_problems() == []


async def test_what_is_no_failure_changes_nothing(post: Bouncing) -> None:
    account = await post.known()
    sent_from = await post.send(account)
    for raw in (
        of.postfix(sent_from, "4.4.1", "delayed", "timed out"),
        of.absent(sent_from),
        of.postfix(sent_from.replace(".1.", ".2.")),
        b"\0",
    ):
        await post.report(raw)
    assert (await post.message(id_in(sent_from))).state == "sent"
    assert post.marked() == ["FS", "FS", "S", "S"]
    assert await post.send(account)


async def test_a_report_about_an_earlier_round_says_nothing_about_the_address_of_the_newest(post: Bouncing) -> None:
    account = await post.known()
    sent_from = await post.send(account)
    headers = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock) | {"Idempotency-Key": str(new_id())}
    path = f"/v1/notifications/{id_in(sent_from)}/resend"
    assert (await post.service.client.post(path, json={"reason": "not_arrived"}, headers=headers)).status_code == 202
    await post.send_all()
    await post.report(of.postfix(sent_from))
    assert (await post.message(id_in(sent_from))).state == "sent"
    assert await post.send(account)


async def test_a_process_that_dies_before_the_mark_leaves_a_report_that_changes_nothing(
    post: Bouncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_from = await post.send(await post.known())
    post.put(of.postfix(sent_from))

    def die(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="killed"):
        patch.setattr(MaildirMailbox, "mark", die)
        await post.reader.read_once()
    assert post.marked() == []
    await post.read_all()
    assert post.marked() == ["S"]
    assert len(await failures(post)) == 1


async def test_a_report_that_cannot_be_recorded_waits_and_holds_up_no_other(
    post: Bouncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await post.known()
    first, second = await post.send(account), await post.send(account)
    recorded = type(post.reader)._record

    async def fail(reader: Any, report: Any) -> Any:
        if report.message_id == id_in(first):
            raise ConnectionError("the database is away")
        return await recorded(reader, report)

    for sent_from in (first, second):
        post.put(of.postfix(sent_from))
    with monkeypatch.context() as patch:
        patch.setattr(type(post.reader), "_record", fail)
        await post.read_all()
    assert [len(await failures(post)), post.marked()] == [1, ["S"]]
    await post.read_all()
    assert [len(await failures(post)), post.marked()] == [2, ["S", "S"]]


async def test_a_report_that_no_attempt_can_record_is_flagged_for_people(
    post: Bouncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_from = await post.send(await post.known())

    async def fail(*_: object) -> None:
        raise KeyError("a bug")

    post.put(of.postfix(sent_from))
    with monkeypatch.context() as patch:
        patch.setattr(type(post.reader), "_record", fail)
        await post.read_all()
    assert post.marked() == ["FS"]


async def test_no_more_reports_are_put_off_than_fit_while_the_database_is_away(
    post: Bouncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_from = await post.send(await post.known())
    asked: list[int] = []
    unread = MaildirMailbox.unread

    def count(mailbox: MaildirMailbox, limit: int, most_bytes: int) -> list[Kept]:
        asked.append(limit)
        return unread(mailbox, limit, most_bytes)

    async def fail(*_: object) -> None:
        raise ConnectionError("the database is away")

    for _ in range(MOST_PUT_OFF + 10):
        post.put(of.postfix(sent_from))
    with monkeypatch.context() as patch:
        patch.setattr(MaildirMailbox, "unread", count)
        patch.setattr(type(post.reader), "_record", fail)
        for _ in range(4):
            assert await post.reader.read_once() == 0
    assert asked == [20, 40, 40, 40]
    await post.read_all()
    assert post.marked() == ["S"] * (MOST_PUT_OFF + 10)


@pytest.mark.parametrize("reported_before", [True, False])
async def test_an_address_is_left_alone_also_after_the_sealing_key_was_replaced(
    post: Bouncing, reported_before: bool
) -> None:
    account = await post.known()
    report = of.postfix(await post.send(account))
    if reported_before:
        await post.report(report)
    await post.deliver(StayEnding.example(account_id=account, organisation_id=None))
    post.service.app.state.runtime.sealer._private.insert(0, private_key(new_key_pair()[0]))
    if not reported_before:
        await post.report(report)
    await post.run_job("follow_sealing_key")
    assert await post.send(account) == "", "neither the message that was made before nor the one made after"
    assert [event.reason_code for event in await failures(post)][1:] == ["address-undeliverable"] * 2
    operator = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock)
    (entry,) = (await post.service.client.get(PATH, headers=operator, params={"address": post.filer})).json()["items"]
    assert (entry["status"], entry["failures"]) == ("5.1.1", 1)


async def test_operators_see_such_addresses_in_part_and_have_mail_sent_there_again(post: Bouncing) -> None:
    account = await post.known()
    await post.report(of.exchange(await post.send(account)))
    operator = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock)
    (entry,) = (await post.service.client.get(PATH, headers=operator)).json()["items"]
    assert (entry["address"], entry["status"], entry["reason"]) == ("f***@example.jp", "5.1.10", "hard")
    by_address = {"address": post.filer.upper()}
    assert len((await post.service.client.get(PATH, headers=operator, params=by_address)).json()["items"]) == 1
    lift, why = f"{PATH}/{entry['id']}/lift", {"reason": "receiving_system_repaired"}
    auditor = tokens.bearer(tokens.officer(Role.AUDITOR), post.clock)
    assert (await post.service.client.post(lift, json=why, headers=auditor)).status_code == 403
    for _ in range(2):
        assert (await post.service.client.post(lift, json=why, headers=operator)).json()["lifted_by"] == "operator"
    assert (await post.service.client.get(PATH, headers=operator)).json()["items"] == []
    assert post.filer not in str(await _lines(post))
    # It comes back once more: since then, and with what came before.
    post.clock.advance(timedelta(days=1))
    await post.report(of.exchange(await post.send(account)))
    operator = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock)
    (again,) = (await post.service.client.get(PATH, headers=operator)).json()["items"]
    assert (again["id"], again["failures"]) == (entry["id"], 2)
    assert again["since"] > entry["since"]
    detail = (await post.service.client.get(f"{PATH}/{entry['id']}", headers=operator)).json()
    assert detail["address"] == again
    happened = [(line["action"].partition(":")[2], line["detail"].get("reason")) for line in detail["history"]]
    assert happened == [("suppress", "hard"), ("lift", "receiving_system_repaired"), ("suppress", "hard")]
    assert (await post.service.client.get(f"{PATH}/{new_id()}", headers=operator)).status_code == 404


async def _lines(post: Bouncing) -> list[Any]:
    async with post.service.db.read() as session:
        return list(await session.execute(select(journal).order_by(journal.c.position)))


async def test_returned_mails_and_addresses_are_erased_after_their_time(post: Bouncing) -> None:
    account = await post.known()
    await post.report(of.exim(await post.send(account)))
    post.clock.advance(timedelta(days=401))
    await post.run_job("erase_returns")
    assert await post.send(account)


async def test_a_reader_comes_back_by_the_link_of_a_test_mail(post: Bouncing) -> None:
    person = tokens.person(Role.SELF)
    assert person.id is not None
    await post.know(person.id)
    own, test = "/v1/inbox/address", "/v1/inbox/address/test"

    async def call(method: str, path: str, **headers: str) -> httpx.Response:
        return await post.service.client.request(method, path, headers=tokens.bearer(person, post.clock) | headers)

    assert (await call("GET", own)).json()["arrives"] is True
    assert (await call("POST", test)).status_code == 409
    sent_from = await post.send(person.id)
    await post.report(of.postfix(sent_from))
    state = (await call("GET", own)).json()
    assert (state["arrives"], state["address"], state["reason"]) == (False, "f***@example.jp", "hard")
    assert (await call("POST", test)).status_code == 202
    assert (await call("POST", test)).status_code == 429
    post.mailbox.clear()
    (asked,) = [event for event in await post.service.events() if isinstance(event, AddressTestRequested)]
    await post.deliver(asked)
    await post.send_all()
    (mail,) = post.mails(post.filer)
    (token,) = re.findall(r"https://zairyu\.example\.jp/mail-address/(\S+)", part(mail, "plain"))[:1]
    # A mail program that looks at the link opens nothing by it.
    client = post.service.client
    assert (await client.get(f"/v1/address-links/{token}")).json() == {"confirmed": False}
    assert await post.send(person.id) == ""
    assert (await client.post(f"/v1/address-links/{token[:-1]}x")).status_code == 404
    assert (await client.post(f"/v1/address-links/{token}")).json() == {"confirmed": True}
    assert (await client.post(f"/v1/address-links/{token}")).status_code == 404
    assert (await call("GET", own)).json()["arrives"] is True
    assert await post.send(person.id)
    # What had come back before counts no more: the next soft failure is the first.
    await post.report(of.gmail(await post.send(person.id), "5.2.2", "out of storage space"))
    assert (await call("GET", own)).json()["arrives"] is True
    assert post.filer not in str(await _lines(post))
    assert token not in str(await _lines(post))


async def test_the_link_of_a_test_mail_ends_after_a_day(post: Bouncing) -> None:
    person = tokens.person(Role.SELF)
    assert person.id is not None
    await post.know(person.id)
    await post.report(of.postfix(await post.send(person.id)))
    await post.service.client.post("/v1/inbox/address/test", headers=tokens.bearer(person, post.clock))
    (asked,) = [event for event in await post.service.events() if isinstance(event, AddressTestRequested)]
    token = post.sealer.open(asked.sealed_link).rpartition("/")[2]
    post.clock.advance(timedelta(hours=24))
    assert (await post.service.client.post(f"/v1/address-links/{token}")).status_code == 404


async def test_reports_about_several_mails_to_one_address_may_come_at_once(post: Bouncing) -> None:
    account = await post.known()
    mails = [id_in(await post.send(account)) for _ in range(4)]

    async def send(message_id: Any) -> httpx.Response:
        report = {"message_id": f"{message_id}.1@zairyu.local", "status": "5.1.1", "at": "2026-07-01T03:00:00Z"}
        body = json.dumps(report).encode()
        headers = {HEADER: sign(body, post.clock.now(), "k1", KEY)}
        return await post.service.client.post("/mail-reports", content=body, headers=headers)

    answers = await asyncio.gather(*(send(mail) for mail in mails))
    assert [answer.json() for answer in answers] == [{"outcome": "recorded"}] * 4
    headers = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock)
    (address,) = (await post.service.client.get(PATH, headers=headers)).json()["items"]
    assert address["failures"] == 4


async def test_a_mail_provider_reports_by_a_signed_request_once(post: Bouncing) -> None:
    sent_from = await post.send(await post.known())
    (mail,) = post.mails(post.filer)

    async def send(kid: str = "k1", **changes: str) -> httpx.Response:
        report = {"message_id": str(mail["Message-ID"]), "status": "5.1.1", "at": "2026-07-01T03:00:00Z"}
        body = json.dumps(report | changes).encode()
        headers = {HEADER: sign(body, post.clock.now(), kid, KEY)}
        return await post.service.client.post("/mail-reports", content=body, headers=headers)

    assert (await post.service.client.post("/mail-reports", content=b"{}")).status_code == 401
    assert (await send("k2")).json()["code"] == "signature-refused"
    for wrong in ({"message_id": "<x@y>"}, {"status": "2.0.0"}, {"at": "today"}):
        assert (await send(**wrong)).json()["code"] == "report-malformed"
    assert (await post.message(id_in(sent_from))).state == "sent"
    assert (await send(message_id=f"{new_id()}.1@zairyu.local")).json() == {"outcome": "unknown-message"}
    assert [(await send()).json()["outcome"] for _ in range(2)] == ["recorded", "repeated"]
    await post.report(of.postfix(sent_from))
    assert [event.reason_code for event in await failures(post)] == ["returned-5.1.1"]
