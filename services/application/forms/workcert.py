"""Certificate of authorised employment (就労資格証明書交付申請書, 別記第二十九号の五様式), filed alone.

It says that the present status allows the work; the work to be certified is the part that is filed together as well.
"""

from collections.abc import Iterator
from datetime import date

from services.application.forms.form import Facts, Filled, FormVersion
from services.application.forms.loading import load_blocks, load_example
from services.application.forms.together import certified_work_has_length
from shared.errors import FieldProblem, Text
from shared.reference.statuses import filed_online

_TOOL = date(2026, 4, 1)


def certifies_present_status(filled: Filled) -> Iterator[FieldProblem]:
    """A certificate is about the status that the person holds."""
    present = filled.fact("present_status")
    if present and present != filled.status:
        yield filled.problem(
            filled.version.facts.present_status,
            "status-differs",
            Text(
                "就労資格証明書は現に有する在留資格について交付されます。申請する在留資格と同じにしてください",
                "The certificate is about the present status of residence: the two must be the same",
            ),
        )


WORKCERT = FormVersion(
    version="workcert-2026-04-01",
    procedure="WORKCERT",
    # The status of the example comes first.
    statuses=tuple(dict.fromkeys(("ENG_HUM_INT", *filed_online("WORKCERT", _TOOL)))),
    section="",
    items=load_blocks("WORKCERT", _TOOL, "applicant", "workcert", "agent"),
    facts=Facts(
        card_number="residence_card_no",
        present_status="current_status",
        present_period="current_period",
        stay_expiry="stay_expiry",
    ),
    valid_from=_TOOL,
    checks=(certifies_present_status, certified_work_has_length),
    example=load_example("workcert"),
)
