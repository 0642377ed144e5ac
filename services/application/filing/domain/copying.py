"""A new draft from an earlier application of the same person: what of it can still be true.

Left out are what is asked each time (the requested period, reasons, confirmations), what has ended (stay, card and
passport of then, a photo older than six months), the documents of then, and what the new form does not ask.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.application.filing.domain.answers import Answers, divide
from services.application.forms.checks import parse_day
from services.application.forms.field import pointer_of
from services.application.forms.form import FormVersion
from shared.reference.periods import add_months

# A photo may have been taken up to six months before the application.
_PHOTO_MONTHS = 6
# Answers about "since the last permission", and declarations that hold on the day on which they are made.
_EACH_TIME = re.compile(r"(.*[._])?reason|criminal\..+|deport\..+|job\.change(d|_detail)|applicant_unable|free")
# Facts of the stay and of the card that shows it.
_OF_THE_STAY = ("stay_expiry", "present_period", "card_number")
_PASSPORT = ("passport_no", "passport_expiry")


class Why(StrEnum):
    """Reasons why something of the earlier application is not in the copy."""

    ASKED_EACH_TIME = "asked-each-time"
    NO_LONGER_VALID = "no-longer-valid"
    PHOTO_TOO_OLD = "photo-too-old"
    OF_THEN = "documents-of-then"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the copy lacks: its JSON pointer, and why."""

    pointer: str
    why: Why


@dataclass(frozen=True, slots=True)
class Earlier:
    """The application that is copied. `is_granted`: its stay, status and card have been replaced by others since.

    `photo_from` is the day on which the photo was uploaded, None where it has none that can be used.
    """

    version: FormVersion
    answers: Answers
    is_granted: bool
    has_photo: bool
    photo_from: date | None
    has_documents: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """The answers of the new draft, whether it has the photo, and what was left out."""

    answers: Mapping[str, Any]
    with_photo: bool
    left_out: tuple[LeftOut, ...]


def copied(earlier: Earlier, version: FormVersion, status: str, today: date) -> Copy:
    """The beginning of a new draft of `version` for `status` on `today`: what can still be true of `earlier`."""
    gone = dict(_gone(earlier, today))
    kept = {code: answer for code, answer in earlier.answers.items() if code not in gone}
    divided = divide(version, status, {}, kept)
    gone |= dict.fromkeys(divided.aside, Why.NOT_ASKED)
    left_out = [LeftOut(pointer_of(code), gone[code]) for code in earlier.answers if code in gone]
    with_photo = earlier.photo_from is not None and today <= add_months(earlier.photo_from, _PHOTO_MONTHS)
    if earlier.has_photo and not with_photo:
        left_out.append(LeftOut("/photo_id", Why.PHOTO_TOO_OLD))
    if earlier.has_documents:
        left_out.append(LeftOut("/documents", Why.OF_THEN))
    return Copy(divided.asked, with_photo, tuple(left_out))


def _gone(earlier: Earlier, today: date) -> Iterator[tuple[str, Why]]:
    facts = earlier.version.facts
    for code in earlier.answers:
        if code == facts.requested_period or _EACH_TIME.fullmatch(code):
            yield code, Why.ASKED_EACH_TIME
    stay_end = parse_day(earlier.answers.get(facts.stay_expiry))
    if earlier.is_granted or (stay_end is not None and stay_end < today):
        yield from ((getattr(facts, fact), Why.NO_LONGER_VALID) for fact in _OF_THE_STAY)
    if earlier.is_granted and earlier.version.procedure != "EXTEND":
        yield facts.present_status, Why.NO_LONGER_VALID
    passport_end = parse_day(earlier.answers.get("passport_expiry"))
    if passport_end is not None and passport_end < today:
        yield from ((code, Why.NO_LONGER_VALID) for code in _PASSPORT)
