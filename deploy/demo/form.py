"""The applications of the demo: complete forms of invented people; a stay that there is ends in two months."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.demo.people import APPLICANT_MAIL
from services.application.forms.catalogue import current_form
from services.application.forms.examples import answers_on


@dataclass(frozen=True, slots=True)
class Filing:
    """An application that is filed: its heading in the story, its procedure and its status of residence."""

    heading: str
    procedure: str
    status: str


EXTENSION = Filing("Extension of the stay (在留期間更新許可申請, 技術・人文知識・国際業務)", "EXTEND", "ENG_HUM_INT")
CERTIFICATE = Filing("Certificate of eligibility (在留資格認定証明書交付申請)", "COE", "ENG_HUM_INT")
FAMILY = Filing("Extension for the family (在留期間更新許可申請, 家族滞在)", "EXTEND", "DEPENDENT")


def beginning(filing: Filing, today: date) -> dict[str, Any]:
    """The request that begins the draft. Each call is for another person and card, so the demo can be repeated."""
    version = current_form(filing.procedure, filing.status, today)
    assert version is not None, "the demo files what is offered"
    form = answers_on(version, today)
    born = date.fromisoformat(form[version.facts.birth_date])
    form[version.facts.birth_date] = (born - timedelta(days=secrets.randbelow(2000))).isoformat()
    if version.facts.card_number:
        form[version.facts.card_number] = card_number()
    return {
        "procedure": filing.procedure,
        "status_of_residence": filing.status,
        "form": form,
        "notify": {"email": APPLICANT_MAIL, "language": "en"},
    }


def card_number() -> str:
    """An invented residence card number: two letters, eight digits, two letters."""
    return f"AB{secrets.randbelow(10**8):08d}CD"
