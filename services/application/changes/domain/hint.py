"""A hint for officers. It is shown with its reason and decides nothing.

There is something to look at (`yes`) or not (`no`), or that cannot be known from what is here (`unknown`), or the
question is not one of this kind of application (`not_asked`): four answers that are never mixed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.errors import Text

_TITLES = {
    "filing_window": Text("申請の時期", "When it was filed"),
    "criteria": Text("基準に関する回答", "Answers about the criteria"),
    "advice": Text("計算・記載の確認", "Calculations and entries"),
    "contradictions": Text("記載の矛盾", "Contradictions in the form"),
    "documents": Text("不足している資料", "Missing documents"),
    "expired": Text("期限の過ぎた旅券・許可・契約", "Passport, permission or contract that has ended"),
    "job_text": Text("在留資格に合わない職務の記載", "Words of the job that do not fit the status"),
    "salary_floor": Text("報酬の下限", "Least pay"),
    "earlier_filings": Text("以前の申請との相違", "Differences from earlier applications"),
    "salary": Text("以前の申請より低い報酬", "Pay below that of an earlier application"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at: its code and name, `found` (yes, no, unknown, not_asked), and the reasons of a yes."""

    code: str
    title: Text
    found: str
    reasons: tuple[Text, ...] = ()
    fields: tuple[str, ...] = ()


def hint(code: str, found: str, reasons: Sequence[Text] = (), fields: Sequence[str] = ()) -> Hint:
    """The hint `code`."""
    return Hint(code, _TITLES[code], found, tuple(reasons), tuple(fields))
