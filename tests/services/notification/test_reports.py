"""Reports about mails: the shapes of mail systems, and what is made to hurt."""

import base64
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from services.notification.bounces.domain.reports import MOST_BYTES, Outcome, Report, read_report
from services.notification.channels.mail.domain.statuses import Kind, is_suppressed_after, kind_of
from services.notification.channels.mail.return_paths import ReturnPaths
from shared.sealing import Sealer, new_key_pair
from tests.services.notification import undelivered as of
from tests.support.keys import SEALING_KEY

PATHS = ReturnPaths(Sealer(SEALING_KEY), "Bounce@Mail.example.jp")
MESSAGE = UUID("01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a")
TO = PATHS.of(MESSAGE, 2)


def read(raw: bytes) -> Report:
    return read_report(raw, PATHS.find)


def test_a_return_path_names_its_mail_and_fits_into_an_address() -> None:
    local = TO.rpartition("@")[0]
    assert len(local) <= 64
    for changed in (TO, TO.upper(), f"<{TO}>", f"other@example.jp, {TO}"):
        assert PATHS.find(changed) == (MESSAGE, 2)


def test_a_return_path_that_strangers_make_up_names_nothing() -> None:
    wrong = TO.replace(".2.", ".3.")
    other = ReturnPaths(Sealer(SEALING_KEY), "bounce@mail.example.jp.evil.example").of(MESSAGE, 2)
    another_message = PATHS.of(uuid4(), 2).partition(".")[0] + "." + TO.partition(".")[2]
    for made_up in (wrong, other, another_message, "bounce@mail.example.jp", ""):
        assert PATHS.find(made_up) is None
    # A few are tried and no more: each costs a hash.
    assert PATHS.find(" ".join(PATHS.of(uuid4(), 1)[:-30] + "x" for _ in range(9))) is None


def test_a_return_path_stays_right_while_keys_are_replaced() -> None:
    rotated = ReturnPaths(Sealer(f"{new_key_pair()[0]},{SEALING_KEY}"), "bounce@mail.example.jp")
    assert rotated.find(TO) == (MESSAGE, 2)


@pytest.mark.parametrize(
    ("shape", "status", "kind"),
    [
        (of.postfix, "5.1.1", Kind.HARD),
        (of.exchange, "5.1.10", Kind.HARD),
        (of.gmail, "5.1.1", Kind.HARD),
        (of.exim, "5.1.1", Kind.HARD),
        (of.sendmail, "5.1.1", Kind.HARD),
        (of.carrier, "5.1.1", Kind.HARD),
    ],
)
def test_an_unknown_reader_is_understood_of_six_mail_systems(
    shape: Callable[[str], bytes], status: str, kind: Kind
) -> None:
    report = read(shape(TO))
    assert (report.outcome, report.message_id, report.round) == (Outcome.FAILED, MESSAGE, 2)
    assert (report.status, report.kind) == (status, kind)


@pytest.mark.parametrize(
    ("raw", "outcome", "status"),
    [
        (of.postfix(TO, "4.4.1", "delayed", "connect to mx.example.com: timed out"), Outcome.DELAYED, "4.4.1"),
        (of.postfix(TO, "4.4.1", "failed", "connect to mx.example.com: timed out"), Outcome.FAILED, "4.4.1"),
        (of.postfix(TO, "2.0.0", "delivered", "250 ok"), Outcome.DELIVERED, "5.0.0"),
        (of.gmail(TO, "5.2.2", "The recipient's inbox is out of storage space"), Outcome.FAILED, "5.2.2"),
        (of.postfix(TO, "5.0.0", "failed", "552 mailbox full"), Outcome.FAILED, "5.2.2"),
        (of.postfix(TO, "5.0.0", "failed", "550 blocked as spam"), Outcome.FAILED, "5.7.1"),
        (of.postfix(TO, "5.0.0", "failed", "554 transaction failed"), Outcome.FAILED, "5.0.0"),
        (of.carrier(TO, "受信者のメールボックスの容量を超えています"), Outcome.FAILED, "5.2.2"),
        (of.carrier(TO, "受信拒否設定により配信されませんでした"), Outcome.FAILED, "5.7.1"),
        (of.carrier(TO, "ありがとうございます"), Outcome.NOT_UNDERSTOOD, ""),
        (of.absent(TO), Outcome.AUTO_REPLY, ""),
    ],
)
def test_what_happened_is_understood(raw: bytes, outcome: Outcome, status: str) -> None:
    report = read(raw)
    assert report.outcome is outcome
    if outcome in (Outcome.FAILED, Outcome.DELAYED):
        assert report.status == status
        assert report.kind is Kind.SOFT
    assert report.message_id == MESSAGE


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Requested action not taken: mailbox unavailable",
        "Unknown user nguyen@example.com",
        "<nguyen@example.com>: User unknown; see our policy at https://example.com/spam",
        "<spam-reports@example.com>: Recipient address rejected",
        "Invalid recipient: <blocked.policy@example.com>",
        "Unrouteable address",
        "User suspended",
        "This account is disabled",
    ],
)
def test_550_without_a_code_says_that_the_mailbox_is_not_there(words: str) -> None:
    report = read(of.postfix(TO, "5.0.0", "failed", f"550 {words}"))
    assert (report.outcome, report.kind) == (Outcome.FAILED, Kind.HARD)


