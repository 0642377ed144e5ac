"""Fields of a request that people type, for pydantic: each goes through a reader of `shared.text` first.

`occupation: Line`, or with another length `Annotated[str, Typed(one_line, most=40)]`. A guard test asks every `str` of
every request for one of these, a pattern, or `AsSent` with a reason; every number and time for bounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.errors import Text
from shared.text.characters import cleaned
from shared.text.contact import phone, postal_code
from shared.text.dates import EARLIEST, LATEST, day
from shared.text.errors import BadValue
from shared.text.lines import one_line, several_lines, unfinished
from shared.text.mail import email_address
from shared.text.numbers import whole_number
from shared.text.organisation import corporate_number


def refusal(bad: BadValue) -> PydanticCustomError:
    """`bad` as pydantic's error; `shared.http` answers with its code and the sentence in the caller's language."""
    return PydanticCustomError(bad.code, "{en}", {"en": bad.message.en, "text": bad.message})


def rule(code: str, text: Text) -> PydanticCustomError:
    """The error of a rule of our own, for a validator to raise."""
    return refusal(BadValue(code, text))


def reading(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`read`, with `BadValue` as pydantic's error."""

    def apply(value: Any) -> Any:
        try:
            return read(value)
        except BadValue as bad:
            raise refusal(bad) from bad

    return apply


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that is read by `read`, and then has `least` to `most` characters."""

    read: Callable[[str], str]
    least: int = 1
    most: int = 200

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(min_length=self.least, max_length=self.most, strict=True)
        return core_schema.no_info_before_validator_function(reading(self._read), text)

    def _read(self, value: Any) -> Any:
        return self.read(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class AsSent:
    """Marks what programs write, or what counts as it is (a password): no reader may touch it. `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class AnyJson:
    """JSON of any shape that programs write, without half characters and NUL, which nothing keeps or sends on."""

    reason: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(reading(self._check), handler(source))

    def _check(self, value: Any) -> Any:
        if isinstance(value, str):
            cleaned(value, unfinished=True)
        elif isinstance(value, Mapping):
            for name, each in value.items():
                self._check(name)
                self._check(each)
        elif isinstance(value, list):
            for each in value:
                self._check(each)
        return value


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A whole number from 0 to `most` as people write it; `unit` as in `whole_number`."""

    most: int
    unit: str = ""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = core_schema.int_schema(ge=0, le=self.most, strict=True)
        return core_schema.no_info_before_validator_function(reading(self._read), whole)

    def _read(self, value: Any) -> Any:
        return whole_number(value, self.most, unit=self.unit) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A calendar day as people write it, within `EARLIEST` and `LATEST`."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(reading(day), core_schema.date_schema())


@dataclass(frozen=True, slots=True)
class Believable:
    """A moment within `EARLIEST` and `LATEST`, so that it can be moved into any time zone."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(reading(self._check), handler(source))

    @staticmethod
    def _check(value: datetime) -> datetime:
        if not EARLIEST.year <= value.year <= LATEST.year:
            raise BadValue(
                "cannot-be-true",
                Text(
                    "あり得ない日時です。西暦の年を確認してください（例：2026-04-01T10:00:00+09:00）",
                    "This time cannot be true. Check the year, like 2026-04-01T10:00:00+09:00",
                ),
            )
        return value


Line = Annotated[str, Typed(one_line, most=200)]
LongText = Annotated[str, Typed(several_lines, most=4000)]
Unfinished = Annotated[str, Typed(unfinished, least=0, most=254)]
Email = Annotated[str, Typed(email_address, most=254), Field(examples=["hanako@example.co.jp"])]
Phone = Annotated[str, Typed(phone, most=30)]
PostalCode = Annotated[str, Typed(postal_code, most=12)]
CorporateNumber = Annotated[str, Typed(corporate_number, most=30)]
# The annual sales of the largest companies have 14 digits.
MOST_YEN = 10**15
Amount = Annotated[int, TypedNumber(MOST_YEN, "yen")]
People = Annotated[int, TypedNumber(10**7, "people")]
Day = Annotated[date, TypedDay()]
Moment = Annotated[AwareDatetime, Believable()]
