"""Extension, section N (区分N): 技術・人文知識・国際業務.

Lengths, options and what is required follow the online form of 2026-01-05 and the bulk tool of 2026-02-27; texts that
they want full-width are taken in any width here and widened on export.
"""

from datetime import date

from services.application.forms.checks import (
    jobs_end_after_they_begin,
    period_permitted,
    staff_add_up,
    status_unchanged,
    work_has_length,
)
from services.application.forms.field import Condition
from services.application.forms.form import Facts, FormVersion
from services.application.forms.loading import load_blocks, load_example

_FACTS = Facts(
    card_number="residence_card_no",
    present_status="current_status",
    present_period="current_period",
    stay_expiry="stay_expiry",
    requested_period="requested_period",
    category="org.category",
)
_DOCUMENTS = {"DISPATCH": Condition("dispatch.used", one_of=(True,))}
_CHECKS = (status_unchanged, period_permitted, staff_add_up, work_has_length)
_TOOL = date(2026, 2, 27)

EXTEND_N_JANUARY = FormVersion(
    version="extend-n-2026-01-05",
    procedure="EXTEND",
    statuses=("ENG_HUM_INT",),
    section="N",
    items=load_blocks("EXTEND", date(2026, 1, 5), "extend-n-2026-01-05"),
    facts=_FACTS,
    checks=_CHECKS,
    documents=_DOCUMENTS,
    example=load_example("extend-n-2026-01-05"),
)

EXTEND_N = FormVersion(
    version="extend-n-2026-02-27",
    procedure="EXTEND",
    statuses=("ENG_HUM_INT",),
    section="N",
    items=load_blocks("EXTEND", _TOOL, "applicant", "education", "organisation", "job", "dispatch", "agent"),
    facts=_FACTS,
    valid_from=_TOOL,
    checks=(*_CHECKS, jobs_end_after_they_begin),
    documents=_DOCUMENTS,
    example=load_example("extend-n"),
)
