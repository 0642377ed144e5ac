"""特定技能1号: table 1 (the applicant's documents) of an extension, and the documents of the field."""

from datetime import date

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.document_rows.row import Need, Requirement

_SOURCE = "ISA document tables for 特定技能, read 2026-05"
_CHANGED = date(2025, 9, 30)
_UNCHANGED = Text("前回の申請から変更がない場合は省略できます", "May be left out where nothing changed since last time")
_ARREARS = Text("滞納がある場合", "Where there are arrears")
_FIELD = Text("分野が求める場合（協議会証明等）", "Where the field asks for it (council certificate and so on)")


def _row(document: str, need: Need, condition: Text | None = None) -> Requirement:
    return Requirement(
        document=document,
        procedure=Procedure.EXTEND,
        status="SSW1",
        need=need,
        condition=condition,
        valid_from=_CHANGED,
        source=_SOURCE,
        verify=True,
    )


ROWS: tuple[Requirement, ...] = (
    _row("SSW_CONTRACT", Need.REQUIRED),
    _row("SSW_CONDITIONS", Need.REQUIRED),
    _row("RES_TAX", Need.CONDITIONAL, _UNCHANGED),
    _row("WITHHOLDING_SLIP", Need.CONDITIONAL, _UNCHANGED),
    _row("HEALTH_INSURANCE", Need.REQUIRED),
    _row("PENSION", Need.REQUIRED),
    _row("DUTY_PLEDGE", Need.CONDITIONAL, _ARREARS),
    _row("SSW_FIELD", Need.CONDITIONAL, _FIELD),
)
