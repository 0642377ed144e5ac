"""The kinds of fields that requests are made of; a value is taken in its normal form or refused with a reason."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.clock import SystemClock, legal_date
from shared.errors import Text
from shared.reference.dated import NotInRules
from shared.reference.lists import code_list
from shared.reference.offices import office_for, prefecture_of
from shared.text import BadValue, half_width
from shared.text.typed import (
    Amount,
    AsSent,
    CorporateNumber,
    Day,
    Email,
    Line,
    LongText,
    Moment,
    People,
    Phone,
    PostalCode,
    Typed,
    Unfinished,
    rule,
)

__all__ = [
    "Accepted",
    "Amount",
    "CorporateNumber",
    "Day",
    "Email",
    "Input",
    "Line",
    "LongText",
    "Moment",
    "People",
    "Phone",
    "PostalCode",
    "Prefecture",
    "Secret",
    "TypedCode",
    "TypedLoginId",
    "TypedPassword",
    "TypedReceiptNumber",
    "Unfinished",
    "in_prefecture",
]


class Input(BaseModel):
    """A request's body. A field that is not known is refused, so that nothing can be set by the way."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def in_prefecture(address: str, prefecture: str) -> None:
    """Raise where `address` names another prefecture than the one with the code `prefecture`: which office is right?"""
    try:
        named = prefecture_of(address)
    except NotInRules:
        return
    chosen = code_list("prefecture").label(f"JP-{prefecture}").ja
    if named != chosen:
        raise rule(
            "prefecture-differs",
            Text(
                "都道府県（{chosen}）と住所（{named}）が異なります。どちらが正しいか確認してください",
                "The prefecture ({chosen}) differs from the address ({named}). Check which of them is right",
            ).with_values(chosen=chosen, named=named),
        )


def _prefecture(typed: str) -> str:
    code = half_width(typed)
    try:
        if len(code) != 2 or not code.isdecimal():
            raise NotInRules("a code has two digits")
        office_for(code, legal_date(SystemClock().now()))
    except NotInRules as error:
        raise BadValue(
            "prefecture", Text("都道府県を選択してください（例：13は東京都）", "Choose a prefecture, like 13 for Tokyo")
        ) from error
    return code


def _accepted(value: bool) -> bool:
    if not value:
        raise rule("must-be-accepted", Text("同意が必要です", "This has to be accepted"))
    return value


Prefecture = Annotated[str, Typed(_prefecture, least=2, most=2)]
Accepted = Annotated[bool, Field(strict=True), AfterValidator(_accepted)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AsSent("a secret is compared as it was made")]
# Long enough for any password in any width; the rule itself counts after normalisation.
TypedPassword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1000, strip_whitespace=False),
    AsSent("the rule for passwords brings it into normal form"),
]
TypedLoginId = Annotated[str, Typed(half_width, most=100)]
TypedReceiptNumber = Annotated[str, Typed(half_width, most=40)]
TypedCode = Annotated[str, Typed(half_width, most=40)]
