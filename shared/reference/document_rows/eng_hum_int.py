"""技術・人文知識・国際業務: the lists of 001367009, 001404131, 001437254, 001367001 and 001437255.

Each text below is the column of categories 1 to 4: R required, c conditional, - not asked.
"""

from dataclasses import replace
from datetime import date

from shared.errors import Text
from shared.reference.codes import Category, Procedure
from shared.reference.document_rows.row import Need, Requirement

_SOURCE = "ISA checklists for 技術・人文知識・国際業務, read 2026-10"
_REVISED = date(2026, 4, 15)
_OMISSION = date(2025, 12, 1)
_COE, _CHANGE, _EXTEND = Procedure.COE, Procedure.CHANGE, Procedure.EXTEND

_VOCATIONAL = Text("専門学校を卒業した場合", "Where the person graduated from a vocational college")
_DISPATCHED = Text("派遣契約に基づいて就労する場合", "Where the person is dispatched")
_FROM_STUDENT = Text("留学からの変更で書類を省略する場合", "Where a student omits documents in a listed case")
_CHANGED_JOB = Text(
    "転職後初めての更新等、審査官が求める場合", "At the first extension after changing employer, or if asked"
)
_INTERPERSONAL = Text(
    "言語能力を用いて対人業務に従事する場合", "Where the work is with people and rests on language ability"
)

_MATRIX: tuple[tuple[str, Procedure, str, Text | None, date | None], ...] = (
    ("CAT_PROOF", _COE, "RRR-", None, None),
    ("CAT_PROOF", _CHANGE, "RRR-", None, None),
    ("CAT_PROOF", _EXTEND, "RRR-", None, None),
    ("SENMONSHI", _COE, "cccc", _VOCATIONAL, None),
    ("SENMONSHI", _CHANGE, "cccc", _VOCATIONAL, None),
    ("DISPATCH", _COE, "cccc", _DISPATCHED, None),
    ("DISPATCH", _CHANGE, "cccc", _DISPATCHED, None),
    ("DISPATCH", _EXTEND, "cccc", _DISPATCHED, None),
    ("OMIT_EXPL", _CHANGE, "-c--", _FROM_STUDENT, _OMISSION),
    ("ACTIVITY", _COE, "--RR", None, None),
    ("ACTIVITY", _CHANGE, "--RR", None, None),
    ("ACTIVITY", _EXTEND, "--RR", None, None),
    ("CAREER", _COE, "--RR", None, None),
    ("CAREER", _CHANGE, "--RR", None, None),
    ("REGISTRY", _COE, "--RR", None, None),
    ("REGISTRY", _CHANGE, "--RR", None, None),
    ("REGISTRY", _EXTEND, "--cc", _CHANGED_JOB, None),
    ("BUSINESS", _COE, "--RR", None, None),
    ("BUSINESS", _CHANGE, "--RR", None, None),
    ("BUSINESS", _EXTEND, "--cc", _CHANGED_JOB, None),
    ("FINANCIAL", _COE, "--RR", None, None),
    ("FINANCIAL", _CHANGE, "--RR", None, None),
    ("FINANCIAL", _EXTEND, "---c", _CHANGED_JOB, None),
    ("REP_DECL", _COE, "--RR", None, _REVISED),
    ("REP_DECL", _CHANGE, "--RR", None, _REVISED),
    ("REP_DECL", _EXTEND, "--RR", None, _REVISED),
    ("LANG_B2", _COE, "--cc", _INTERPERSONAL, _REVISED),
    ("LANG_B2", _CHANGE, "--cc", _INTERPERSONAL, _REVISED),
    ("LANG_B2", _EXTEND, "--cc", _INTERPERSONAL, _REVISED),
    ("RES_TAX", _EXTEND, "--RR", None, None),
    ("NO_REPORT", _COE, "---R", None, None),
    ("NO_REPORT", _CHANGE, "---R", None, None),
    ("NO_REPORT", _EXTEND, "---R", None, None),
)
# Where another reading of the lists says something else.
_DISPUTED = {
    ("REGISTRY", _EXTEND, Category.CAT3): "a note of 2026-05 says required",
    ("BUSINESS", _EXTEND, Category.CAT3): "a note of 2026-05 says required",
    ("FINANCIAL", _EXTEND, Category.CAT3): "a note of 2026-05 says required",
    ("FINANCIAL", _CHANGE, Category.CAT3): "the ISA page says that other documents are in principle not needed",
}


def _expand() -> list[Requirement]:
    rows = []
    for document, procedure, needs, condition, valid_from in _MATRIX:
        for category, need in zip(Category, needs, strict=True):
            dispute = _DISPUTED.get((document, procedure, category))
            if need == Need.NOT_ASKED and dispute is None:
                continue
            row = Requirement(
                document=document,
                procedure=procedure,
                status="ENG_HUM_INT",
                category=category,
                need=Need(need),
                condition=condition,
                valid_from=valid_from,
                source=_SOURCE,
            )
            rows.append(row if dispute is None else replace(row, verify=True, source=f"{_SOURCE}; {dispute}"))
    return rows


ROWS: tuple[Requirement, ...] = tuple(_expand())
