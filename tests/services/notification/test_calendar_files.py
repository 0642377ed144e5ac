"""Calendar files of due dates and appointments: one entry for each thing, that moves and is struck out."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from services.notification.channels.mail.calendar import Entry, calendar
from services.notification.channels.mail.content.facts import Facts
from services.notification.channels.mail.rendering import Site, render
from services.notification.channels.mail.texts import texts
from services.notification.messages.catalogue import MESSAGES, by_template
from services.notification.messages.samples import sample
from shared.errors import Text
from shared.events.base import Event
from shared.events.review import AdditionalDocumentsRequested, InterviewRequested
from shared.ids import new_id
from tests.services.notification.conftest import MailClient, part, post

__all__ = ["post"]

SITE = Site("https://zairyu.example.jp:8443", Text("在留手続", "Residence procedures"), Text("窓口", "Desk"))
SAID = datetime(2026, 7, 1, 1, 23, 45, tzinfo=UTC)
HELD = datetime(2026, 7, 10, 5, 0, tzinfo=UTC)
# What is in every sealed text.
PLACE = "3階, 審査; A"


def lines(file: str) -> dict[str, str]:
    """The lines of a file that has each name once, unfolded."""
    assert file.endswith("\r\n") and "\n" not in file.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    return dict(line.split(":", 1) for line in file.replace("\r\n ", "").split("\r\n")[4:-3])


def file_of(template: str, language: Any = "ja", **changes: Any) -> dict[str, str]:
    kind = by_template(template)
    content = kind.write(kind.event.example(**changes), Facts(lambda _: PLACE, date(2026, 7, 1), "EXTEND", "TYO"))
    made = render(template, dict(content), language, SITE).calendar
    assert made is not None
    return lines(made)


def test_these_mails_have_a_calendar_file_and_say_so() -> None:
    with_file = set()
    for kind in MESSAGES:
        mail = render(kind.template, dict(sample(kind, date(2026, 7, 1))), "en", SITE)
        strikes_out = mail.calendar is not None and "STATUS:CANCELLED" in mail.calendar
        said = {"A file for your calendar is attached.": False, "strikes the appointment out": True}
        found = [strikes for words, strikes in said.items() if words in mail.text]
        assert found == ([strikes_out] if mail.calendar else []), kind.template
        with_file |= {kind.template} if mail.calendar else set()
    assert with_file == {
        *("documents_requested", "documents_due_soon", "more_time_agreed"),
        *("interview_requested", "interview_moved", "interview_soon", "interview_cancelled"),
        *("counter_visit_required", "registration_expiring", "stay_ending"),
    }


def test_a_due_date_is_a_day_and_a_later_one_moves_it() -> None:
    request = str(AdditionalDocumentsRequested.example().request_id)
    first = file_of("documents_requested", due_on="2026-07-15", requested_at=SAID)
    later = file_of("more_time_agreed", due_on="2026-08-12", agreed_at=SAID + timedelta(days=3), request_id=request)
    assert first["DTSTART;VALUE=DATE"] == "20260715" and later["DTSTART;VALUE=DATE"] == "20260812"
    assert first["UID"] == later["UID"] == f"documents-{request}@zairyu.example.jp"
    assert int(first["SEQUENCE"]) < int(later["SEQUENCE"])
    assert first["SUMMARY"].startswith("資料の提出期限（") and "METHOD" not in first


def test_an_interview_is_moved_and_cancelled() -> None:
    same = {"interview_id": str(InterviewRequested.example().application_id), "kind": "interview"}
    asked = file_of("interview_requested", "en", held_at=HELD, requested_at=SAID, **same)
    moved = file_of("interview_moved", "en", held_at=HELD + timedelta(days=1), moved_at=SAID + timedelta(1), **same)
    ended = file_of("interview_cancelled", "en", held_at=HELD, cancelled_at=SAID + timedelta(2), **same)
    assert len({each["UID"] for each in (asked, moved, ended)}) == 1
    numbers = [int(each["SEQUENCE"]) for each in (asked, moved, ended)]
    assert numbers == sorted(set(numbers))
    assert (asked["DTSTART"], asked["DTEND"]) == ("20260710T050000Z", "20260710T060000Z")
    assert moved["DTSTART"] == "20260711T050000Z"
    assert [each["STATUS"] for each in (asked, moved, ended)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert asked["SUMMARY"].startswith("Interview (") and asked["LOCATION"] == "3階\\, 審査\\; A"


@pytest.mark.parametrize(
    ("template", "changes"),
    [
        ("interview_requested", {"held_at": None}),
        ("counter_visit_required", {"visit_by": None}),
        ("registration_expiring", {"role": "self"}),
    ],
)
def test_without_a_day_there_is_no_file(template: str, changes: dict[str, Any]) -> None:
    kind = by_template(template)
    event: Event = kind.event.example(**changes)
    content = kind.write(event, Facts(lambda _: PLACE, date(2026, 7, 1), "EXTEND", "TYO"))
    assert render(template, dict(content), "ja", SITE).calendar is None


def test_content_that_was_kept_before_has_no_file() -> None:
    kind = by_template("documents_requested")
    kept = sample(kind, date(2026, 7, 1)).model_dump(mode="json", exclude={"said_at", "entry_key"})
    assert render(kind.template, dict(kind.content.model_validate(kept)), "ja", SITE).calendar is None


def test_what_people_typed_begins_no_line_and_no_value() -> None:
    """Also what Unicode counts as the end of a line, and control characters."""
    place = "A\r\nATTACH:https://evil.example\x85B\u2028C\x07, D; E\\n" + "長い場所" * 20
    entry = Entry("interview", "1", "interview", HELD, SAID, "東オンＥＮ26000001", place=place)
    found = lines(calendar(entry, "事情聴取", "zairyu.example.jp"))
    assert found["LOCATION"].startswith("A\\nATTACH:https://evil.example\\nB\\nC\\, D\\; E\\\\n長い場所")
    assert found.keys() == {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS"}


async def test_a_mail_in_vietnamese_carries_the_file(post: MailClient) -> None:
    """In the reader's language first, and in Japanese below it."""
    account, application = new_id(), new_id()
    await post.know(account, application, applicant_reads="vi")
    request = AdditionalDocumentsRequested.example(application_id=application, account_id=account)
    await post.deliver(request.model_copy(update={"items": ()}))
    await post.send_all()
    mail: EmailMessage = post.mails(post.applicant)[0]
    said, ja = texts("vi")["documents_requested"], texts("ja")["documents_requested"]
    assert mail["Content-Language"] == "vi, ja"
    assert mail["Subject"] == f"【在留申請】{said['subject']} / {ja['subject']}"
    assert part(mail, "plain").index(said["lead"]) < part(mail, "plain").index(ja["lead"])
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "zairyu.ics")
    sent: Any = attached.get_payload(decode=True)
    assert lines(sent.decode())["SUMMARY"].startswith("Hạn nộp giấy tờ")
