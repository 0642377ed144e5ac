"""Sentences of a notice to submit documents (資料提出通知書), in the languages of the project.

An officer chooses them for an item; the applicant reads them in the language of their mails and pages.
"""

from dataclasses import dataclass

from shared.errors import Text
from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestText(Dated):
    """One sentence about an item, with its code."""

    code: str
    text: Text


_SOURCE = "Project wording"

REQUEST_TEXTS = Table(
    "request_texts",
    lambda row: row.code,
    [
        RequestText(
            code="latest_year",
            text=Text("直近年度のものを提出してください。", "Submit the one for the latest year."),
            source=_SOURCE,
        ),
        RequestText(
            code="issued_lately",
            text=Text(
                "発行日から3か月以内のものを提出してください。", "It must have been issued within the last 3 months."
            ),
            source="ISA document lists: issued within 3 months",
        ),
        RequestText(
            code="all_pages",
            text=Text("全てのページを提出してください。", "Submit every page."),
            source=_SOURCE,
        ),
        RequestText(
            code="translation",
            text=Text("日本語訳を付けてください。", "Attach a translation into Japanese."),
            source="Immigration Control Act Enforcement Regulations art. 62",
        ),
        RequestText(
            code="illegible",
            text=Text(
                "提出済みのものが不鮮明で読み取れません。鮮明なものを再度提出してください。",
                "The one we have cannot be read. Submit a clear copy.",
            ),
            source=_SOURCE,
        ),
        RequestText(
            code="differs_from_form",
            text=Text(
                "申請書の記載と異なっています。異なる理由を説明する文書と、事実を確認できる資料を提出してください。",
                "It differs from the application form. Explain why in writing, with documents that show the facts.",
            ),
            source=_SOURCE,
        ),
        RequestText(
            code="signed",
            text=Text("作成者の署名があるものを提出してください。", "It must be signed by the person who wrote it."),
            source=_SOURCE,
        ),
        RequestText(
            code="explain_absence",
            text=Text(
                "提出できない場合は、その理由を説明する文書を提出してください。",
                "If you cannot submit it, submit a written explanation.",
            ),
            source=_SOURCE,
        ),
    ],
)
