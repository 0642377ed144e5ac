"""Extension, section N (区分N): 技術・人文知識・国際業務.

The version of 2026-01-05 stays while applications that were begun with it exist; the present one is of the table of
`sections.py`.
"""

from datetime import date

from services.application.forms.checks import period_permitted, staff_add_up, status_unchanged, work_has_length
from services.application.forms.field import Condition
from services.application.forms.form import Facts, FormVersion
from services.application.forms.loading import load_blocks, load_example
from services.application.forms.sections import section_form

EXTEND_N_JANUARY = FormVersion(
    version="extend-n-2026-01-05",
    procedure="EXTEND",
    statuses=("ENG_HUM_INT",),
    section="N",
    items=load_blocks("EXTEND", date(2026, 1, 5), "extend-n-2026-01-05"),
    facts=Facts(
        card_number="residence_card_no",
        present_status="current_status",
        present_period="current_period",
        stay_expiry="stay_expiry",
        requested_period="requested_period",
        category="org.category",
    ),
    checks=(status_unchanged, period_permitted, staff_add_up, work_has_length),
    documents={"DISPATCH": Condition("dispatch.used", one_of=(True,))},
    example=load_example("extend-n-2026-01-05"),
)

EXTEND_N = section_form("EXTEND", "N")
