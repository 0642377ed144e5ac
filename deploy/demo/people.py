"""Who takes part in the case. All names and numbers are invented."""

from dataclasses import dataclass

PASSWORD = "a quiet river in november"  # noqa: S105 - a demonstration's password, on this machine only
STAFF_MAIL = "sato@example.co.jp"
APPLICANT_MAIL = "nguyen@example.com"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's account that the demo creates."""

    login_id: str
    role: str
    shown: str


OFFICERS = (
    Officer("approval-desk", "user_approval", "user-approval desk"),
    Officer("examiner", "examiner", "examiner"),
    Officer("chief-examiner", "chief_examiner", "chief examiner"),
    Officer("card-office", "card_office", "card office"),
)

USAGE_REGISTRATION = {
    "role": "org_staff",
    "organisation": {
        "corporate_number": "4011001098993",
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
REQUIREMENTS = {
    "agent_requirements": True,
    "notifications_made": True,
    "pledge_submitted": True,
    "stable_business": True,
}
