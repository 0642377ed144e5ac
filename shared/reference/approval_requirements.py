"""Checklists of an officer before a usage registration or a periodic report is approved, per user class."""

from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.dated import Dated, Table
from shared.reference.usage_documents import COMMISSIONED_ROLES, ORGANISATION_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequirement(Dated):
    """One line of the checklist. `categories` restricts it to organisations of these categories."""

    role: str
    code: str
    name: Text
    categories: frozenset[str] | None = None

    def asked_of(self, category: str | None) -> bool:
        """Whether it is asked of an organisation of that category (None: not known, so it is asked)."""
        return self.categories is None or category is None or category in self.categories


_SOURCE = "ISA guide on 利用申出, approval requirements of organisations and users"
_PERSONAL = "ISA guide, user classes; the checklist of persons is not published"
_NAMES = {
    "agent_requirements": Text("申請等取次者の承認要件を満たすこと", "Meets the requirements of an application agent"),
    "notifications_made": Text(
        "所属機関等に関する届出・外国人雇用状況届出を行っていること",
        "Has made the notifications on its foreign staff",
    ),
    "pledge_submitted": Text("誓約書を提出していること", "Has submitted the pledge"),
    "stable_business": Text(
        "事業が安定的・継続的に行われること（カテゴリー４は見込み）",
        "Its business is stable and continuous (category 4: is expected to be)",
    ),
    "agent_certificate": Text("申請等取次者証明書を有すること", "Holds the certificate of an application agent"),
    "notice_certificate": Text(
        "有効な届出済証明書を有し、氏名が一致すること",
        "Holds a certificate of notification that is valid, in the name that the identity provider confirmed",
    ),
    "representation_proved": Text("法定代理人であることが確認できること", "Is proved to be the legal representative"),
    "kinship_proved": Text("親族であることが確認できること", "Is proved to be a relative"),
    "inability_proved": Text(
        "対象者が16歳未満であるか、疾病その他の事由により自ら申請できないこと",
        "Whom they act for is under 16, or is proved unable to apply",
    ),
}
REQUIREMENT_CODES = tuple(_NAMES)


def _row(role: str, code: str, categories: frozenset[str] | None = None) -> ApprovalRequirement:
    return ApprovalRequirement(role=role, code=code, name=_NAMES[code], categories=categories, source=_SOURCE)


APPROVAL_REQUIREMENTS = Table(
    "approval_requirements",
    lambda row: (row.role, row.code),
    [
        *(_row(role, code) for role in ORGANISATION_ROLES for code in ("agent_requirements", "pledge_submitted")),
        _row("org_staff", "notifications_made"),
        _row("org_staff", "stable_business", frozenset({"CAT3", "CAT4"})),
        *(_row(role, "agent_certificate") for role in COMMISSIONED_ROLES),
        *(
            ApprovalRequirement(role=role, code=code, name=_NAMES[code], source=_PERSONAL, verify=True)
            for role, code in (
                ("lawyer_scrivener", "notice_certificate"),
                ("legal_rep", "representation_proved"),
                ("relative", "kinship_proved"),
                ("relative", "inability_proved"),
            )
        ),
    ],
)


def approval_requirements(role: str, category: str | None, day: date) -> tuple[ApprovalRequirement, ...]:
    """The checklist for one user class and category."""
    rows = APPROVAL_REQUIREMENTS.on(day)
    return tuple(row for row in rows if row.role == role and row.asked_of(category))
