"""Mail addresses."""

import re

from email_validator import EmailNotValidError, validate_email

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import half_width

_DOTS = re.compile(r"\.\.|\.@|^\.")
_MOST = 254


def email_address(typed: str) -> str:
    """An address in half width with its domain in ASCII. Whether it exists is found out by mailing to it.

    Letters before the @ are ASCII: most servers in Japan send to nothing else. Raises `BadValue`.
    """
    address = half_width(typed)
    local, _, domain = address.rpartition("@")
    if domain and _DOTS.search(f"{local}@"):
        raise BadValue(
            "email",
            Text(
                "「@」の直前や先頭に「.」がある、又は「.」が連続しているメールアドレスには送信できません。別のメールアドレスを"
                "入力してください（例：name@example.com）。",
                "No mail can be sent to an address with dots in a row, or with a dot first or directly before @. Enter "
                "another email address, like name@example.com.",
            ),
        )
    if not local.isascii():
        raise BadValue(
            "email",
            Text(
                "「@」より前は半角の英数字・記号で入力してください（例：name@example.com）。",
                "Use only Latin letters, digits and signs before @, like name@example.com.",
            ),
        )
    try:
        if len(address) > _MOST:
            raise EmailNotValidError
        # `test_environment` lets the reserved domain .test be used, to which nothing is ever sent outside.
        # `strict` bounds what is before the @ (64 characters, RFC 5321 section 4.5.3.1.1).
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError as error:
        raise BadValue(
            "email",
            Text(
                "メールアドレスの形式が正しくありません（例：name@example.com）。",
                "Enter an email address, like name@example.com.",
            ),
        ) from error
    # With the domain as mail servers know it (`xn--`): few relays take it in another script.
    return found.ascii_email or found.normalized


def masked_address(address: str) -> str:
    """An e-mail address by which its writer recognises it: `n***@example.com`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"
