"""The inbox: messages readable after sign-in, which were read, and what it does not show."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notification.channels.mail.rendering import Site
from shared.auth import Actor, Role
from shared.errors import Text
from shared.events.application import ApplicationSubmitted, BulkImportFinished
from shared.events.registration import PasswordResetRequested
from shared.ids import new_id
from tests.services.notification.conftest import MailClient
from tests.support import tokens

SITE = Site("https://zairyu.example.jp", Text("在留手続", "Residence"), Text("窓口", "Help desk"))


async def ask(post: MailClient, actor: Actor, method: str, path: str, **options: Any) -> tuple[int, Any]:
    headers = tokens.bearer(actor, post.clock)
    answer = await post.service.client.request(method, f"/v1/inbox{path}", headers=headers, **options)
    return answer.status_code, answer.json()


async def inbox(post: MailClient, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    status, page = await ask(post, actor, "GET", "", params=query)
    assert status == 200, page
    items: list[dict[str, Any]] = page["items"]
    return items


async def filed(post: MailClient, person: Actor) -> UUID:
    """An application that the person has filed, after an import; with the mails of both sent."""
    application_id = new_id()
    assert person.id is not None
    await post.know(person.id)
    await post.deliver(BulkImportFinished.example(account_id=person.id, organisation_id=person.organisation_id))
    post.clock.advance(timedelta(minutes=1))
    await post.deliver(
        ApplicationSubmitted.example(
            application_id=application_id,
            account_id=person.id,
            owner_id=person.organisation_id or person.id,
            role=next(iter(person.roles)).value,
            applicant=post.recipient(post.applicant, "en"),
        )
    )
    await post.send_all()
    return application_id


async def test_a_message_is_listed_once_read_and_counted(post: MailClient) -> None:
    person = tokens.person(Role.SELF)
    application_id = await filed(post, person)
    received, imported = await inbox(post, person)
    assert (received["application_id"], received["own"], received["read_at"]) == (str(application_id), True, None)
    assert received["subject"]["en"] == "Application received (receipt number)"
    assert received["subject"]["ja"] == "申請を受け付けました（申請受付番号のお知らせ）"
    assert imported["template"] == "bulk_import_finished"
    assert await ask(post, person, "GET", "/unread") == (200, {"count": 2, "more": False})

    status, message = await ask(post, person, "GET", f"/{received['id']}")
    assert status == 200
    assert ApplicationSubmitted.example().receipt_number in message["text"]["ja"]
    assert message["html"]["en"].startswith("<p>We have received your application")
    assert "style=" not in message["html"]["en"] + message["html"]["ja"]
    assert (message["mailed"], message["withheld"], message["read_at"]) == ("sent", False, None), "a look marks nothing"

    assert await ask(post, person, "POST", f"/{received['id']}/read") == (200, {"count": 1})
    first = (await inbox(post, person))[0]["read_at"]
    post.clock.advance(timedelta(hours=1))
    await ask(post, person, "POST", f"/{received['id']}/read")
    assert (await inbox(post, person))[0]["read_at"] == first, "the first time stands"
    assert [item["template"] for item in await inbox(post, person, unread=True)] == ["bulk_import_finished"]
    assert (await inbox(post, person, application_id=str(application_id)))[0]["id"] == received["id"]


async def test_all_are_marked_read_until_the_newest_that_was_shown(post: MailClient) -> None:
    person = tokens.person(Role.SELF)
    await filed(post, person)
    (newest, _) = await inbox(post, person)
    post.clock.advance(timedelta(minutes=1))
    await post.deliver(BulkImportFinished.example(account_id=person.id, organisation_id=None))
    assert await ask(post, person, "POST", "/read", json={"until": newest["id"]}) == (200, {"count": 2})
    assert [item["template"] for item in await inbox(post, person, unread=True)] == ["bulk_import_finished"]
    assert await ask(post, person, "POST", "/read", json={"until": newest["id"]}) == (200, {"count": 0})


async def test_colleagues_see_messages_about_their_applications_and_read_for_themselves(post: MailClient) -> None:
    filer = tokens.person(Role.ORG_STAFF, organisation=True)
    await filed(post, filer)
    colleague = replace(filer, id=new_id(), session_id=new_id())
    assert await inbox(post, colleague) == []
    (shown,) = await inbox(post, colleague, everyone=True)
    assert (shown["template"], shown["own"]) == ("application_received", False)
    assert (await ask(post, colleague, "POST", f"/{shown['id']}/read"))[0] == 200
    assert (await inbox(post, filer))[0]["read_at"] is None
    assert await ask(post, colleague, "GET", "/unread") == (200, {"count": 0, "more": False})


async def test_nobody_else_sees_or_marks_a_message(post: MailClient) -> None:
    person, stranger = tokens.person(Role.SELF), tokens.person(Role.SELF)
    await filed(post, person)
    (message, _) = await inbox(post, person)
    assert await inbox(post, stranger, everyone=True) == []
    for method, path in (("GET", ""), ("POST", "/read")):
        assert (await ask(post, stranger, method, f"/{message['id']}{path}"))[0] == 404
    client = replace(person, scopes=frozenset({"notification:read", "notification:write"}))
    for method, path in (("GET", ""), ("GET", "/unread"), ("GET", f"/{message['id']}"), ("POST", "/read")):
        body = {"json": {"until": message["id"]}} if method == "POST" else {}
        assert (await ask(post, client, method, path, **body))[0] == 403, "programs have GET /v1/notifications"
        status, answer = await ask(post, tokens.officer(Role.EXAMINER), method, path, **body)
        assert status == 404 or answer in ({"items": [], "next": None}, {"count": 0}, {"count": 0, "more": False})


async def test_a_link_that_proves_an_address_is_shown_by_the_mail_alone(post: MailClient) -> None:
    person = tokens.person(Role.SELF)
    assert person.id is not None
    await post.know(person.id)
    link = "https://zairyu.example.jp/password/secret"
    await post.deliver(
        PasswordResetRequested.example(
            account_id=person.id, recipient=post.recipient(post.filer), sealed_link=post.sealer.seal(link)
        )
    )
    (reset,) = await inbox(post, person)
    status, message = await ask(post, person, "GET", f"/{reset['id']}")
    assert (status, message["withheld"], message["text"], message["html"]) == (200, True, None, None)
    assert message["subject"] is not None
    assert "secret" not in str(message)


async def test_a_message_outlives_its_content(post: MailClient) -> None:
    person = tokens.person(Role.SELF)
    await filed(post, person)
    post.clock.advance(timedelta(days=399))
    await post.run_job("erase_contents")
    assert (await inbox(post, person))[0]["subject"] is not None
    post.clock.advance(timedelta(days=2))
    await post.run_job("erase_contents")
    (message, _) = await inbox(post, person)
    assert message["subject"] is None
    status, shown = await ask(post, person, "GET", f"/{message['id']}")
    assert (status, shown["text"], shown["withheld"]) == (200, None, False)
