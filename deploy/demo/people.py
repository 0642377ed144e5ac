"""The people of the case. All names and numbers are invented."""

import secrets
from dataclasses import dataclass
from typing import Any

from shared.auth import Role
from shared.text import BadValue, corporate_number

PASSWORD = "a quiet river in november"  # noqa: S105 - a demonstration's password, on this machine only
# Of this run alone: an address that somebody merely names gets a few mails a day, and the demo runs more often.
_RUN = secrets.token_hex(3)
STAFF_MAIL = f"sato-{_RUN}@example.co.jp"
APPLICANT_MAIL = f"nguyen-{_RUN}@example.com"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's account that the demo creates."""

    login_id: str
    role: Role
    shown: str


OFFICERS = (
    Officer("approval-desk", Role.USER_APPROVAL, "user-approval desk"),
    Officer("examiner", Role.EXAMINER, "examiner"),
    Officer("chief-examiner", Role.CHIEF_EXAMINER, "chief examiner"),
    Officer("card-office", Role.CARD_OFFICE, "card office"),
)


def usage_registration() -> dict[str, Any]:
    """The usage registration of a company's staff; each call is for another company, so the demo can be repeated."""
    return {
        "role": "org_staff",
        "organisation": {
            "corporate_number": invented_corporate_number(),
            "name": "株式会社サンプル製作所",
            "address": "東京都港区芝公園四丁目2番8号",
            "postal_code": "1050011",
            "prefecture": "13",
            "capital_yen": 30_000_000,
            "employees": 85,
            "category": "CAT3",
        },
        "applicant": {"name": "佐藤 花子", "email": STAFF_MAIL, "phone": "0312345678"},
        "documents": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY"],
        "pledge_accepted": True,
        "terms_accepted": True,
        "language": "ja",
    }


def invented_corporate_number() -> str:
    """A 法人番号 with a right check digit."""
    base = f"{secrets.randbelow(10**12):012d}"
    for digit in "123456789":
        try:
            return corporate_number(digit + base)
        except BadValue:
            continue
    raise AssertionError("one of nine check digits fits every number")


# The foreigner's own form: name and date of birth come from the identity provider.
OWN_REGISTRATION = {
    "email": APPLICANT_MAIL,
    "phone": "0312345678",
    "prefecture": "13",
    "language": "en",
    "terms_accepted": "yes",
}
