"""Stored files: quotas, names, keys, tickets, retention and searches."""

from array import array
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.document.files import domain as files
from services.document.files.domain import Allowance, Quota, Tickets
from services.document.previews.domain import PageText, search
from services.document.retention import domain as retention
from services.document.retention.domain import Keeps

NOW = datetime(2026, 7, 15, 3, 25, 1, 5, tzinfo=UTC)
TODAY = date(2026, 7, 15)
DAY = timedelta(days=1)
READER, DOCUMENT = UUID(int=1), UUID(int=2)
TICKETS = Tickets("key", timedelta(minutes=10))


def test_a_file_fits_up_to_the_last_file_and_byte() -> None:
    quota = Quota(files=2, size=100)
    assert quota.leaves_room(1, 60, 40)
    assert not quota.leaves_room(2, 60, 40)
    assert not quota.leaves_room(1, 60, 41)


def test_checks_are_used_up_by_seconds_or_by_refused_files() -> None:
    allowance = Allowance(seconds=60, refused=3)
    assert not allowance.used_up(59.9, 2)
    assert allowance.used_up(60, 0)
    assert allowance.used_up(0, 3)


def test_a_signed_file_is_never_altered() -> None:
    assert files.improvements(["pdf-scan-fine", "pdf-other"]) == ["pdf-scan-fine"]
    assert files.improvements(["pdf-scan-fine", "pdf-signed"]) == []


def test_keys_of_objects_say_nothing_of_people() -> None:
    key = files.object_key(TODAY, DOCUMENT)
    assert key == f"2026-07-15/{DOCUMENT}"
    assert files.preview_key(key, "p1") == f"previews/{key}/v1/p1"
    assert files.sent_key(key, "abc") == f"previews/{key}/sent-abc"
    assert files.object_of(files.preview_key(key, "p1")) == key
    assert files.part_key(DOCUMENT, 3) == f"incoming/{DOCUMENT}/3"
    assert files.incoming_prefix(None) == "incoming/"
    assert files.hour_of(NOW) == datetime(2026, 7, 15, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size", "sizes"),
    [(0, []), (5, [5]), (files.PART_BYTES, [files.PART_BYTES]), (files.PART_BYTES + 1, [files.PART_BYTES, 1])],
)
def test_a_file_is_sent_in_parts(size: int, sizes: list[int]) -> None:
    assert files.part_sizes(size) == sizes


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [("C:\\scans\\a b.pdf", "a b.pdf"), ("/tmp/写真.jpg", "写真.jpg"), ("x" * 200 + ".pdf", "x" * 116 + ".pdf")],
)
def test_a_name_is_the_end_of_its_path(name: str, cleaned: str) -> None:
    assert files.clean_name(name) == cleaned


def test_a_ticket_is_read_as_it_was_issued_and_no_other_is() -> None:
    ticket = TICKETS.issue(READER, DOCUMENT, NOW)
    read = TICKETS.read(ticket)
    assert read is not None
    assert (read.reader, read.document_id) == (READER, DOCUMENT)
    assert read.until == (NOW + timedelta(minutes=10)).replace(microsecond=0)
    assert TICKETS.link(READER, DOCUMENT, NOW) == f"/v1/previews/{ticket}"
    for other in ("", "a", "%%%", "A" * len(ticket), ticket[:-1], Tickets("other", DAY).issue(READER, DOCUMENT, NOW)):
        assert TICKETS.read(other) is None


def test_a_seal_is_broken_by_any_change() -> None:
    sealed = TICKETS.seal("page", b"content")
    assert TICKETS.unseal("page", sealed) == b"content"
    assert TICKETS.unseal("text", sealed) is None
    assert TICKETS.unseal("page", sealed + b"!") is None
    assert Tickets("other", DAY).unseal("page", sealed) is None


@pytest.mark.parametrize(
    ("by_office", "filed", "is_open", "is_held", "expected"),
    [
        (True, True, True, True, Keeps.HOLD),
        (True, True, True, False, Keeps.RECORD_OPEN),
        (False, True, False, False, Keeps.RETENTION),
        (True, True, False, False, None),
        (False, False, False, False, None),
    ],
)
def test_a_file_is_kept_for_a_reason(
    by_office: bool, filed: bool, is_open: bool, is_held: bool, expected: Keeps | None
) -> None:
    assert retention.keeps(by_office=by_office, filed=filed, is_open=is_open, is_held=is_held) is expected


def test_days_are_swept_from_the_oldest_one_that_is_not_done() -> None:
    assert retention.unfiled_since(NOW, 30) == NOW - 30 * DAY
    assert retention.days_from(None, TODAY) == ()
    assert retention.days_from(TODAY - DAY, TODAY) == [TODAY - DAY, TODAY]
    assert retention.days_to_sweep(None, None, TODAY) == ()
    assert retention.days_to_sweep(None, TODAY - 3 * DAY, TODAY) == [TODAY - 3 * DAY, TODAY - 2 * DAY]
    assert retention.days_to_sweep(TODAY - 3 * DAY, TODAY - 9 * DAY, TODAY) == [TODAY - 2 * DAY]


def test_each_day_is_compared_with_the_store_once_in_thirty() -> None:
    assert retention.days_to_reconcile(None, TODAY) == ()
    first = TODAY - 65 * DAY
    assert retention.days_to_reconcile(first, TODAY) == [TODAY - 62 * DAY, TODAY - 32 * DAY, TODAY - 2 * DAY]
    seen = [day for ahead in range(30) for day in retention.days_to_reconcile(first, TODAY + ahead * DAY)]
    assert set(seen) >= {first + n * DAY for n in range(60)}


def _page(text: str, *sides: tuple[int, int, int, int]) -> PageText:
    return PageText(1, text, array("i", [side for each in sides for side in each]))


def test_a_text_is_found_across_lines_with_a_rectangle_for_each() -> None:
    letters = [(0, 0, 10, 10), (10, 0, 20, 10), (20, 0, 20, 0), (0, 20, 10, 30), (10, 21, 20, 31)]
    [match] = search([_page("ab\ncd", *letters)], "Ｂ cD")
    assert (match.before, match.found, match.after) == ("a", "b cd", "")
    assert match.boxes == [(10, 0, 20, 10), (0, 20, 20, 31)]
    assert list(search([_page("ab\ncd", *letters)], " ")) == []
    assert list(search([_page("ab\ncd", *letters)], "x")) == []


def test_a_text_is_found_again_and_again_and_downwards() -> None:
    letters = [(0, 10 * n, 10, 10 * n + 10) for n in range(4)]
    found = list(search([_page("aaaa", *letters)], "aa"))
    assert [match.boxes for match in found] == [[(0, 0, 10, 20)], [(0, 20, 10, 40)]]
