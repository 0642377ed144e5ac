"""The steps of the card office: fee, old card and envelope, certificate, new card, mail, counter visit, delivery."""

from collections.abc import Mapping
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.steps.choices import lists_of
from services.gateway.pages.desk.steps.page import StepPage
from services.gateway.pages.kit.forms import Form
from shared.reference.after_grant import leads_to_card, old_card_needed

_METHODS = ("EMAIL", "POST")


async def _carriers(case: ShownCase) -> Mapping[str, Any]:
    return {"carriers": (await lists_of(case))["carriers"], "wants_counter": _wants_counter(case)}


def _wants_counter(case: ShownCase) -> bool:
    """Whether the applicant wants to receive the card at the counter."""
    return bool(case.view["receipt_method"] == "COUNTER")


async def _materials(case: ShownCase) -> Mapping[str, Any]:
    """Whether the case still needs something for its card, and whether an old one comes back."""
    procedure = case.view["procedure"]
    waits = leads_to_card(procedure) and not case.view["materials_received"]
    return {"for_card": waits, "old_card": old_card_needed(procedure)}


async def _visits(case: ShownCase) -> Mapping[str, Any]:
    return {"reasons": (await lists_of(case))["visits"]}


async def _revocations(case: ShownCase) -> Mapping[str, Any]:
    return {"reasons": (await lists_of(case))["revocations"]}


async def _returns(case: ShownCase) -> Mapping[str, Any]:
    return {"kinds": (await lists_of(case))["returns"]}


async def _methods(case: ShownCase) -> Mapping[str, Any]:
    return {"methods": _METHODS}


def _named(*names: str) -> Any:
    """The body of a form whose fields are the members of the body."""

    def body(form: Form) -> Mapping[str, Any]:
        return {name: form[name] for name in names}

    return body


def _fields(name: str, route: str, *fields: str, **more: Any) -> StepPage:
    """A step of which every field has to be filled in."""
    return StepPage(name, route, _named(*fields), fields=fields, needed=fields, **more)


STEPS = (
    _fields("fee", "fee", "amount_yen", "paid_on", "reference"),
    StepPage(
        "materials",
        "card-materials-received",
        lambda form: {"residence_card_received": form["residence_card_received"] == "yes"},
        fields=("residence_card_received",),
    ),
    StepPage(
        "counter",
        "counter-reception",
        lambda form: {
            "amount_yen": form["amount_yen"].strip() or None,
            "residence_card_received": form["residence_card_received"] == "yes",
            "receives": form["receives"] or None,
        },
        fields=("amount_yen", "residence_card_received", "receives"),
        context=_materials,
    ),
    StepPage(
        "certificate",
        "certificate",
        lambda form: {"method": form["method"]},
        fields=("method",),
        needed=("method",),
        values=lambda case, context: {"method": case.view["receipt_method"] or ""},
        context=_methods,
    ),
    _fields("revocation", "certificate-revocation", "reason_code", "reason", context=_revocations),
    _fields(
        "card",
        "card",
        "card_number",
        "expires_on",
        values=lambda case, context: {"expires_on": case.view["stay_until"] or ""},
    ),
    _fields("mailing", "mailing", "carrier", "tracking_number", context=_carriers),
    StepPage(
        "counter-visit",
        "counter-visit",
        lambda form: {"reason_code": form["reason_code"], "visit_by": form["visit_by"] or None},
        fields=("reason_code", "visit_by"),
        needed=("reason_code",),
        values=lambda case, context: {"reason_code": "asked_for"} if _wants_counter(case) else {},
        context=_visits,
    ),
    _fields("card-return", "card-return", "kind", context=_returns),
    StepPage("delivery", "delivery", lambda form: None),
)
