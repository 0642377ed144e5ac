"""Calendar files (RFC 5545) of due dates and appointments, for the mails that name one.

A file has no method: it is an entry to take over, no invitation that a mail program answers. Every mail about the same
thing has the same `UID`, and a later one a higher `SEQUENCE`: an entry that was taken over moves, or is struck out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

# An hour, as long as an interview or a visit usually takes: the invitation names no end.
_LASTS = timedelta(hours=1)
_LINE = 75  # octets of a line, RFC 5545 section 3.1


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a calendar: a whole day, or a moment.

    `about` and `key` say what it is about, `title` is the name of its text, and `said_at` is when it was said.
    """

    about: str
    key: str
    title: str
    at: date | datetime
    said_at: datetime
    number: str = ""
    place: str = ""
    cancelled: bool = False


def entry_of(template: str, content: Mapping[str, Any]) -> Entry | None:
    """The entry of a mail; None for one without a day, and for content that was kept before mails had entries."""
    make = _ENTRIES.get(template)
    return make(content) if make and content["said_at"] else None


def _documents(content: Mapping[str, Any]) -> Entry:
    """The same for the request, its reminder, and a later day that was agreed."""
    return _entry("documents", content, "due_on", "documents")


def _interview(content: Mapping[str, Any]) -> Entry | None:
    place = content["place"] or (content["office"].ja if content["comes_to_office"] else "")
    return _appointment(content, place=place) if content["held_at"] else None


def _no_interview(content: Mapping[str, Any]) -> Entry | None:
    return _appointment(content, cancelled=True) if content["held_at"] else None


def _appointment(content: Mapping[str, Any], **more: Any) -> Entry:
    title = "interview" if content["comes_to_office"] else "visit"
    return _entry("interview", content, "held_at", title, **more)


def _counter(content: Mapping[str, Any]) -> Entry | None:
    if content["visit_by"] is None:
        return None
    return _entry("counter", content, "visit_by", "counter", place=content["office"].ja)


def _report(content: Mapping[str, Any]) -> Entry | None:
    """Of those who report; who proves their identity again instead has no report."""
    return None if content["personal"] else _entry("report", content, "report_due_on", "report")


def _stay(content: Mapping[str, Any]) -> Entry:
    return _entry("stay", content, "stay_expiry", "stay")


def _entry(about: str, content: Mapping[str, Any], at: str, title: str, **more: Any) -> Entry:
    return Entry(
        about, content["entry_key"], title, content[at], content["said_at"], content.get("receipt_number", ""), **more
    )


_ENTRIES: Mapping[str, Callable[[Mapping[str, Any]], Entry | None]] = {
    "documents_requested": _documents,
    "documents_due_soon": _documents,
    "more_time_agreed": _documents,
    "interview_requested": _interview,
    "interview_moved": _interview,
    "interview_soon": _interview,
    "interview_cancelled": _no_interview,
    "counter_visit_required": _counter,
    "registration_expiring": _report,
    "stay_ending": _stay,
}


def calendar(entry: Entry, title: str, domain: str) -> str:
    """The file of one entry."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(entry, title, domain))


def _lines(entry: Entry, title: str, domain: str) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Zairyu//Notifications//JA", "BEGIN:VEVENT")
    yield f"UID:{entry.about}-{entry.key}@{domain}"
    yield f"DTSTAMP:{_utc(entry.said_at)}"
    # Grows with every mail about the entry, also over services that know nothing of one another.
    yield f"SEQUENCE:{int(entry.said_at.timestamp())}"
    if isinstance(entry.at, datetime):
        yield f"DTSTART:{_utc(entry.at)}"
        yield f"DTEND:{_utc(entry.at + _LASTS)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}"
        # A day to remember, on which its reader is free.
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_escaped(title)}"
    if entry.place:
        yield f"LOCATION:{_escaped(entry.place)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield from ("END:VEVENT", "END:VCALENDAR")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A text as a value: what people typed begins no other line and no other value."""
    said = "\n".join(text.splitlines())
    for mark in ("\\", ";", ","):
        said = said.replace(mark, f"\\{mark}")
    return "".join(each for each in said.replace("\n", "\\n") if each.isprintable())


def _folded(line: str) -> str:
    """A line of at most 75 octets, continued on the next ones behind a space; no character is cut."""
    folded, length = "", 0
    for each in line:
        octets = len(each.encode())
        if length + octets > _LINE:
            folded, length = f"{folded}\r\n ", 1
        folded, length = folded + each, length + octets
    return folded
