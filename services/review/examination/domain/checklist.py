"""The examiner's checklist by procedure and status, its answers, and the evidence for them.

"No", "unknown" and "not asked" are different answers: the first counts against the applicant, the second calls for a
request, the third for another look.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text
from shared.reference.codes import Procedure


class Finding(StrEnum):
    """The answer to one question of the checklist."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the checklist; "yes" speaks for the applicant in every one.

    It is asked in these procedures and for these statuses; None: in all.
    """

    code: str
    text: Text
    procedures: frozenset[Procedure] | None = None
    statuses: frozenset[str] | None = None

    def is_asked(self, procedure: str, status: str) -> bool:
        """Whether the case of an application of this kind asks it."""
        return (self.procedures is None or procedure in self.procedures) and (
            self.statuses is None or status in self.statuses
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ground of an answer: a document of the case, with the page, or a field of the form."""

    document_id: UUID | None = None
    page: int | None = None
    field: str | None = None

    def kept(self) -> dict[str, str | int | None]:
        """As it is kept in JSON."""
        document_id = str(self.document_id) if self.document_id else None
        return {"document_id": document_id, "page": self.page, "field": self.field}


_P = Procedure
_NEW_OR_LONGER = frozenset({_P.COE, _P.CHANGE, _P.EXTEND, _P.ACQUIRE, _P.PR})
_LIVES_HERE = frozenset({_P.CHANGE, _P.EXTEND, _P.PR})
_SKILLED_WORK = frozenset({"ENG_HUM_INT", "RESEARCHER", "INSTRUCTOR", "PROFESSOR", "HSP1_A", "HSP1_B", "NURSING"})
_EMPLOYED = _SKILLED_WORK | frozenset(
    {"ARTIST", "RELIGIOUS", "JOURNALIST", "LEGAL_ACCT", "MEDICAL", "ICT", "ICT2", "ENTERTAINER", "SKILLED", "HSP2"}
)
_SSW = frozenset({"SSW1", "SSW2"})
_TRAINED = frozenset({"TITP1_A", "TITP1_B", "TITP2_A", "TITP2_B", "TITP3_A", "TITP3_B", "ESD", "TRAINEE"})
_MANAGERS = frozenset({"BUS_MGR", "HSP1_C"})
_FAMILY = frozenset({"DEPENDENT", "SPOUSE_JP", "SPOUSE_PR", "LTR"})
_POINTS = frozenset({"HSP1_A", "HSP1_B", "HSP1_C", "HSP2"})

