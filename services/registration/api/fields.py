"""The kinds of fields that requests are made of; a value is taken in its normal form or refused with a reason."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared.clock import SystemClock, legal_date
from shared.reference.dated import NotInRules
from shared.reference.offices import office_for
from shared.text import BadValue, corporate_number, phone, postal_code


class Input(BaseModel):
    """A request's body. A field that is not known is refused, so that nothing can be set by the way."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _rule(check: Callable[[str], str]) -> Any:
    def apply(value: str) -> str:
        try:
            return check(value)
        except BadValue as bad:
            raise _refusal(bad.code, bad.message.ja, bad.message.en) from bad

    return AfterValidator(apply)


def _refusal(code: str, ja: str, en: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{en}", {"ja": ja, "en": en})


def one_line(value: str) -> str:
    """No line breaks, control characters or marks that turn the direction of writing: these go into mails and lists."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co") for c in value):
        raise _refusal(
            "control-character", "改行や制御文字は使えません", "Line breaks and control characters are not allowed"
        )
    return unicodedata.normalize("NFC", value)


def _several_lines(value: str) -> str:
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in value):
        raise _refusal("control-character", "制御文字は使えません", "Control characters are not allowed")
    return unicodedata.normalize("NFC", value)


def _no_null(value: str) -> str:
    # All else that no login id contains is simply the wrong one.
    if "\0" in value:
        raise _refusal("control-character", "制御文字は使えません", "Control characters are not allowed")
    return value


def _email(value: str) -> str:
    """An ASCII address of one line; whether it exists is found out by mailing to it."""
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise _refusal(
            "email", "メールアドレスの形式が正しくありません", "This is not a mail address (ASCII only)"
        ) from error


def _prefecture(value: str) -> str:
    try:
        office_for(value, legal_date(SystemClock().now()))
    except NotInRules as error:
        raise _refusal(
            "prefecture", "都道府県コード(01〜47)を指定してください", "Give a prefecture code, 01 to 47"
        ) from error
    return value


def _accepted(value: bool) -> bool:
    if not value:
        raise _refusal("must-be-accepted", "同意が必要です", "This has to be accepted")
    return value


Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_several_lines)]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)]
Phone = Annotated[str, StringConstraints(max_length=30), _rule(phone)]
PostalCode = Annotated[str, StringConstraints(max_length=12), _rule(postal_code)]
CorporateNumber = Annotated[str, StringConstraints(max_length=30), _rule(corporate_number)]
Prefecture = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$"), AfterValidator(_prefecture)]
Accepted = Annotated[bool, Field(strict=True), AfterValidator(_accepted)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# Long enough for any password in any width; the rule itself counts after normalisation.
TypedPassword = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=False)]
TypedLoginId = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_no_null)]