@pytest.mark.parametrize(
    "words",
    [
        "Requested action not taken: mailbox unavailable; Reject due to policy restrictions",
        "Administrative prohibition",
        "Unfortunately, messages from 192.0.2.1 weren't sent: part of their network is on our block list (S3140)",
        "Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
        "mail.example.jp [192.0.2.1] is listed on Cloudmark CSI-Global",
        "Your email was rejected due to having a domain present in the DBL",
        "Message rejected",
        "rejecting banned content",
        "High probability of spam",
        "sender is rejected",
        "SPF check failed",
        "DMARC verification failed",
        "Access denied - Invalid HELO name",
        "Sender verify failed",
        "relay not permitted",
        "Too many messages from this connection",
        "IP address has a poor reputation",
        "User over quota",
    ],
)
def test_550_with_words_of_a_policy_says_nothing_about_the_mailbox(words: str) -> None:
    report = read(of.postfix(TO, "5.0.0", "failed", f"550 {words}"))
    assert (report.outcome, report.kind) == (Outcome.FAILED, Kind.SOFT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", Kind.HARD),
        ("5.1.0", Kind.HARD),
        ("5.0.0", Kind.SOFT),
        ("5.0.1", Kind.SOFT),
        ("5.2.0", Kind.SOFT),
        ("5.4.0", Kind.SOFT),
        ("5.2.1", Kind.HARD),
        ("5.4.1", Kind.HARD),
        ("5.2.2", Kind.SOFT),
        ("5.1.8", Kind.SOFT),
        ("5.7.26", Kind.SOFT),
        ("5.3.4", Kind.SOFT),
        ("4.2.2", Kind.SOFT),
    ],
)
def test_a_code_says_what_follows_for_the_address(status: str, kind: Kind) -> None:
    assert kind_of(status) is kind


def test_an_address_is_left_alone_after_one_hard_or_five_soft_failures() -> None:
    assert is_suppressed_after(Kind.HARD, 0)
    assert [is_suppressed_after(Kind.SOFT, count) for count in (1, 4, 5, 6)] == [False, False, True, True]


def _with_recipients(count: int) -> bytes:
    block = "\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: failed\r\nStatus: 5.1.1"
    return of.multipart("MAILER-DAEMON@x.example", TO, "words", "Reporting-MTA: dns; x" + block * count)


def _nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        inner = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) + inner
    return f"From: MAILER-DAEMON@x.example\r\nTo: {TO}\r\n".encode() + inner


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"\xff\xfe" * 500,
        of.postfix("no-reply@zairyu.example.jp"),
        of.postfix(TO.replace(".2.", ".3.")),
        _with_recipients(5000),
        _nested(13),
        _nested(3000),
        b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        f"From: MAILER-DAEMON@x\r\nTo: {TO}\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff".encode("latin-1"),
        f"From: MAILER-DAEMON@x\r\nTo: {TO}\r\nContent-Type: application/zip\r\n\r\nPK\x03\x04".encode(),
        f"From: MAILER-DAEMON@x\r\nTo: {TO}\r\nContent-Type: multipart/report\r\n\r\nno boundary".encode(),
        f"From: nguyen@example.com\r\nTo: {TO}\r\n\r\nPlease help me, 550 5.1.1".encode(),
        b"A" * (2 * MOST_BYTES),
    ],
)
def test_what_is_made_to_hurt_is_not_understood(raw: bytes) -> None:
    assert read(raw).outcome is Outcome.NOT_UNDERSTOOD


def test_a_report_is_understood_with_whatever_length_of_mail_behind_it() -> None:
    assert read(of.postfix(TO) + b"x" * (2 * MOST_BYTES)).outcome is Outcome.FAILED


def test_a_report_in_base64_is_read() -> None:
    raw = of.postfix(TO)
    head, _, rest = raw.partition(b"Content-Type: message/delivery-status\r\n\r\n")
    fields, _, tail = rest.partition(b"\r\n--=_b1")
    coded = base64.encodebytes(fields)
    made = head + b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded
    assert read(made + b"--=_b1" + tail).status == "5.1.1"
