"""Certificate of eligibility, section N (区分N): 技術・人文知識・国際業務. The bulk tool of 2026-04-01.

The applicant has no stay yet: there is no end of it, no special period, and no residence card to find the person by.
"""

from datetime import date

from services.application.forms.checks import (
    intended_stay_has_length,
    jobs_end_after_they_begin,
    staff_add_up,
    work_has_length,
)
from services.application.forms.field import Condition
from services.application.forms.form import Facts, FormVersion
from services.application.forms.loading import load_blocks, load_example

_TOOL = date(2026, 4, 1)
_BLOCKS = ("applicant", "education", "organisation", "laboratory", "job", "dispatch", "agent")

COE_N = FormVersion(
    version="coe-n-2026-04-01",
    procedure="COE",
    statuses=("ENG_HUM_INT",),
    section="N",
    items=load_blocks("COE", _TOOL, *_BLOCKS),
    facts=Facts(category="org.category", receipt_method="receipt_method"),
    valid_from=_TOOL,
    offered=False,
    checks=(intended_stay_has_length, jobs_end_after_they_begin, staff_add_up, work_has_length),
    documents={
        "DISPATCH": Condition("dispatch.used", one_of=(True,)),
        "SENMONSHI": Condition("edu.level", one_of=("VOCATIONAL",)),
    },
    example=load_example("coe-n"),
)
