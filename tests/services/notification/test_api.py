"""Looking at messages, sending them again, seeing how they look."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.notification.messages.catalogue import WRITERS
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Actor, Role
from shared.events.application import BulkImportFinished
from shared.events.registration import EmailChangeRequested
from shared.ids import new_id
from shared.journal import journal
from shared.languages import TRANSLATED
from tests.services.notification.conftest import MailClient, part
from tests.support import tokens

WHY = {"reason": "not_arrived"}


async def get(post: MailClient, actor: Actor, path: str = "", **query: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    headers = tokens.bearer(actor, post.clock)
    answer = await post.service.client.get(f"/v1/notifications{path}", headers=headers, params=query)  # type: ignore[arg-type]
    return answer.status_code, answer.json()


async def looks(post: MailClient) -> list[Any]:
    """The journal's lines of officers who looked at messages."""
    async with post.service.db.read() as session:
        lines = select(journal).where(journal.c.action == "notification:search").order_by(journal.c.position)
        return list(await session.execute(lines))


async def person_with_mails(post: MailClient) -> Actor:
    """A person with a mail about their import, besides the one about their account."""
    person = tokens.person(Role.ORG_STAFF)
    assert person.id is not None
    await post.know(person.id)
    await post.deliver(BulkImportFinished.example(account_id=person.id, organisation_id=None))
    await post.send_all()
    return person


async def test_people_see_what_was_sent_to_them_and_operators_see_everything(post: MailClient) -> None:
    first, second = await person_with_mails(post), await person_with_mails(post)
    for person in (first, second):
        status, page = await get(post, person)
        assert status == 200
        assert {item["account_id"] for item in page["items"]} == {str(person.id)}
        assert len(page["items"]) == 2
    for role in (Role.OPERATOR, Role.AUDITOR):
        status, page = await get(post, tokens.officer(role))
        assert (status, len(page["items"])) == (200, 4)
        lines = await looks(post)
        assert lines[-1].detail["notification_ids"] == [item["id"] for item in page["items"]]
    assert len(lines) == 2, "each look of an officer is in the journal, and none of a person's own"
    assert "example.jp" not in str(page)


@pytest.mark.parametrize("role", sorted(OFFICER_ROLES - {Role.OPERATOR, Role.AUDITOR}))
async def test_other_officers_do_not_see_who_was_told_what(post: MailClient, role: Role) -> None:
    assert (await get(post, tokens.officer(role)))[0] == 403


async def test_search_by_state_and_template_page_by_page(post: MailClient) -> None:
    post.mailbox.refuse(post.filer, 451)
    person = tokens.person(Role.SELF)
    assert person.id is not None
    await post.know(person.id)
    operator = tokens.officer(Role.OPERATOR)
    _, page = await get(post, operator, state="temporary-failure")
    (item,) = page["items"]
    assert (item["template"], item["attempts"], item["reason"]) == ("account_activated", 1, "smtp-451")
    assert page["items"][0]["next_try_at"] is not None
    assert (await get(post, operator, state="sent"))[1]["items"] == []
    post.mailbox.accept_all()
    post.clock.advance(timedelta(minutes=1))
    await post.send_all()
    await post.deliver(BulkImportFinished.example(account_id=person.id, organisation_id=None))
    _, created = await get(post, operator, state="created")
    assert [item["template"] for item in created["items"]] == ["bulk_import_finished"]
    _, first = await get(post, operator, limit=1)
    _, second = await get(post, operator, limit=1, cursor=first["next"])
    assert [p["items"][0]["template"] for p in (first, second)] == ["bulk_import_finished", "account_activated"]
    assert second["next"] is None


