"""Numbers of organisations."""

import re

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import code_like


def corporate_check_digit(base: str) -> int:
    """Check digit of a 法人番号 for its 12-digit base.

    Source: Ordinance on Corporate Numbers art. 2: 9 - (sum of P_n * Q_n mod 9), n counted from the right, Q_n = 1 for
    odd and 2 for even n. Raises ValueError where `base` is not 12 digits.
    """
    if not re.fullmatch(r"[0-9]{12}", base):
        raise ValueError("the base of a corporate number has 12 digits")
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1))
    return 9 - total % 9


def corporate_number(text: str) -> str:
    """法人番号: 13 digits, the first of which is the check digit. The T of an invoice number (登録番号) falls off."""
    number = re.sub(r"^T(?=[0-9]{13}$)", "", code_like(text))
    if re.fullmatch(r"T?[0-9]{12}", number):
        raise BadValue(
            "corporate-number",
            Text(
                "12桁の番号は登記の会社法人等番号です。国税庁の法人番号公表サイトで13桁の法人番号を確認し、入力してください"
                "（例：4011001098993）。",
                "12 digits are the number of the company register. Enter the corporate number of 13 digits, like "
                "4011001098993: the National Tax Agency's publication site has it.",
            ),
        )
    if not re.fullmatch(r"[0-9]{13}", number):
        raise BadValue(
            "corporate-number",
            Text(
                "法人番号は13桁の数字で入力してください（例：4011001098993）。",
                "Enter a corporate number of 13 digits, like 4011001098993.",
            ),
        )
    if int(number[0]) != (digit := corporate_check_digit(number[1:])):
        raise BadValue(
            "corporate-number-check-digit",
            Text(
                "法人番号に誤りがあります。後ろの12桁から計算すると先頭の数字（検査用数字）は"
                "「{digit}」ですが、一致しません。先頭の数字、又は後ろのどれかの数字（隣り合う"
                "数字の入れ違いなど）を、国税庁の法人番号公表サイトでご確認ください（例：4011001098993）。",
                "There is a mistake in the corporate number. Its last 12 digits give {digit} "
                "as the first one, the check digit, which is another. Either the first digit "
                "is wrong or one of the others (two neighbours exchanged, say). Compare it with "
                "the National Tax Agency's publication site, like 4011001098993.",
            ).with_values(digit=digit),
        )
    return number


def employment_insurance_number(text: str) -> str:
    """雇用保険適用事業所番号: 11 digits (4-6-1). Its check digit has no public rule: only the length is asked."""
    number = code_like(text)
    if not re.fullmatch(r"[0-9]{11}", number):
        raise BadValue(
            "employment-insurance-number",
            Text(
                "雇用保険適用事業所番号は11桁の数字で入力してください（例：1301-123456-7）。",
                "Enter an employment insurance office number of 11 digits, like 1301-123456-7.",
            ),
        )
    return number


def support_organisation_number(text: str) -> str:
    """登録支援機関登録番号: two digits of the year, 登, hyphen, six digits, e.g. `19登-000123`."""
    found = re.fullmatch(r"([0-9]{2})登([0-9]{6})", code_like(text))
    if found is None:
        raise BadValue(
            "support-organisation-number",
            Text(
                "登録支援機関の登録番号は「19登-000123」のように入力してください。",
                "Enter the registration number of a support organisation, like 19登-000123.",
            ),
        )
    return f"{found[1]}登-{found[2]}"
