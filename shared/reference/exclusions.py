"""Exclusions: what cannot be filed online, or not at all, for a status of residence, and what to do instead."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table

# 特定活動 for the preparation of departure (出国準備期間), where the activity of a person is named.
DEPARTURE_PREPARATION = "DEPARTURE"
Side = Literal["held", "wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Dated):
    """A status that excludes an application, by what the person holds now or wants. Empty `procedure` or `activity`
    means every one. `reason` says why, and the way out."""

    side: Side
    status: str
    procedure: str = ""
    activity: str = ""
    reason: Text


_GUIDE = "ISA Q&A on online applications: who is excluded"
_COUNTER = {
    "DIPLOMAT": Text(
        "「外交」に関する手続はオンラインでは申請できません。所属する公館を通じて外務省にご相談ください。",
        "Procedures for Diplomat cannot be filed online: ask the Ministry of Foreign Affairs through your mission.",
    ),
    "TEMP_VISITOR": Text(
        "「短期滞在」に関する手続はオンラインでは申請できません。窓口で申請してください。",
        "Procedures for Temporary Visitor cannot be filed online: please go to the counter.",
    ),
    "DESIGNATED": Text(
        "「特定活動（出国準備期間）」に関する手続はオンラインでは申請できません。窓口で申請してください。",
        "Procedures for Designated Activities to prepare departure cannot be filed online: please go to the counter.",
    ),
}
_PERMANENT = Text(
    "「永住者」に関する手続はオンラインでは申請できません。窓口で申請してください。",
    "Procedures for Permanent Resident cannot be filed online: please go to the counter.",
)
_HSP2 = Text(
    "「高度専門職２号」は在留資格変更許可申請でのみ取得でき、在留期間の更新はありません。",
    "Highly Skilled Professional (ii) is obtained by a change of status only, and its period is never extended.",
)
_TRAINEE = Text(
    "「研修」への変更は認められません。在留資格認定証明書の交付を受けて入国してください。",
    "A change to Trainee is not offered: enter Japan with a Certificate of Eligibility.",
)


def _row(side: Side, status: str, reason: Text, source: str, procedure: str = "", activity: str = "") -> Exclusion:
    return Exclusion(side=side, status=status, procedure=procedure, activity=activity, reason=reason, source=source)


EXCLUSIONS = Table(
    "exclusions",
    lambda row: (row.side, row.status, row.procedure, row.activity),
    [
        *(
            _row(side, status, reason, _GUIDE, activity=DEPARTURE_PREPARATION if status == "DESIGNATED" else "")
            for side in ("held", "wanted")
            for status, reason in _COUNTER.items()
        ),
        _row("wanted", "PR", _PERMANENT, "ISA Q&A on online applications: 永住許可 is not online"),
        *(
            _row("wanted", "HSP2", _HSP2, "Immigration Control Act art. 20-2", procedure=procedure)
            for procedure in (Procedure.COE, Procedure.EXTEND, Procedure.ACQUIRE)
        ),
        _row("wanted", "TRAINEE", _TRAINEE, "ISA bulk tool of CHANGE, 2026-04-01: not offered", procedure="CHANGE"),
    ],
)


def exclusion(
    status: str,
    procedure: str,
    day: date,
    *,
    activity: str | None = None,
    present_status: str | None = None,
    present_activity: str | None = None,
) -> Exclusion | None:
    """The rule that excludes `procedure` for the wanted `status` on `day`; None where there is none."""
    held = _find("held", present_status, procedure, present_activity, day) if present_status else None
    return held or _find("wanted", status, procedure, activity, day)


def _find(side: Side, status: str, procedure: str, activity: str | None, day: date) -> Exclusion | None:
    return EXCLUSIONS.find(day, *((side, status, p, a) for p in ("", procedure) for a in ("", activity or "")))
