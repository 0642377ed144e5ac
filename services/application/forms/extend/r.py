"""Extension, section R (区分R): 家族滞在. The bulk tool of 2026-02-27."""

from datetime import date

from services.application.forms.checks import period_permitted, status_unchanged
from services.application.forms.form import Facts, FormVersion
from services.application.forms.loading import load_blocks, load_example

_TOOL = date(2026, 2, 27)

EXTEND_R = FormVersion(
    version="extend-r-2026-02-27",
    procedure="EXTEND",
    statuses=("DEPENDENT",),
    section="R",
    items=load_blocks("EXTEND", _TOOL, "applicant", "dependent", "supporter", "agent"),
    facts=Facts(
        card_number="residence_card_no",
        present_status="current_status",
        present_period="current_period",
        stay_expiry="stay_expiry",
        requested_period="requested_period",
    ),
    valid_from=_TOOL,
    offered=False,
    checks=(status_unchanged, period_permitted),
    example=load_example("extend-r"),
)
