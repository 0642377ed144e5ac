"""The application of the case: a complete form of an invented person whose stay ends in two months."""

import secrets
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from deploy.demo.people import APPLICANT_MAIL
from services.application.forms.extend.n import EXTEND_N


def extension_form(today: date) -> dict[str, Any]:
    """The request that begins the draft. Each call is for another residence card, so the demo can be repeated."""
    form = deepcopy(dict(EXTEND_N.example))
    form["stay_expiry"] = (today + timedelta(days=60)).isoformat()
    form["residence_card_no"] = card_number()
    return {
        "procedure": "EXTEND",
        "status_of_residence": "ENG_HUM_INT",
        "form": form,
        "notify": {"email": APPLICANT_MAIL, "language": "en"},
    }


def card_number() -> str:
    """An invented residence card number: two letters, eight digits, two letters."""
    return f"AB{secrets.randbelow(10**8):08d}CD"
