"""Reasons for which an application ends without a grant: their words for officers and applicants, and the way out.

`name` is what officers choose, `plain` the same in words that applicants understand, `way_out` what they can do:
what to change, who can file again, until when.
"""

from dataclasses import dataclass
from typing import Literal

from shared.errors import Text
from shared.reference.dated import Dated, Table
from shared.texts import sentences

EndingKind = Literal["refusal", "termination"]
_ACT = "Immigration Control and Refugee Recognition Act"
# The page of the domain that has the reason. Articles beside it are from memory, unless it names them itself.
_FACTORS = "REFERENCE §8.2, factors of the guideline (from memory)"
_CHECKS = "REFERENCE §8.3, what officers check"
_NOT_ACCEPTED = "REFERENCE §6.3: 不受理・却下, without its grounds"
_AGAIN = Text(
    "在留期限までであれば、資料を改めてもう一度申請できます。"
    "在留期限が近い場合や過ぎている場合は、すぐに担当の官署へ相談してください。",
    "You can apply again with better documents until the last day of your stay. If that day is near or past, talk to"
    " the office in charge at once.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Dated):
    """A reason by its code. A refusal's is chosen by the officer who proposes, a termination's by who ends the case."""

    code: str
    kind: EndingKind
    name: Text
    plain: Text
    way_out: Text


def _refusal(code: str, source: str, name: Text, plain: Text, way_out: Text, *, verify: bool = True) -> Ending:
    return Ending(code=code, kind="refusal", name=name, plain=plain, way_out=way_out, source=source, verify=verify)


def _termination(code: str, name: Text, plain: Text, way_out: Text) -> Ending:
    source = "REFERENCE §6.3: 終止, the application has lost its object"
    return Ending(code=code, kind="termination", name=name, plain=plain, way_out=way_out, source=source, verify=True)


ENDINGS = Table(
    "endings",
    lambda row: row.code,
    [
        _refusal(
            "status_not_applicable",
            f"{_CHECKS}: 該当性; {_FACTORS}; {_ACT} art. 2-2, 7 (1) (ii), 20 (3), 21 (3)",
            Text("在留資格該当性が認められない", "The activity does not fall under the status of residence"),
            Text(
                "予定している活動が、申請した在留資格で行える活動に当たると認められませんでした。",
                "What you plan to do is not an activity that this status of residence allows.",
            ),
            sentences(
                Text(
                    "職務内容や活動内容を具体的に説明する資料を加えるか、活動に合う在留資格で申請してください。",
                    "Add documents that describe the work or activity in detail, or apply for the status of residence "
                    "that"
                    " fits it.",
                ),
                _AGAIN,
            ),
        ),
        _refusal(
            "requirements_not_met",
            f"{_CHECKS}: 基準; {_FACTORS}; {_ACT} art. 7 (1) (ii) with the Ministerial Ordinance on landing criteria",
            Text("許可・交付の基準に適合しない", "The criteria are not met"),
            Text(
                "学歴・職歴・報酬など、この在留資格の基準を満たしていると認められませんでした。",
                "You do not meet the criteria of this status of residence, such as education, experience or salary.",
            ),
            sentences(
                Text(
                    "満たしていない基準を下の説明で確認し、満たすことを示す資料をそろえて申請してください。",
                    "See below which criterion is not met, and apply with documents that show that it is.",
                ),
                _AGAIN,
            ),
        ),
        _refusal(
            "no_sufficient_reason",
            f"REFERENCE §8.2: {_ACT} art. 20 (3), 21 (3), 相当の理由",
            Text("適当と認めるに足りる相当の理由がない", "There is no sufficient reason to find it appropriate"),
            Text(
                "提出された資料からは、許可することが適当と認める理由が十分ではありませんでした。",
                "The documents do not give enough reason to permit what you applied for.",
            ),
            sentences(Text("在留の必要性を示す資料を加えてください。", "Add documents that show the need."), _AGAIN),
            verify=False,
        ),
        _refusal(
            "statements_not_credible",
            f"{_CHECKS}: consistency of documents; {_ACT} art. 7-2, 20 (2), 21 (2)",
            Text("申請内容の信ぴょう性が認められない", "What was stated or submitted cannot be relied on"),
            Text(
                "申請書や資料の内容に、事実と確認できない点や食い違いがありました。",
                "Some of what was stated could not be confirmed, or documents contradict each other.",
            ),
            sentences(
                Text(
                    "食い違いの理由を説明する書面と、事実を確認できる資料を用意してください。",
                    "Explain the contradiction in writing and provide documents that confirm the facts.",
                ),
                _AGAIN,
            ),
        ),
        _refusal(
            "duties_not_met",
            f"{_FACTORS}: taxes, insurance, notifications; {_ACT} art. 19-16, 20 (3), 21 (3)",
            Text(
                "納税、社会保険又は届出の義務を履行していない",
                "Duties of tax, social insurance or notification were not met",
            ),
            Text(
                "税金や社会保険料の納付、又は入管への届出が行われていませんでした。",
                "Taxes or social insurance were not paid, or a notification to the Agency was not made.",
            ),
            sentences(
                Text(
                    "未納分の納付や届出を済ませ、その証明書を付けて申請してください。",
                    "Pay what is due or make the notification, and apply with the proof of it.",
                ),
                _AGAIN,
            ),
        ),
        _refusal(
            "conduct",
            f"{_FACTORS}: good conduct; {_ACT} art. 20 (3), 21 (3)",
            Text("素行が善良であると認められない", "The conduct is not found to be good"),
            Text(
                "刑事処分など、これまでの行いが考慮されました。",
                "Past conduct, such as a criminal penalty, was taken into account.",
            ),
            Text(
                "在留期限より前に、担当の官署へ相談してください。弁護士・行政書士にも相談できます。",
                "Talk to the office in charge before your stay ends. A lawyer or an administrative scrivener can help.",
            ),
        ),
        _refusal(
            "documents_not_submitted",
            f"{_ACT} art. 20 (2), 21 (2); Regulation art. 20, 21",
            Text("求めた資料が提出されない", "Requested documents were not submitted"),
            Text(
                "お願いした資料が提出されず、審査に必要な事実を確認できませんでした。",
                "Documents that we asked for were not submitted, so that the facts could not be confirmed.",
            ),
            sentences(Text("求められた資料をそろえて申請してください。", "Apply with those documents."), _AGAIN),
        ),
        _refusal(
            "form_defects",
            f"{_NOT_ACCEPTED}; Administrative Procedure Act art. 7",
            Text("申請の形式上の要件を満たさない（不受理）", "Formal requirements are not met (not accepted)"),
            Text(
                "申請書の記載や写真などに不備があり、申請を受け付けられませんでした。",
                "The form, the photo or another formal requirement has a defect, so the application was not accepted.",
            ),
            Text(
                "下の説明にある不備を直して、もう一度申請してください。不受理は、次の申請の審査に影響しません。",
                "Correct the defect described below and file again. This has no effect on how the next application is"
                " examined.",
            ),
        ),
        _refusal(
            "not_entitled",
            f"{_NOT_ACCEPTED}; {_ACT} art. 7-2 (2), 61-9-3; Regulation art. 59-6",
            Text("申請をすることができる者でない（不受理）", "The person may not file it (not accepted)"),
            Text(
                "申請した方が、この手続を申請できる方に当たりませんでした。",
                "The person who filed may not file this procedure.",
            ),
            Text(
                "本人、法定代理人、又は承認を受けた所属機関・弁護士・行政書士から申請してください。",
                "The applicant, a legal representative, or an approved organisation, lawyer or administrative scrivener"
                " can file it.",
            ),
        ),
        _termination(
            "left_japan",
            Text("申請人が出国した", "The applicant left Japan"),
            Text(
                "申請人が日本を出国したため、審査を終了しました。",
                "The applicant left Japan, so the examination ended.",
            ),
            Text(
                "日本で活動する場合は、在留資格認定証明書の交付を申請してください。所属機関等が申請できます。",
                "To live in Japan again, a Certificate of Eligibility is needed; the organisation or a relative in"
                " Japan can apply for it.",
            ),
        ),
        _termination(
            "died",
            Text("申請人が死亡した", "The applicant died"),
            Text("申請人が亡くなられたため、審査を終了しました。", "The applicant died, so the examination ended."),
            Text(
                "在留カードは、親族又は同居の方が14日以内に返納してください。",
                "A relative or somebody who lived with the applicant returns the residence card within 14 days.",
            ),
        ),
        _termination(
            "other_permission",
            Text("他の許可を受けた", "The applicant got another permission"),
            Text(
                "別の申請で許可を受けたため、この申請の審査を終了しました。",
                "Another application was granted, so that this one has nothing left to decide.",
            ),
            Text("この申請について必要な手続はありません。", "You do not need to do anything for this application."),
        ),
        _termination(
            "filed_twice",
            Text("同じ申請が重複している", "The same application was filed twice"),
            Text(
                "同じ内容の申請がもう1件あるため、こちらの審査を終了しました。",
                "The same application was filed twice, so this one was closed.",
            ),
            Text(
                "もう1件の申請の審査は続きます。申請の一覧で確認してください。",
                "The other application is still examined. You find it in your list of applications.",
            ),
        ),
    ],
)


def names(kind: EndingKind) -> dict[str, Text]:
    """The reasons of a kind that officers choose from, with their words for officers."""
    return {row.code: row.name for row in ENDINGS.rows if row.kind == kind}


def ending(kind: EndingKind, code: str | None) -> Ending | None:
    """The reason of a code; None for one that is not known."""
    return next((row for row in ENDINGS.rows if (row.kind, row.code) == (kind, code)), None)