async def test_operator_sends_again_once_whatever_is_clicked(post: MailClient) -> None:
    await person_with_mails(post)
    operator = tokens.officer(Role.OPERATOR)
    _, page = await get(post, operator, template="bulk_import_finished")
    path = f"/v1/notifications/{page['items'][0]['id']}/resend"
    headers = tokens.bearer(operator, post.clock) | {"Idempotency-Key": "again"}
    answers = await asyncio.gather(*(post.service.client.post(path, headers=headers, json=WHY) for _ in range(10)))
    assert {(a.status_code, a.json()["round"]) for a in answers} == {(202, 2)}
    again = await post.service.client.post(path, headers=headers | {"Idempotency-Key": "other"}, json=WHY)
    assert (again.status_code, again.json()["code"]) == (409, "still-open")
    await post.send_all()
    first, second = post.mails(post.filer)
    assert first["Subject"] == second["Subject"]
    assert first["Message-ID"] != second["Message-ID"]
    assert await post.service.journal_problems() == []


async def test_the_link_that_proves_an_address_goes_there_again_and_nowhere_else(post: MailClient) -> None:
    person = await person_with_mails(post)
    new = f"new-{post.name}@example.jp"
    link = post.sealer.seal("https://zairyu.example/email/secret")
    asked: dict[str, Any] = {"account_id": person.id, "recipient": post.recipient(new), "sealed_link": link}
    asked["link_expires_at"] = post.clock.now() + timedelta(days=1)
    await post.deliver(EmailChangeRequested.example(**asked))
    await post.send_all()
    operator = tokens.officer(Role.OPERATOR)
    _, page = await get(post, operator, template="email_change_requested")
    headers = tokens.bearer(operator, post.clock) | {"Idempotency-Key": "k"}
    path = f"/v1/notifications/{page['items'][0]['id']}/resend"
    assert (await post.service.client.post(path, headers=headers, json=WHY)).status_code == 202
    await post.send_all()
    assert len(post.mails(new)) == 2
    assert [mail for mail in post.mails(post.filer) if "/email/secret" in part(mail, "plain")] == []


async def test_message_whose_content_was_erased_cannot_be_sent_again(post: MailClient) -> None:
    await person_with_mails(post)
    post.clock.advance(timedelta(days=401))
    await post.run_job("erase_contents")
    operator = tokens.officer(Role.OPERATOR)
    _, page = await get(post, operator)
    headers = tokens.bearer(operator, post.clock) | {"Idempotency-Key": "k"}
    path = f"/v1/notifications/{page['items'][0]['id']}/resend"
    answer = await post.service.client.post(path, headers=headers, json=WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "content-erased")


async def test_only_operators_send_again(post: MailClient) -> None:
    person = await person_with_mails(post)
    _, page = await get(post, person)
    path = f"/v1/notifications/{page['items'][0]['id']}/resend"
    others = [person, *(tokens.officer(role) for role in sorted(OFFICER_ROLES - {Role.OPERATOR}))]
    for actor in others:
        headers = tokens.bearer(actor, post.clock) | {"Idempotency-Key": "k"}
        assert (await post.service.client.post(path, headers=headers, json=WHY)).status_code == 403
    headers = tokens.bearer(tokens.officer(Role.OPERATOR), post.clock)
    assert (await post.service.client.post(path, headers=headers, json=WHY)).status_code == 428
    unknown = f"/v1/notifications/{new_id()}/resend"
    answer = await post.service.client.post(unknown, headers=headers | {"Idempotency-Key": "k"}, json=WHY)
    assert answer.status_code == 404


async def test_officers_preview_every_mail_in_both_languages(post: MailClient) -> None:
    officer = tokens.officer(Role.EXAMINER)
    _, listed = await get(post, officer, "/templates")
    assert {entry["name"] for entry in listed} == set(WRITERS)
    for template in WRITERS:
        for language in ("ja", "en"):
            status, body = await get(post, officer, f"/templates/{template}/preview", language=language)
            assert status == 200
            assert body["text"] and body["html"].startswith("<!doctype html>")
    assert (await get(post, officer, "/templates/nothing/preview"))[0] == 404
    assert (await get(post, tokens.person(sorted(APPLICANT_ROLES)[0]), "/templates"))[0] == 403


