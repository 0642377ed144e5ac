"""No field begins another mail header: refused where it could, harmless where it is taken."""

from typing import Any
from uuid import uuid4

import pytest

from tests.services.registration.post_office import PostOffice
from tests.services.registration.site import PASSWORD, REQUIREMENTS, RegistrationClient, submission
from tests.support.forwarded import forwarded

BREAKS = ("\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n\t", "\ufeff\n")
ADDRESSES = (
    *(f"hanako@example.jp{line}Bcc: all@example.jp" for line in BREAKS),
    *(f"hanako{line}@example.jp" for line in BREAKS),
    "hanako@example.jp%0d%0aBcc:all@example.jp",
    "hanako@example.jp, all@example.jp",
    "hanako@example.jp; all@example.jp",
    "Hanako <hanako@example.jp>",
    "<hanako@example.jp>",
    "=?utf-8?q?hanako=0d=0aBcc:all?= <all@example.jp>",
    '"hanako\r\nBcc: all"@example.jp',
    "hanako@[127.0.0.1]",
    "hanako@example.jp\\r\\nBcc: all@example.jp",
    "@example.jp:all@example.jp",
    "",
)
# Taken as it stands, because it is only text: in a header it would be read as more than that.
TAKEN = (
    "=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLmpw?=",
    "=?utf-8?q?=0d=0aBcc:_all@example.jp?=",
    "%0d%0aBcc: all@example.jp",
    "\\r\\nBcc: all@example.jp",
    "花子 <all@example.jp>, 太郎",
    "<b>花子</b>{{ 7 * 7 }}{% raw %}",
)
HEADERS = {
    *("from", "to", "subject", "message-id", "date", "auto-submitted", "mime-version", "content-type"),
    "content-language",
    # What the mail server of the tests notes down: the envelope.
    *("x-envelope-from", "x-envelope-to"),
}


async def test_no_route_takes_an_address_that_is_more_than_one(site: RegistrationClient) -> None:
    headers = await site.signed_in(await site.person())
    reported = len(await site.service.events())
    for address in ADDRESSES:
        bodies: list[tuple[str, dict[str, Any]]] = [
            ("/v1/usage-registrations", submission(applicant={"email": address})),
            ("/v1/accounts/me/email", {"email": address, "email_again": address, "password": PASSWORD}),
            ("/v1/login-id-reminders", {"email": address}),
        ]
        for path, body in bodies:
            answer = await site.post(path, body, headers=headers | forwarded(f"192.0.2.{len(address)}"))
            assert answer.status_code == 422, (path, address, answer.text)
    assert len(await site.service.events()) == reported


@pytest.mark.parametrize("line", BREAKS, ids=[ascii(line) for line in BREAKS])
async def test_no_name_keeps_a_line_break(site: RegistrationClient, line: str) -> None:
    """A name is one line: what breaks it becomes a space, and what no text may hold is refused."""
    hostile = f"花子{line}Bcc: all@example.jp"
    places = (("applicant", "name"), ("applicant", "department"), ("organisation", "name"))
    if line in ("\x00", "\x1c"):
        for place, field in places:
            answer = await site.post("/v1/usage-registrations", submission(**{place: {field: hostile}}))
            assert answer.status_code == 422, (place, field, answer.text)
        return
    texts: dict[str, dict[str, Any]] = {"applicant": {}, "organisation": {}}
    for place, field in places:
        texts[place][field] = hostile
    made = await site.submit(**texts)
    shown = await site.get(f"/v1/usage-registrations/{made['id']}", await site.officer())
    assert shown.status_code == 200
    assert shown.text.count("花子 Bcc: all@example.jp") == 3


@pytest.mark.parametrize("hostile", TAKEN)
async def test_a_text_that_is_taken_stays_text(site: RegistrationClient, post_office: PostOffice, hostile: str) -> None:
    address = f"{uuid4().hex}@example.jp"
    officer = await site.officer()
    texts = {"applicant": {"name": hostile, "department": hostile, "email": address}, "organisation": {"name": hostile}}
    made = await site.submit(**texts)
    items = {"items": [{"code": "UA_FORM", "message": f"{hostile}\r\nBcc: all@example.jp"}]}
    assert (await site.decide(made["id"], "return", items, officer)).status_code == 200
    corrected = submission(**texts) | {"receipt_number": made["receipt_number"]}
    assert (await site.post(f"/v1/usage-registrations/{made['id']}/resubmit", corrected)).status_code == 200
    approval = {"requirements": REQUIREMENTS, "note": hostile}
    assert (await site.decide(made["id"], "approve", approval, officer)).status_code == 200
    assert (await site.set_password(await site.link())).status_code == 200
    mails = await post_office.mails(address)
    assert len(mails) >= 4
    for mail in mails:
        assert {name.lower() for name in mail} <= HEADERS
        assert mail.get_all("To") == [address]
        assert hostile not in str(mail["Subject"])
        assert "49" not in str(mail["Subject"])
    assert await post_office.mails("all@example.jp") == []
