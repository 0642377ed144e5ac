"""A registration or a report on one page: who and what, requirements, documents, what was returned, earlier ones."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.registrations.kinds import (
    KINDS,
    PATHS,
    REGISTRATION,
    TONES,
    Kind,
    ShownRecord,
    read_record,
    status_text,
)
from services.gateway.pages.kit.client import Gone
from services.gateway.pages.kit.formats import day, moment, number
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.organisations import category_name, prefectures
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.reference.usage_documents import NAMES

router = page_router()
# The pages of the steps of registration, in the order in which they mostly are.
PAGE_OF = {"approve": "approval", "return": "return", "reject": "rejection"}
_DONE = (*PAGE_OF.values(), "not_now")
_ORGANISATION = (
    "name",
    "name_kana",
    "corporate_number",
    "postal_code",
    "prefecture",
    "address",
    "capital_yen",
    "employees",
    "category",
)


def possible(record: ShownRecord) -> list[str]:
    """The pages of the steps that the reader can take now."""
    return [page for step, page in PAGE_OF.items() if step in record.view["steps"]]


async def checklist(record: ShownRecord) -> list[dict[str, Any]]:
    """The requirements of the approval, with what was confirmed."""
    found: list[dict[str, Any]] | None = record.view["requirements"] if record.kind is not REGISTRATION else None
    if found is None:
        found = (await record.visitor.registration.fetch(f"{record.kind.route}/{record.id}/requirements")).body
    return [{"code": one["code"], "text": one[record.lang], "confirmed": one["confirmed"]} for one in found]


async def record_page(record: ShownRecord, done: str | None = None, errors: FormErrors | None = None) -> Response:
    """The page of a record."""
    lang = record.lang
    requirements, organisation = await asyncio.gather(checklist(record), _organisation(record))
    return render_page(
        record.visitor.request,
        "desk/registrations/overview",
        lang,
        visitor=record.visitor,
        errors=errors,
        record=record,
        view=record.view,
        facts=list(_facts(record)),
        declared=list(_declared(record)),
        known=list(_known(record, organisation)),
        people=list(_people(record)),
        next_steps=possible(record),
        requirements=requirements,
        documents=record.view["document_list"],
        names={code: say(name, lang) for code, name in NAMES.items()},
        earlier=[
            one
            | {
                "href": f"{PATHS[one['kind']]}/{one['id']}",
                "status": status_text(one["status"], lang),
                "tone": TONES[one["status"]],
            }
            for one in record.view["earlier"]
        ],
        decision=list(_decision(record)),
        done=done if done in _DONE else None,
    )


async def _organisation(record: ShownRecord) -> Mapping[str, Any] | None:
    """The organisation as registration knows it; None for persons, and where another office has it."""
    if record.view["organisation_id"] is None:
        return None
    try:
        answer = await record.visitor.registration.call("GET", f"/v1/organisations/{record.view['organisation_id']}")
    except Gone:
        return None
    return answer.body if answer.ok else None


def _facts(record: ShownRecord) -> Iterator[dict[str, Any]]:
    texts, view, lang = PAGES[record.lang]["registrations"], record.view, record.lang
    yield {"label": texts["role"], "value": record.role}
    yield {"label": texts["office"], "value": record.office}
    yield {"label": texts["submitted"], "value": moment(view["submitted_at"], lang)}
    if record.kind is REGISTRATION:
        applicant = view["applicant"]
        yield {"label": texts["applicant"], "value": applicant["name"], "typed": True}
        yield {"label": texts["email"], "value": applicant["email"]}
        yield {"label": texts["phone"], "value": applicant["phone"]}
        if applicant["department"]:
            yield {"label": texts["department"], "value": applicant["department"], "typed": True}
    else:
        yield {"label": texts["organisation"], "value": view["organisation_name"], "typed": True}
        yield {"label": texts["filed_by"], "value": view["filed_by"], "typed": True}
        yield {"label": texts["term_ends"], "value": day(view["term_ends"], lang)}
        yield {"label": texts["category"], "value": category_name(view["category"], record.lang)}
    for kind, version in (view["agreements"] or {}).items():
        yield {"label": texts[f"agreed_{kind}"], "value": day(version, lang)}


def _declared(record: ShownRecord) -> Iterator[dict[str, Any]]:
    """The organisation as it was declared."""
    texts, entered = PAGES[record.lang]["registrations"], dict(record.view.get("organisation") or {})
    if not entered:
        return
    entered["category"] = category_name(record.view["category"], record.lang)
    entered["prefecture"] = dict(prefectures(record.lang)).get(str(entered.get("prefecture")), "")
    for name in _ORGANISATION:
        value = entered.get(name)
        if value not in (None, ""):
            shown = number(value, record.lang) if isinstance(value, int) else str(value)
            yield {"label": texts[f"organisation_{name}"], "value": shown, "typed": True}


def _known(record: ShownRecord, organisation: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The organisation as registration knows it already."""
    if organisation is None:
        return
    texts, lang = PAGES[record.lang]["registrations"], record.lang
    confirmed = organisation["confirmed_at"]
    yield {"label": texts["confirmed_at"], "value": moment(confirmed, lang) if confirmed else texts["never"]}
    for one in organisation["approvals"]:
        label = texts["approved_as"].format(role=PAGES[lang]["roles"][one["role"]])
        yield {"label": label, "value": texts["until"].format(day=day(one["valid_until"], lang))}
    if holds := organisation["category"]:
        value = texts["category_treated"].format(
            category=category_name(holds["category"], record.lang),
            treated=category_name(holds["treated_as"], record.lang),
        )
        yield {"label": texts["category"], "value": value}
    if confirmed:
        yield {"label": texts["organisation_name"], "value": organisation["name"], "typed": True}
        yield {"label": texts["organisation_address"], "value": organisation["address"], "typed": True}