# What officers check, compiled from published guidance: change it here, an answer that is recorded stays as it is.
CHECKLIST: tuple[Question, ...] = (
    Question("status_applicability", Text("在留資格該当性がある", "The activity falls under the status of residence")),
    Question(
        "landing_criteria", Text("上陸許可基準等に適合する", "The criteria for the status are met"), _NEW_OR_LONGER
    ),
    Question(
        "education_job_link",
        Text("学歴・職歴と職務内容に関連がある", "Education or career fits the job"),
        None,
        _SKILLED_WORK | {"SKILLED", "LEGAL_ACCT", "MEDICAL"},
    ),
    Question(
        "job_not_simple_labour",
        Text("職務が単純労働に当たらない", "The job is not simple labour"),
        None,
        _EMPLOYED - {"NURSING"},
    ),
    Question(
        "salary_equal_to_japanese",
        Text("日本人と同等額以上の報酬である", "Pay is at least that of a Japanese colleague"),
        None,
        _EMPLOYED | _SSW | _TRAINED - {"TRAINEE"},
    ),
    Question(
        "organisation_stability",
        Text("所属機関の区分・経営の安定性が確認できる", "The organisation is stable"),
        None,
        _EMPLOYED | _SSW | _TRAINED | _MANAGERS,
    ),
    Question(
        "ssw_field",
        Text(
            "特定産業分野・業務区分と試験・資格が一致する", "The industry field and the tests or qualifications agree"
        ),
        None,
        _SSW,
    ),
    Question(
        "ssw_support",
        Text("支援計画が適切に実施される", "The support plan is carried out properly"),
        None,
        frozenset({"SSW1"}),
    ),
    Question(
        "ssw_dispatch",
        Text("派遣形態が認められる分野である", "Dispatch is allowed in the field, where there is any"),
        None,
        _SSW,
    ),
    Question("points", Text("ポイント計算の各項目が疎明されている", "Each item of the points is shown"), None, _POINTS),
    Question(
        "business_place",
        Text("事業所・資本金等の基準を満たす", "Place of business and capital meet the criteria"),
        None,
        _MANAGERS,
    ),
    Question("business_continuity", Text("事業の継続性がある", "The business is continuous"), None, _MANAGERS),
    Question(
        "studies",
        Text("在籍・出席・成績の状況が良好である", "Enrolment, attendance and results are good"),
        None,
        frozenset({"STUDENT"}),
    ),
    Question(
        "expenses",
        Text("経費支弁能力がある", "The cost of living and studying is covered"),
        None,
        frozenset({"STUDENT", "CULTURAL", "TRAINEE"}),
    ),
    Question("family_relation", Text("身分関係が真実である", "The family relation is real"), None, _FAMILY),
    Question(
        "supporter_income", Text("扶養者・生計の維持能力がある", "The household can support itself"), None, _FAMILY
    ),
    Question(
        "documents_consistent",
        Text("提出資料の記載が相互に整合する", "Resume, diploma, contract and other documents agree"),
    ),
    Question("taxes", Text("納税義務を履行している", "Taxes are paid"), _LIVES_HERE),
    Question(
        "pension_and_insurance",
        Text("年金・健康保険の義務を履行している", "Pension and health insurance are paid"),
        _LIVES_HERE,
    ),
    Question(
        "immigration_history",
        Text("過去の不許可・超過滞在・退去強制がない", "No refusal, overstay or deportation before"),
    ),
    Question("notification_duties", Text("届出義務を履行している", "Duties of notification were met"), _LIVES_HERE),
    Question(
        "extra_activity",
        Text(
            "資格外活動が許可の範囲内で、本来の活動を妨げない",
            "Other activities are within the permission and do not hinder the main one",
        ),
        frozenset({_P.EXTRA_ACT, _P.EXTEND}),
        frozenset({"STUDENT", "DEPENDENT", "CULTURAL"}),
    ),
)


def checklist_of(procedure: str, status: str) -> tuple[Question, ...]:
    """The questions of a procedure and status, in their order."""
    return tuple(question for question in CHECKLIST if question.is_asked(procedure, status))


def complete(findings: Mapping[str, Finding], questions: Sequence[Question]) -> dict[str, Finding]:
    """All `questions` in their order; what was not answered is `NOT_ASKED`. Raises `Wrong` for any other."""
    codes = {question.code for question in questions}
    for code in findings:
        if code not in codes:
            raise _unknown(code, f"/findings/{code}")
    return {question.code: findings.get(question.code, Finding.NOT_ASKED) for question in questions}


def check_evidence(
    evidence: Mapping[str, Sequence[Evidence]], questions: Sequence[Question], document_ids: Collection[str]
) -> None:
    """Raise `Wrong` for evidence about another question, or of a document that the case does not have."""
    codes = {question.code for question in questions}
    for code, items in evidence.items():
        if code not in codes:
            raise _unknown(code, f"/evidence/{code}")
        for place, one in enumerate(items):
            if one.document_id is None and one.field is None:
                raise Wrong(
                    "evidence-missing",
                    Text("資料又は申請書の項目を選択してください", "Name a document or a field of the form"),
                    f"/evidence/{code}/{place}",
                )
            if one.document_id is None and one.page is not None:
                raise Wrong(
                    "page-without-document",
                    Text("ページの資料を選択してください", "Choose the document of the page"),
                    f"/evidence/{code}/{place}/document_id",
                )
            if one.document_id is not None and str(one.document_id) not in document_ids:
                raise Wrong(
                    "unknown-document",
                    Text("この案件の資料を選択してください", "Choose a document of this case"),
                    f"/evidence/{code}/{place}/document_id",
                )


def _unknown(code: str, pointer: str) -> Wrong:
    return Wrong(
        "unknown-question",
        Text(
            "審査項目 {code} はこの案件にありません",
            "The checklist of this case has no question {code}; GET /v1/cases/checklist lists them",
        ).with_values(code=code),
        pointer,
    )
