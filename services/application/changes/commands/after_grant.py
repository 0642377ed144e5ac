"""Next steps after the decision on an application: the fee, what is sent and where, a certificate, a refusal."""

import json
from datetime import date

from services.application.changes.schemas import AfterGrant, MailAddress, Named, PaymentWayView
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.domain import State
from services.application.progress.schemas import words
from services.application.progress.store import handling_office
from services.application.tables import Application, Progress
from shared.errors import Conflict, Text
from shared.reference.after_grant import card_desk, items_to_send, leads_to_card, payment_ways, way_charge
from shared.reference.offices import OFFICE_ADDRESSES, OFFICES

_RESULTS = {"refused": "refused", "not_accepted": "not_accepted"}


def after_grant_of(application: Application, progress: Progress | None, period: str | None, today: date) -> AfterGrant:
    """The next steps of the applicant; `period` is that of the stay granted. Raises `Conflict` before the decision."""
    if application.state != State.DECIDED or progress is None or progress.outcome is None:
        raise Conflict(
            Text("審査が完了してから表示されます。", "This is shown once the decision is made."), code="not-decided"
        )
    granted = progress.outcome == "granted"
    card = granted and leads_to_card(application.procedure)
    fee_yen = progress.fee_yen or 0
    sends = card and not progress.materials_received
    items = items_to_send(application.procedure, application.status_of_residence, fee_yen, today) if sends else ()
    desk = card_desk(today)
    receipt_method = form_of(application.form_version, application.combined_with).fact(
        "receipt_method", Form(json.loads(application.form))
    )
    granted_result = "card" if card else "certificate"
    return AfterGrant.model_validate(
        {
            "receipt_number": application.receipt_number,
            "result": granted_result if granted else _RESULTS[progress.outcome],
            "fee_yen": progress.fee_yen if granted else None,
            "fee_paid": progress.fee_paid,
            "ways": [
                PaymentWayView(
                    code=way.code,
                    name=words(way.name),
                    note=words(way.how),
                    charge_yen=way_charge(way, application.procedure, today, period),
                )
                for way in (payment_ways(today) if granted and fee_yen and not progress.fee_paid else ())
            ],
            "send": [Named(code=item.code, name=words(item.name), note=words(item.note)) for item in items],
            "send_to": MailAddress(
                name=words(desk.name), postal_code=desk.postal_code, address=desk.address, verify=desk.verify
            )
            if sends
            else None,
            "materials_sent": progress.materials_sent,
            "materials_received": progress.materials_received,
            "certificate_by": receipt_method if granted and not card else None,
            "office": _office(application, progress, today),
        }
    )


def _office(application: Application, progress: Progress, today: date) -> MailAddress:
    code = handling_office(application, progress)
    office, place = OFFICES.get(today, code), OFFICE_ADDRESSES.get(today, code)
    return MailAddress(
        name=words(office.name), postal_code=place.postal_code, address=place.address, verify=place.verify
    )
