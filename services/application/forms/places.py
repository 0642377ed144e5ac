"""Postal codes and the addresses beside them: hints where the two do not belong together."""

import re
from collections.abc import Iterator

from services.application.forms.field import Form, Kind, pointer_of
from services.application.forms.form import FormVersion, entered_fields
from shared.errors import FieldProblem, Text
from shared.reference.postal_codes import PostalAddress, addresses_of
from shared.text import half_width
from shared.text.contact import UNKNOWN_POSTAL_CODE

_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


def places_to_compare(version: FormVersion, form: Form) -> Iterator[FieldProblem]:
    """A hint at every postal code that nobody has, or that belongs to another town than the address beside it.

    An address in Latin letters is not compared. Both answers are needed, so hints are found again at each look.
    """
    for entry in entered_fields(version, form):
        if entry.field.kind is not Kind.POSTAL_CODE or entry.value == UNKNOWN_POSTAL_CODE:
            continue
        places = addresses_of(entry.value)
        address = half_width(entry.around[entry.field.code.replace("postal", "address")] or "").replace(" ", "")
        message = None if places else _unknown(entry.value)
        if places and _JAPANESE.search(address) and not any(_is_in(address, place) for place in places):
            message = _elsewhere(entry.value, places[0])
        if message is not None:
            yield FieldProblem(pointer_of(entry.code), "compare", message)


def _is_in(address: str, place: PostalAddress) -> bool:
    """Whether an address names the city of a place; the district (郡) and the prefecture are often left out."""
    return half_width(re.sub("^.+?郡(?=.)", "", place.city)) in address


def _unknown(code: str) -> Text:
    return Text(
        "郵便番号{postal_code}の住所が見つかりません。番号をご確認ください（例：100-0013）。",
        "No address has the postal code {postal_code}. Check it, like 100-0013.",
    ).with_values(postal_code=_shown(code))


def _elsewhere(code: str, place: PostalAddress) -> Text:
    return Text(
        "郵便番号{postal_code}は「{address}」の番号です。郵便番号と住所をご確認ください。",
        "The postal code {postal_code} is of {address}. Compare it with the address.",
    ).with_values(postal_code=_shown(code), address=place.address)


def _shown(code: str) -> str:
    return f"{code[:3]}-{code[3:]}"
