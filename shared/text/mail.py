"""Mail addresses."""

import re

from email_validator import EmailNotValidError, validate_email

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import half_width

_DOTS = re.compile(r"\.\.|\.@|^\.")
_MOST = 254

# Domains of the addresses that most people have who write to this service.
WELL_KNOWN = frozenset(
    [
        "gmail.com",
        "icloud.com",
        "hotmail.com",
        "outlook.com",
        "yahoo.com",
        "protonmail.com",
        "yahoo.co.jp",
        "hotmail.co.jp",
        "outlook.jp",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "softbank.ne.jp",
        "i.softbank.jp",
        "ymobile.ne.jp",
        "uqmobile.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "naver.com",
        "hanmail.net",
        "yahoo.com.vn",
        "yahoo.com.ph",
        "yahoo.com.br",
    ]
)
# Others that exist and are one letter away from one of these.
_EXIST_TOO = frozenset(["mail.com", "email.com", "ymail.com", "fmail.com", "yahoo.co", "outlook.co", "gmx.com"])
# What is typed for one of these, and is further away.
_FOR = {
    "gmail.co.jp": "gmail.com",
    "gmail.jp": "gmail.com",
    "gmail.ne.jp": "gmail.com",
    "icloud.co.jp": "icloud.com",
    "icloud.jp": "icloud.com",
    "docomo.co.jp": "docomo.ne.jp",
    "ezweb.co.jp": "ezweb.ne.jp",
    "yahoo.ne.jp": "yahoo.co.jp",
    "yahoo.jp": "yahoo.co.jp",
}


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
                "No email can be sent to an address with dots in a row, or with a dot first or directly before @. "
                "Enter another email address, like name@example.com.",
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


def meant_address(typed: str) -> str | None:
    """The address that was probably meant, where the domain of `typed` has a probable slip; else None.

    A question for its writer and no more: the domain may exist.
    """
    try:
        name, _, host = email_address(typed).rpartition("@")
    except BadValue:
        return None
    host = host.lower()
    if host in WELL_KNOWN or host in _EXIST_TOO:
        return None
    meant = _FOR.get(host) or next((known for known in sorted(WELL_KNOWN) if _is_one_slip(host, known)), None)
    return f"{name}@{meant}" if meant else None


def _is_one_slip(typed: str, known: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    same = next((at for at, (one, other) in enumerate(zip(typed, known, strict=False)) if one != other), None)
    if same is None:
        return abs(len(typed) - len(known)) == 1
    left, right = typed[same:], known[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def masked_address(address: str) -> str:
    """An e-mail address by which its writer recognises it: `n***@example.com`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"
