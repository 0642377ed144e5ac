"""The mail relay: one suite for SMTP and for its twin in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deploy.local.smtp import Mailbox
from services.notification.channels.mail.relay import (
    Mail,
    MailRelay,
    MemoryRelay,
    NotNow,
    Refused,
    SmtpRelay,
    Unreachable,
)
from services.notification.channels.mail.relay.compose import compose


@dataclass
class Case:
    """A relay, and ways to look behind it and to make it fail."""

    relay: MailRelay
    to: Callable[[str], list[EmailMessage]]
    refuse: Callable[[str, int], None]
    unreachable: MailRelay


def mail(recipient: str | None = None, **changes: object) -> Mail:
    base = Mail(
        message_id=f"{uuid4()}.1@zairyu.test",
        recipient=recipient or f"{uuid4().hex}@example.jp",
        subject="【在留申請】申請を受け付けました / Application received",
        text="受付番号: 東オンＥＮ26000001\n",
        html="<p>受付番号: 東オンＥＮ26000001</p>",
        languages=("ja", "en"),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", pytest.param("smtp", marks=pytest.mark.server)])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    if request.param == "memory":
        memory, down = MemoryRelay(), MemoryRelay()
        down.down = True
        yield Case(memory, memory.to, memory.refuse, down)
        return
    box: Mailbox = request.getfixturevalue("mailbox")
    options = {"sender": "no-reply@zairyu.test", "sender_name": "在留申請オンライン", "timeout": 10}
    relay = SmtpRelay(box.host, box.port, **options)  # type: ignore[arg-type]
    nobody = SmtpRelay(box.host, 1, **options)  # type: ignore[arg-type]
    yield Case(relay, box.messages, lambda pattern, code: box.refuse(pattern, code), nobody)
    box.accept_all()


async def test_mail_arrives_with_both_parts_and_its_headers(case: Case) -> None:
    sent = mail()
    await case.relay.send(sent)
    (message,) = case.to(sent.recipient)
    assert message["Subject"] == sent.subject
    assert message["Message-ID"] == f"<{sent.message_id}>"
    assert message["From"] == "在留申請オンライン <no-reply@zairyu.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ja, en"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().strip() == sent.text.strip()
    assert html.get_content().strip() == sent.html


@pytest.mark.parametrize(("code", "kind"), [(550, Refused), (553, Refused), (450, NotNow), (451, NotNow)])
async def test_refusals_are_for_good_or_for_now_by_their_code(case: Case, code: int, kind: type[Exception]) -> None:
    address = f"{uuid4().hex}@example.jp"
    case.refuse(address, code)
    with pytest.raises(kind, match=f"smtp-{code}") as refused:
        await case.relay.send(mail(address))
    assert address not in str(refused.value)
    assert case.to(address) == []


async def test_relay_that_cannot_be_reached_is_tried_later(case: Case) -> None:
    with pytest.raises(NotNow, match="connection"):
        await case.unreachable.send(mail())


async def test_relay_says_without_a_mail_that_it_answers_and_one_that_is_away_does_not(case: Case) -> None:
    for _ in range(2):
        await case.relay.check()
    with pytest.raises(Unreachable):
        await case.unreachable.check()


@pytest.mark.parametrize(
    "address",
    ["a@example.jp\r\nBcc: b@example.jp", "a@example.jp\nX: y", "two words@example.jp", "", "no-at-sign", "a@b@c"],
)
async def test_address_that_is_none_is_refused_for_good(case: Case, address: str) -> None:
    with pytest.raises(Refused, match="address-invalid"):
        await case.relay.send(mail(address or " "))


async def test_a_long_link_to_leave_mails_stays_in_one_piece(case: Case) -> None:
    """Programs that call it take the header as it is; folding would encode a part of it."""
    left = mail(unsubscribe=f"https://zairyu.example.jp/unsubscribe/{'a' * 120}")
    await case.relay.send(left)
    (message,) = case.to(left.recipient)
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (
        f"<{left.unsubscribe}>",
        "List-Unsubscribe=One-Click",
    )
    content = compose(left, "office@example.jp", "o", datetime(2026, 7, 1, tzinfo=UTC))
    assert f"List-Unsubscribe: <{left.unsubscribe}>\r\n".encode() in content
    plain = mail()
    await case.relay.send(plain)
    assert "List-Unsubscribe" not in case.to(plain.recipient)[0]


async def test_nothing_in_the_subject_begins_another_header(case: Case) -> None:
    sent = mail(subject="one\r\nBcc: thief@example.jp\r\n\r\nbody")
    await case.relay.send(sent)
    (message,) = case.to(sent.recipient)
    assert message["Bcc"] is None
    assert "thief@example.jp" in message["Subject"]


async def test_many_mails_at_once(case: Case) -> None:
    mails = [mail() for _ in range(20)]
    await asyncio.gather(*(case.relay.send(each) for each in mails))
    for each in mails:
        assert len(case.to(each.recipient)) == 1


async def test_server_that_says_nothing_is_given_up_after_the_time_out() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = SmtpRelay("127.0.0.1", port, sender="a@example.jp", sender_name="a", timeout=0.2)
    with pytest.raises(NotNow):
        await relay.send(mail())
    server.close()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12))
@example(["【在留申請】Tài", "khoản", "của", "bạn", "đã", "sẵn", "sàng", "/", "アカウントを利用できるようになりました"])
def test_a_subject_arrives_with_its_spaces(words: list[str]) -> None:
    """Python 3.11 loses spaces between words of two scripts where it folds a header."""
    composed = compose(mail(subject=" ".join(words)), "office@example.jp", "在留申請", datetime(2026, 7, 1, tzinfo=UTC))
    assert message_from_bytes(composed, policy=SMTP)["Subject"] == " ".join(" ".join(words).split())
