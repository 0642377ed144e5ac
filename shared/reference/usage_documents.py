"""Documents of usage registrations (利用申出) and periodic reports (定期報告), per user class and day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.errors import Text
from shared.reference.dated import Dated, Table, Withdrawn

Occasion = Literal["usage_registration", "periodic_report"]
# `category`: for organisations that claim more than category 4; `several`: where one pledge covers several
# organisations; `held`: where the person holds it; `unable`: where a relative acts for somebody who is 16 or older.
Condition = Literal["always", "category", "several", "held", "unable"]

ORGANISATION_ROLES = ("org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff")
# They act for organisations that commission them, and name these in the pledge.
COMMISSIONED_ROLES = ("public_interest_staff", "rso_staff")
# What the forms of this system hold already, field by field: the official form is taken where somebody sends it, and
# nobody is asked for it. The list of users is the system's own.
BY_FORM = frozenset(
    {"UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_PLEDGE_LIST", "UA_PLEDGE_BY_USER", "UA_REPORT", "UA_USERLIST"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDocument(Dated):
    """One document that a user class submits on an occasion."""

    occasion: Occasion
    role: str
    code: str
    condition: Condition = "always"

    @property
    def by_form(self) -> bool:
        """Whether what is typed takes the document's place."""
        return self.code in BY_FORM


NAMES = {
    "UA_CHECK": Text("必要書類チェックシート", "Check sheet of the documents"),
    "UA_FORM": Text("利用申出書", "Usage registration form"),
    "UA_PLEDGE": Text("誓約書", "Pledge"),
    "UA_PLEDGE_LIST": Text("外国人を受け入れる機関の名簿", "List of the organisations of a pledge"),
    "UA_PLEDGE_BY_USER": Text("利用者別誓約機関一覧表", "List of pledged organisations per user"),
    "UA_COMMISSION": Text("依頼書", "Letter of commission"),
    "UA_AGENT_CERT": Text("申請等取次者証明書の写し", "Copy of the certificate of an application agent"),
    "UA_CATEGORY": Text("カテゴリー立証資料", "Proof of the category"),
    "UA_REPORT": Text("定期報告書", "Periodic report form"),
    "UA_USERLIST": Text("在留申請オンラインシステム利用者リスト", "List of the users of the system"),
    "UA_NOTICE_CERT": Text("届出済証明書の写し", "Copy of the certificate of notification as an application agent"),
    "UA_REPRESENTATION": Text(
        "法定代理人であることを証する資料", "Proof of the representation (family register, court order)"
    ),
    "UA_KINSHIP": Text("親族関係を証する資料", "Proof of kinship"),
    "UA_INABILITY": Text("疾病その他の事由を証する資料", "Proof that the person cannot apply (medical certificate)"),
}
CONDITIONS: dict[Condition, Text] = {
    "always": Text("必須", "Always"),
    "category": Text("カテゴリー1～3に該当する機関", "Organisations of category 1, 2 or 3"),
    "several": Text("2以上の機関について誓約する場合", "Where the pledge covers several organisations"),
    "unable": Text(
        "満16歳以上の方に代わって申請する場合", "Where you act for somebody who is 16 or older and cannot apply"
    ),
    "held": Text("申請等取次者証明書をお持ちの場合", "Where the person holds the certificate"),
}
_R7 = "ISA notice on usage registrations from 2025-04-01"
_R8 = "ISA notice on usage registrations from 2026-01-05"
_GUIDE = "ISA guide on 利用申出, documents"
_BOTH: tuple[Occasion, ...] = ("usage_registration", "periodic_report")
_OWN_FORM: dict[Occasion, tuple[str, ...]] = {
    "usage_registration": ("UA_FORM",),
    "periodic_report": ("UA_REPORT", "UA_USERLIST"),
}
_REPRESENTATIVES: tuple[tuple[str, str, Condition], ...] = (
    ("legal_rep", "UA_REPRESENTATION", "always"),
    ("relative", "UA_KINSHIP", "always"),
    ("relative", "UA_INABILITY", "unable"),
)

