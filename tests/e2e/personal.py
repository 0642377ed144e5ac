"""The personal data of the case, and where it must not be: known texts, and forms that only such data has."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from deploy.demo import people

_NAMES = ("NGUYEN VAN", "TRAN THI", "佐藤 花子", "霞　花子", "霞 花子")
_PLACES = ("芝公園四丁目", "霞が関", "ハノイ")
_NUMBERS = ("C1234567", "C7654321", "0312345678", "0398765432")
_SECRETS = (people.PASSWORD,)
KNOWN = (*_NAMES, *_PLACES, *_NUMBERS, *_SECRETS, people.STAFF_MAIL, people.APPLICANT_MAIL)

FORMS = {
    "an e-mail address": re.compile(rb"[A-Za-z0-9._%+-]+(?:@|%40)(?!zairyu\.local)[A-Za-z0-9-]+\.[A-Za-z]{2,}"),
    "a residence card number": re.compile(rb"\b[A-Z]{2}[0-9]{8}[A-Z]{2}\b"),
    "a date of birth": re.compile(rb"\b19[3-9][0-9]-?[01][0-9]-?[0-3][0-9]\b"),
}


def _written(text: str) -> Iterator[str]:
    """The ways in which a text may stand in a line, an address or a message."""
    yield text
    yield text.lower()
    yield json.dumps(text)[1:-1]
    yield quote(text)
    yield quote_plus(text)


_KNOWN = {text: tuple({way.encode() for way in _written(text)}) for text in KNOWN}


def found_in(content: bytes) -> set[str]:
    """The personal data in `content`: a known text, or what has the form of such data, with what stands around it."""
    known = {text for text, ways in _KNOWN.items() if any(way in content for way in ways)}
    formed = {
        f"{what}: {content[max(match.start() - 60, 0) : match.end() + 20].decode(errors='replace')}"
        for what, form in FORMS.items()
        for match in form.finditer(content)
    }
    return known | formed