async def test_operators_see_how_far_the_mails_are_in_each_language(post: MailClient) -> None:
    status, listed = await get(post, tokens.officer(Role.OPERATOR), "/translations")
    assert (status, [(one["language"], one["domain"]) for one in listed]) == (
        200,
        [(one, "mail") for one in TRANSLATED],
    )
    assert all(one["messages"] > 100 and one["reviewed"] <= one["translated"] <= one["messages"] for one in listed)
    assert (await get(post, tokens.officer(Role.EXAMINER), "/translations"))[0] == 403


async def test_an_operator_finds_a_message_by_number_address_account_and_event(post: MailClient) -> None:
    account, application = new_id(), new_id()
    await post.know(account, application)
    operator = tokens.officer(Role.OPERATOR)
    received = {"account", "applicant"}
    for asked in (
        {"number": " 東オンen26000001 "},
        {"number": "TYOEN26000001"},
        {"application_id": str(application)},
        {"cause": "zairyu.ApplicationSubmitted.v1"},
    ):
        _, page = await get(post, operator, **asked)
        assert {item["party"] for item in page["items"]} == received, asked
    _, page = await get(post, operator, address=f" {post.applicant.upper()}")
    assert [(item["party"], item["number"]) for item in page["items"]] == [("applicant", "東オンＥＮ26000001")]
    _, page = await get(post, operator, account_id=str(account), address=post.filer)
    assert {item["template"] for item in page["items"]} == {"account_activated", "application_received"}
    assert (await get(post, operator, address="nobody@example.jp"))[1]["items"] == []
    lines = await looks(post)
    assert all(post.applicant not in str(line.detail).lower() for line in lines), "the journal has no address"
    assert lines[-1].detail["by_address"] is True


async def test_people_search_neither_accounts_nor_addresses(post: MailClient) -> None:
    person = await person_with_mails(post)
    assert (await get(post, person, address=post.filer))[0] == 403
    assert (await get(post, person, account_id=str(person.id)))[0] == 403
    assert (await get(post, person, number="東オンＥＮ26000001"))[0] == 200


async def test_the_history_of_a_message_says_who_sent_it_again_and_why(post: MailClient) -> None:
    await person_with_mails(post)
    operator, auditor = tokens.officer(Role.OPERATOR), tokens.officer(Role.AUDITOR)
    _, page = await get(post, operator, template="bulk_import_finished")
    path = f"/{page['items'][0]['id']}"
    headers = tokens.bearer(operator, post.clock) | {"Idempotency-Key": "again"}
    wrong = await post.service.client.post(f"/v1/notifications{path}/resend", headers=headers, json={"reason": "why"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/reason")
    again = await post.service.client.post(f"/v1/notifications{path}/resend", headers=headers, json=WHY)
    assert again.status_code == 202
    assert (await get(post, auditor, path))[1]["can_be_sent_again"] is False, "not before it has ended"
    await post.send_all()
    status, found = await get(post, auditor, path)
    assert (status, found["message"]["state"], found["can_be_sent_again"]) == (200, "sent", True)
    assert [entry["action"].partition(":")[2] for entry in found["history"]] == ["create", "send", "resend", "send"]
    resent = found["history"][2]
    assert (resent["actor_kind"], resent["actor_id"]) == ("officer", str(operator.id))
    assert resent["detail"] == {"round": 2, "reason": "not_arrived"}
    assert "example.jp" not in str(found)


async def test_one_message_is_read_by_operators_and_auditors_alone(post: MailClient) -> None:
    person = await person_with_mails(post)
    _, page = await get(post, person)
    path = f"/{page['items'][0]['id']}"
    readers = {Role.OPERATOR, Role.AUDITOR}
    for role in sorted(OFFICER_ROLES):
        officer = tokens.officer(role)
        assert (await get(post, officer, path))[0] == (200 if role in readers else 403)
        assert (await get(post, officer, f"/{new_id()}"))[0] == (404 if role in readers else 403)
    assert (await get(post, person, path))[0] == 403
    async with post.service.db.read() as session:
        read = select(func.count()).where(journal.c.action == "notification:read")
        assert await session.scalar(read) == len(readers)
