"""The local mailbox in a browser."""

import smtplib
from email.message import EmailMessage

import httpx
import pytest

from deploy.local.mail_viewer import create_app, newest_maildir
from deploy.local.ports import HOST
from deploy.local.smtp import Mailbox

_LINK = "http://127.0.0.1:8000/set-password?token=" + "a1B2" * 40


@pytest.fixture
def viewer(mailbox: Mailbox) -> httpx.AsyncClient:
    """A browser at the viewer of the mailbox, which holds one mail."""
    mailbox.clear()
    message = EmailMessage()
    message["From"], message["To"] = "office@example.go.jp", "sato@example.co.jp"
    message["Subject"] = "【在留申請】利用申出が承認されました"
    message.set_content(f"次のリンクから設定してください。\n{_LINK}\n<script>alert(1)</script>")
    message.add_alternative("<p>設定<script>alert(2)</script></p>", subtype="html")
    with smtplib.SMTP(HOST, mailbox.port) as smtp:
        smtp.send_message(message)
    transport = httpx.ASGITransport(create_app(mailbox.maildir))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}")


async def test_mail_is_listed_and_its_long_link_can_be_followed(viewer: httpx.AsyncClient) -> None:
    """[newcomers readme] Subject and body are decoded, and a link is whole."""
    listed = await viewer.get("/")
    assert "【在留申請】利用申出が承認されました" in listed.text
    assert "sato@example.co.jp" in listed.text
    address = listed.text.split('href="')[1].split('"')[0]
    shown = await viewer.get(address)
    assert f'<a href="{_LINK}" rel="noreferrer">{_LINK}</a>' in shown.text


async def test_script_of_a_mail_does_not_run(viewer: httpx.AsyncClient) -> None:
    listed = await viewer.get("/")
    shown = await viewer.get(listed.text.split('href="')[1].split('"')[0])
    assert "<script>" not in shown.text
    assert "<iframe sandbox srcdoc=" in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


async def test_other_names_of_the_address_are_refused(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/", headers={"Host": "mail.attacker.example"})).status_code == 400


async def test_mail_that_is_not_there_is_404(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/mails/..%2f..%2fsecrets.json")).status_code == 404


def test_mailbox_of_the_stack_is_found(mailbox: Mailbox) -> None:
    assert newest_maildir(mailbox.directory) == mailbox.maildir
