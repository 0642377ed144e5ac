"""The examiner's checklist, and its answers.

"No", "unknown" and "not asked" are different answers: the first counts against the applicant, the second calls for a
request, the third for another look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.review.cases.domain.refusal import Wrong


class Finding(StrEnum):
    """The answer to one question of the checklist."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the checklist; "yes" speaks for the applicant in every one."""

    code: str
    ja: str
    en: str


CHECKLIST: tuple[Question, ...] = (
    Question("status_applicability", "在留資格該当性がある", "The activity falls under the status of residence"),
    Question("landing_criteria", "上陸許可基準等に適合する", "The criteria for the status are met"),
    Question("education_job_link", "学歴・職歴と職務内容に関連がある", "Education or career fits the job"),
    Question("job_not_simple_labour", "職務が単純労働に当たらない", "The job is not simple labour"),
    Question(
        "salary_equal_to_japanese", "日本人と同等額以上の報酬である", "Pay is at least that of a Japanese colleague"
    ),
    Question("organisation_stability", "所属機関の区分・経営の安定性が確認できる", "The organisation is stable"),
    Question(
        "documents_consistent", "履歴書・卒業証明書・契約書の記載が整合する", "Resume, diploma and contract agree"
    ),
    Question("taxes", "納税義務を履行している", "Taxes are paid"),
    Question("pension_and_insurance", "年金・健康保険の義務を履行している", "Pension and health insurance are paid"),
    Question(
        "immigration_history", "過去の不許可・超過滞在・退去強制がない", "No refusal, overstay or deportation before"
    ),
    Question("notification_duties", "届出義務を履行している", "Duties of notification were met"),
)
_CODES = frozenset(question.code for question in CHECKLIST)


def complete(findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """The whole checklist in its order; what was not answered is `NOT_ASKED`. Raises `Wrong` for unknown questions."""
    for code in findings:
        if code not in _CODES:
            raise Wrong(
                "unknown-question",
                f"審査項目 {code} はありません",
                f"The checklist has no question {code!r}; GET /v1/cases/checklist lists them",
                f"/findings/{code}",
            )
    return {question.code: findings.get(question.code, Finding.NOT_ASKED) for question in CHECKLIST}