USAGE_DOCUMENTS: Table[UsageDocument] = Table(
    "usage_documents",
    lambda row: (row.occasion, row.role, row.code),
    [
        *(
            UsageDocument(occasion=occasion, role=role, code=code, source=_GUIDE)
            for occasion in _BOTH
            for role in ORGANISATION_ROLES
            for code in ("UA_CHECK", *_OWN_FORM[occasion], "UA_PLEDGE")
        ),
        *(
            UsageDocument(occasion=occasion, role=role, code="UA_CATEGORY", condition="category", source=_R8)
            for occasion in _BOTH
            for role in ORGANISATION_ROLES
        ),
        *(
            UsageDocument(
                occasion=occasion,
                role=role,
                code="UA_AGENT_CERT",
                condition="always" if role in COMMISSIONED_ROLES else "held",
                source=_GUIDE,
            )
            for occasion in _BOTH
            for role in ORGANISATION_ROLES
        ),
        *(
            UsageDocument(occasion="usage_registration", role=role, code="UA_COMMISSION", source=_GUIDE)
            for role in COMMISSIONED_ROLES
        ),
        *(
            Withdrawn(
                key=("usage_registration", role, "UA_COMMISSION"),
                valid_from=date(2025, 4, 1),
                source=f"{_R7}: abolished",
            )
            for role in COMMISSIONED_ROLES
        ),
        *(
            UsageDocument(
                occasion=occasion,
                role=role,
                code="UA_PLEDGE_LIST",
                condition="several",
                valid_from=date(2025, 4, 1),
                source=_R7,
            )
            for occasion in _BOTH
            for role in COMMISSIONED_ROLES
        ),
        # With a first registration the list per user would repeat the list of the pledge.
        *(
            UsageDocument(
                occasion="periodic_report",
                role=role,
                code="UA_PLEDGE_BY_USER",
                valid_from=date(2026, 1, 5),
                source=_R8,
            )
            for role in COMMISSIONED_ROLES
        ),
        *(
            UsageDocument(
                occasion="usage_registration",
                role=role,
                code="UA_PLEDGE_BY_USER",
                condition="several",
                valid_from=date(2026, 1, 5),
                source=f"{_R8}: when a new organisation commissions; taken to hold for several at once",
                verify=True,
            )
            for role in COMMISSIONED_ROLES
        ),
        UsageDocument(
            occasion="usage_registration",
            role="lawyer_scrivener",
            code="UA_NOTICE_CERT",
            source="ISA guide, user classes: notified as application agents",
        ),
        *(
            UsageDocument(
                occasion="usage_registration",
                role=role,
                code=code,
                condition=condition,
                source="ISA guide, user classes; which papers prove it is not published",
                verify=True,
            )
            for role, code, condition in _REPRESENTATIVES
        ),
    ],
)


def usage_documents(occasion: Occasion, role: str, day: date) -> tuple[UsageDocument, ...]:
    """The documents that this user class may submit on that occasion and day, each with its condition."""
    return tuple(row for row in USAGE_DOCUMENTS.on(day) if (row.occasion, row.role) == (occasion, role))


def is_required(row: UsageDocument, *, category: str | None, pledged: int, unable: bool = False) -> bool:
    """Whether the document must be there. `category` is the one claimed, `pledged` how many organisations the pledge
    covers, `unable` whether a relative acts for somebody who is old enough to apply.
    What is typed is not asked again."""
    holds = {
        "always": True,
        "category": category in ("CAT1", "CAT2", "CAT3"),
        "several": pledged > 1,
        "held": False,
        "unable": unable,
    }
    return not row.by_form and holds[row.condition]


def required_usage_documents(
    occasion: Occasion, role: str, day: date, *, category: str | None = None, pledged: int = 0, unable: bool = False
) -> tuple[str, ...]:
    """Codes that must be there; the arguments are those of `is_required`."""
    rows = usage_documents(occasion, role, day)
    return tuple(row.code for row in rows if is_required(row, category=category, pledged=pledged, unable=unable))
