"""Receipt numbers of usage registrations (利用申出受付番号): `東利申26-000123-K`.

The bureau's letter as in the receipt numbers of applications, 利申 for 利用申出, the year, a serial number of that
bureau and year without gaps, and a check character over bureau, year and serial. The shape is our own: that of the
government's system is not published. It cannot be taken for an application's number (`東オンＥＮ26000123`).
"""

from services.registration.accounts.domain.checked_code import ALPHABET, check_character, compact, is_valid

_DIGITS = dict(zip("0123456789", ALPHABET[:10], strict=True))
LARGEST_SERIAL = 999_999


def make(letter: str, bureau: int, year: int, serial: int, kind: str = "利申") -> str:
    """The number of the `serial`-th usage registration of a bureau in a year.

    `letter` is the bureau's (東), `bureau` its place in the list of bureaus (0 to 30), `year` the year in Japan.
    `kind` tells usage registrations (利申) from periodic reports (定報).
    """
    if not 1 <= serial <= LARGEST_SERIAL or len(letter) != 1:
        raise ValueError(
            f"no receipt number for {letter!r} {serial}: one letter, and a serial of 1 to {LARGEST_SERIAL}"
        )
    digits = f"{year % 100:02d}{serial:06d}"
    return f"{letter}{kind}{digits[:2]}-{digits[2:]}-{_check(bureau, digits)}"


def is_intact(number: str, bureau: int) -> bool:
    """Whether the check character of a number that somebody typed fits."""
    code = compact(number)
    digits = code[3:-1]
    return len(code) == 12 and digits.isdecimal() and code[-1] == _check(bureau, digits)


def _check(bureau: int, digits: str) -> str:
    coded = ALPHABET[bureau] + "".join(_DIGITS[digit] for digit in digits)
    check = check_character(coded)
    assert is_valid(coded + check)
    return check
