"""Certificates on paper or by e-mail: their number, how long they can be used, and why one is revoked."""

from datetime import date

from services.review.cases.domain.flow import Officer, Progress, advance, require
from services.review.cases.domain.states import State, Step
from services.review.cases.domain.word_lists import word_list
from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.deadlines import coe_valid_until

# Reasons for which a certificate is revoked.
REVOCATIONS = word_list(
    wrong_entry=Text("記載事項に誤りがある", "It says something wrong"),
    facts_changed=Text("交付後に事情が変わった", "The facts have changed since"),
    false_statement=Text("偽りその他不正の手段により交付を受けた", "It was obtained by false statements"),
    returned=Text("返納された", "It was given back"),
)


def certificate_number(office: str, issued_on: date, serial: int) -> str:
    """The number of a certificate, e.g. `TYO26-000123`: its office, the year, and a serial that no other one has."""
    return f"{office}{issued_on:%y}-{serial:06d}"


def last_day(procedure: str, issued_on: date) -> date | None:
    """The last day on which the certificate can be used; None where it does not end."""
    return coe_valid_until(issued_on) if procedure == Procedure.COE else None


def has_photo(procedure: str) -> bool:
    """Whether the photo of the application is printed on the certificate."""
    return procedure == Procedure.COE


def issue_certificate(case: Progress, by: Officer) -> Progress:
    """The certificate is issued, which ends the case."""
    return advance(case, Step.ISSUE_CERTIFICATE, by, State.CERTIFICATE_ISSUED)


def revoke_certificate(case: Progress, by: Officer) -> Progress:
    """The certificate counts no more. The case stays closed: what is needed instead is applied for again."""
    require(case, Step.REVOKE_CERTIFICATE, by)
    return case