def _people(record: ShownRecord) -> Iterator[dict[str, Any]]:
    """Of a registration of a person: what the identity provider said, and what the person declares."""
    texts, lang = PAGES[record.lang]["registrations"], record.lang
    if (personal := record.view.get("personal")) is None:
        return
    yield {"label": texts["proved_name"], "value": personal["name"], "typed": True}
    yield {"label": texts["birth_date"], "value": day(personal["birth_date"], lang)}
    for name, value in (personal["professional"] or {}).items():
        if name == "kind":
            value = texts[f"kind_{value}"]
        if name == "certificate_valid_until":
            value = day(value, lang)
        yield {"label": texts[f"professional_{name}"], "value": value, "typed": True}
    if represents := personal["representation"]:
        yield {"label": texts["relation"], "value": texts[f"relation_{represents['kind']}"]}
        for one in represents["people"]:
            born = texts["born"].format(name=one["name"], day=day(one["birth_date"], lang))
            yield {"label": texts["represented"], "value": born, "typed": True}


def _decision(record: ShownRecord) -> Iterator[dict[str, Any]]:
    texts, view, lang = PAGES[record.lang]["registrations"], record.view, record.lang
    if view["decided_at"]:
        yield {"label": texts["decided_at"], "value": moment(view["decided_at"], lang)}
    if view["valid_until"]:
        yield {"label": texts["valid_until"], "value": day(view["valid_until"], lang)}
    if view["reason"]:
        yield {"label": texts["reason"], "value": view["reason"], "typed": True}
    if view["note"]:
        yield {"label": texts["note"], "value": view["note"], "typed": True}


def _add(kind: Kind) -> None:
    async def show_record(record_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
        """Show the record; `done` is what was just done on another of its pages."""
        return await record_page(await read_record(kind, visitor, record_id), done=done)

    router.add_api_route(kind.page, show_record, methods=["GET"])


for _kind in KINDS:
    _add(_kind)
