"""The mailbox of reports: one suite for a Maildir folder and for IMAP."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.notification.bounces.mailbox import ReportMailbox, Unreadable, mailbox_at
from services.notification.settings import Settings
from tests.services.notification.imap_server import Folder, imap_server
from tests.support.keys import SEALING_KEY

NOW = datetime.now(UTC)


@dataclass
class Case:
    mailbox: ReportMailbox
    put: Callable[[bytes], None]
    flagged: Callable[[], int]
    age: Callable[[timedelta], None]


@pytest.fixture(params=["maildir", "imap"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "maildir":
        yield _maildir(tmp_path)
        return
    folder = Folder()

    def age(by: timedelta) -> None:
        for mail in folder.mails.values():
            mail.arrived -= by

    with imap_server(folder, "secret-words") as port:
        yield Case(
            mailbox_at(f"imap://reports@127.0.0.1:{port}/INBOX", "secret-words"),
            folder.put,
            lambda: sum(r"\Flagged" in mail.flags for mail in folder.mails.values()),
            age,
        )


def _maildir(path: Path) -> Case:
    for part in ("new", "cur"):
        (path / part).mkdir()
    count = 0

    def put(raw: bytes) -> None:
        nonlocal count
        count += 1
        (path / "new" / f"{count:03}.host").write_bytes(raw)

    def age(by: timedelta) -> None:
        for file in (path / "cur").iterdir():
            os.utime(file, ((NOW - by).timestamp(),) * 2)

    flagged = lambda: sum("F" in file.name.partition(":2,")[2] for file in (path / "cur").iterdir())  # noqa: E731
    return Case(mailbox_at(f"maildir:{path}", None), put, flagged, age)


def test_a_mail_is_unread_until_it_is_marked(case: Case) -> None:
    for raw in (b"first", b"second", b"x" * 5000):
        case.put(raw)
    for _ in range(2):
        found = case.mailbox.unread(2, 100)
        assert [mail.raw for mail in found] == [b"first", b"second"]
    case.mailbox.mark({found[0].key: True, found[1].key: False})
    assert [mail.raw for mail in case.mailbox.unread(9, 100)] == [b"x" * 100]
    assert case.flagged() == 1
    # Another process has marked it already, or a person has taken it away.
    case.mailbox.mark({found[0].key: True})


def test_read_mails_are_erased_after_their_time_and_unread_ones_never(case: Case) -> None:
    case.put(b"read")
    (read,) = case.mailbox.unread(9, 100)
    case.mailbox.mark({read.key: True})
    case.put(b"unread")
    case.mailbox.erase(NOW - timedelta(days=30))
    case.age(timedelta(days=40))
    case.mailbox.erase(NOW - timedelta(days=30))
    (unread,) = case.mailbox.unread(9, 100)
    assert unread.raw == b"unread"


def test_a_mailbox_that_is_away_says_so(tmp_path: Path) -> None:
    with imap_server(Folder(), "right") as port, pytest.raises(Unreadable):
        mailbox_at(f"imap://reports@127.0.0.1:{port}/INBOX", "wrong").unread(1, 1)
    for away in (mailbox_at(f"maildir:{tmp_path}/no", None), mailbox_at(f"imap://r@127.0.0.1:{port}/INBOX", "right")):
        with pytest.raises(Unreadable):
            away.unread(1, 1)


@pytest.mark.parametrize(
    "url", ["imap://r@mail.example.jp/INBOX", "imaps://mail.example.jp/INBOX", "imaps://r:secret@mail.example.jp/I"]
)
def test_a_mailbox_of_an_unsafe_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="imap"):
        mailbox_at(url, None)


def test_reports_without_an_address_to_recognise_them_by_are_refused_at_start() -> None:
    values = {"database_url": "postgresql://x", "sealing_key": SEALING_KEY}
    with pytest.raises(ValidationError, match="ZAIRYU_MAIL_BOUNCE_ADDRESS"):
        Settings(**values, mail_reports="maildir:/reports")  # type: ignore[arg-type]
