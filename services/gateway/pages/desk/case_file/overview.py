"""A case on one page: who and what, hints, the form, files, what was asked and found, earlier applications, the
organisation, proposals, card, and what happened."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.case_file.background import (
    corrections_of,
    earlier_of,
    hints_of,
    organisation_of,
)
from services.gateway.pages.desk.case_file.case import PATH, CaseFile, ShownCase, optional, read_case_file
from services.gateway.pages.desk.case_file.files import File, document_name, files_of
from services.gateway.pages.desk.case_file.form import parts_of
from services.gateway.pages.desk.case_file.next_steps import COUNTER, PAGE_OF, next_steps
from services.gateway.pages.desk.undelivered import undelivered_line
from services.gateway.pages.kit.form_data import find_form
from services.gateway.pages.kit.formats import day, moment, number
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.names import nationality_name, office_name, procedure_name
from services.gateway.pages.kit.organisations import category_name
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.auth import Record, Role
from shared.http import Lang
from shared.reference.after_grant import WITH_DESIGNATION

router = page_router()
_DONE = frozenset(
    {page.replace("-", "_") for page in PAGE_OF.values()}
    | {COUNTER, "not_now", "next", "no_certificate", "no_designation"}
)
_CORRECTION_TONES = {"corrected": "good", "waiting": "attention", "declined": "bad", "lapsed": ""}


@router.get(PATH)
async def show_case(case_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the case; `done` is what was just done on another of its pages."""
    return await case_page(await read_case_file(visitor, case_id), done=done)


async def case_page(file: CaseFile, done: str | None = None, errors: FormErrors | None = None) -> Response:
    """The page of a case."""
    case = file.case
    visitor, lang = case.visitor, case.lang
    beside, known, organisation = await asyncio.gather(_beside(case), _known_files(case), _organisation(case))
    application, requested = (beside and beside[name] for name in ("application", "requested"))
    # Who examines asks what there is to look at; the card office sees the form alone.
    background = beside["background"] if beside and visitor.reads(Record.SAME_PERSON) else None
    data, files, form, labels = None, [], [], {}
    if application is not None:
        files = files_of(case, application, requested, known)
        data = await find_form(visitor.gateway, application, visitor.lang)
        form = parts_of(data, application, lang)
        labels = {item.code: say(item.label, lang) for topic in data.topics for item in topic.items}
    words = words_of(file.lists, lang)
    return render_page(
        visitor.request,
        "desk/case_file/overview",
        lang,
        visitor=visitor,
        errors=errors,
        case=case,
        view=case.view,
        facts=list(_facts(case, application, words)),
        next_steps=next_steps(case),
        # It goes with the card, and is made with it.
        has_designation=case.view["card"] is not None and case.view["status_of_residence"] in WITH_DESIGNATION,
        hints=hints_of(background, organisation, data, lang),
        corrections=corrections_of(beside and beside["corrections"], data, lang),
        correction_tones=_CORRECTION_TONES,
        earlier=earlier_of(background, lang),
        sees_earlier=background is not None,
        organisation=organisation_of(case, organisation, background),
        form=form,
        files=files,
        sees_form=application is not None,
        keeps_files=visitor.actor.has(Role.CHIEF_EXAMINER),
        requests=_requests(case, requested, sentences_of(file.lists, lang)),
        more_time=_more_time(case, requested),
        examinations=examinations_of(case, file.checklist, files, labels),
        proposals=list(reversed(case.view["proposals"])),
        words=words,
        others=case.view["same_person"],
        procedure_name=procedure_name,
        office_name=office_name,
        card=list(_card(case, words)),
        undelivered=[undelivered_line(one, lang) for one in case.view["undelivered"]],
        events=_events(case, file.timeline),
        done=done if done in _DONE else None,
    )


async def _beside(case: ShownCase) -> Mapping[str, Any] | None:
    """The form with its corrections, requested documents and background; None for officers who see cases alone."""
    if not case.visitor.reads(Record.APPLICATION):
        return None
    found: Mapping[str, Any] | None = await case.of_application("/case-file")
    return found


async def _known_files(case: ShownCase) -> Sequence[Mapping[str, Any]] | None:
    if not case.visitor.reads(Record.APPLICATION_FILE):
        return None
    path = f"/v1/documents/by-application/{case.view['application_id']}"
    found: Sequence[Mapping[str, Any]] | None = await optional(case.visitor, "document", path)
    return found


async def _organisation(case: ShownCase) -> Mapping[str, Any] | None:
    """The record of the organisation that filed; None for an application of a person."""
    organisation_id = case.view["organisation_id"]
    if organisation_id is None or not case.visitor.reads(Record.ORGANISATION_RECORD):
        return None
    path = f"/v1/organisations/{organisation_id}/record"
    found: Mapping[str, Any] | None = await optional(case.visitor, "registration", path)
    return found


def words_of(lists: Mapping[str, Any] | None, lang: Lang) -> dict[str, str]:
    """The words of every code that officers choose from."""
    return {one["code"]: say(one, lang) for every in (lists or {}).values() for one in every}


def _facts(
    case: ShownCase, application: Mapping[str, Any] | None, words: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    texts, view, lang = PAGES[case.lang]["case_file"], case.view, case.lang
    if application is not None:
        yield {"label": texts["applicant"], "value": application["applicant_name"], "typed": True}
    combined = [procedure_name(code, lang) for code in view["combined_with"]]
    yield {"label": texts["procedure"], "value": texts["and"].join([case.procedure, *combined])}
    yield {"label": texts["status_of_residence"], "value": case.status_of_residence}
    yield {"label": texts["nationality"], "value": nationality_name(view["nationality"], lang)}
    yield {"label": texts["office"], "value": office_name(view["office"], lang)}
    yield {"label": texts["examiner"], "value": case.officer(view["examiner_id"]) or texts["nobody"]}
    if view["flags"]:
        flags = [f"{words.get(one['code'], one['code'])} ({one['reason']})" for one in view["flags"]]
        yield {"label": texts["flags"], "value": texts["and"].join(flags), "typed": True}
    if view["concerns"]:
        queue = PAGES[lang]["queue"]
        yield {
            "label": texts["concerns"],
            "value": texts["and"].join(queue[f"concern_{one}"] for one in view["concerns"]),
        }
    age = texts["age_of"].format(moment=moment(view["submitted_at"], lang), days=number(case.age, lang))
    yield {"label": texts["received"], "value": age}
    took = view["duration"]
    yield {
        "label": texts["duration"],
        "value": texts["duration_of"].format(
            days=number(took["days"], lang),
            office=number(took["days_with_office"], lang),
            applicant=number(took["days_with_applicant"], lang),
        ),
    }
    yield {
        "label": texts["stay_expiry"],
        "value": day(view["stay_expiry"], lang) if view["stay_expiry"] else texts["none"],
    }
    if view["standard_end"]:
        yield {"label": texts["standard_end"], "value": day(view["standard_end"], lang)}
    if view["special_period_end"]:
        yield {"label": texts["special_period"], "value": moment(view["special_period_end"], lang)}
    if view["requested_period"]:
        yield {"label": texts["requested_period"], "value": case.period(view["requested_period"])}
    if view["category"]:
        yield {"label": texts["category"], "value": category_name(view["category"], lang)}
    if view["documents_due"]:
        yield {"label": texts["documents_due"], "value": day(view["documents_due"], lang)}
    if view["address_office"] and view["address_office"] != view["office"]:
        moved = texts["moved_to"].format(
            office=office_name(view["address_office"], lang), day=day(view["moved_on"], lang)
        )
        yield {"label": texts["moved"], "value": moved}
    for one in view["transfers"]:
        offices = {name: office_name(one[f"{name}_office"], lang) for name in ("from", "to")}
        way = texts["transferred"].format(**offices, moment=moment(one["transferred_at"], lang), reason=one["reason"])
        yield {"label": texts["transfer"], "value": way, "typed": True}


def sentences_of(lists: Mapping[str, Any] | None, lang: Lang) -> dict[str, str]:
    """The standard sentences of requests for documents."""
    return {one["code"]: say(one, lang) for one in (lists or {"texts": ()})["texts"]}


def _more_time(case: ShownCase, requested: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Requests for more time with the applicant's reason and what became of them; the newest first."""
    reasons = {one["more_time_id"]: one["reason"] for one in (requested or {}).get("more_time", ())}
    return [one | {"asked_because": reasons.get(one["id"])} for one in reversed(case.view["more_time"])]


def _requests(
    case: ShownCase, requested: Mapping[str, Any] | None, sentences: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Requests for documents with the answer to each item; the newest first."""
    reasons = {
        (answer["request_id"], one["code"]): one["why_not"]
        for answer in (requested or {}).get("submitted", ())
        for one in answer["not_submitted"]
    }
    return [
        one
        | {
            "items": [
                item
                | {
                    "name": document_name(item["code"], case.lang),
                    "why_not": reasons.get((one["id"], item["code"])),
                    "texts": [sentences.get(code, code) for code in item["text_codes"]],
                }
                for item in one["items"]
            ]
        }
        for one in reversed(case.view["document_requests"])
    ]


def examinations_of(
    case: ShownCase,
    questions: Sequence[Mapping[str, Any]],
    files: Sequence[File] = (),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Findings in the order of the checklist, with their evidence; the newest first."""
    return [
        one
        | {
            "lines": [
                (line[case.lang], one["findings"][line["code"]], _evidence(case, one, line["code"], files, labels))
                for line in questions
                if line["code"] in one["findings"]
            ]
        }
        for one in reversed(case.view["examinations"])
    ]


def _evidence(
    case: ShownCase, examination: Mapping[str, Any], code: str, files: Sequence[File], labels: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The evidence for one answer: its words, and where on the page it is; "" where it is not shown to the reader."""
    texts = PAGES[case.lang]["case_file"]
    names = {file.id: PAGES[case.lang]["frame"]["comma"].join(file.names) for file in files}
    found = []
    for one in examination["evidence"].get(code, ()):
        if (document := one["document_id"]) is not None:
            name = names.get(document, texts["evidence"])
            text = texts["evidence_page"].format(document=name, page=one["page"]) if one["page"] else name
            found.append((text, f"#file-{document}" if document in names else ""))
        if one["field"] is not None:
            found.append((labels.get(one["field"], one["field"]), "#form" if one["field"] in labels else ""))
    return found


def _card(case: ShownCase, words: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Fee, old card, new card, mail and certificate, as far as they are known."""
    texts, view, lang = PAGES[case.lang]["case_file"], case.view, case.lang
    if view["granted_period"]:
        yield {"label": texts["granted_period"], "value": case.period(view["granted_period"])}
    if view["stay_until"]:
        yield {"label": texts["stay_until"], "value": day(view["stay_until"], lang)}
    if view["fee_yen"] is not None:
        yield {"label": texts["fee"], "value": texts["yen"].format(number=number(view["fee_yen"], lang))}
    if paid := view["payment"]:
        value = texts["paid_on"].format(day=day(paid["paid_on"], lang), reference=paid["reference"])
        yield {"label": texts["payment"], "value": value}
    if (sent := view["materials"]) and sent["sent_at"]:
        carrier = words.get(sent["carrier"], sent["carrier"])
        value = texts["sent_by"].format(
            moment=moment(sent["sent_at"], lang), carrier=carrier, number=sent["tracking_number"]
        )
        yield {"label": texts["materials_sent"], "value": value}
    if sent and sent["received_at"]:
        yield {"label": texts["materials_received"], "value": moment(sent["received_at"], lang)}
    if card := view["card"]:
        value = texts["card_of"].format(number=card["card_number_masked"], day=day(card["expires_on"], lang))
        yield {"label": texts["card"], "value": value}
    if mail := view["dispatch"]:
        carrier = words.get(mail["carrier"], mail["carrier"])
        value = texts["sent_by"].format(
            moment=moment(mail["mailed_at"], lang), carrier=carrier, number=mail["tracking_number"]
        )
        yield {"label": texts["mailing"], "value": value}
    if paper := view["certificate"]:
        value = texts[f"method_{paper['method']}"]
        value = f"{paper['number'] or ''} {value} ({moment(paper['issued_at'], lang)})".strip()
        yield {"label": texts["certificate"], "value": value}
        if paper["valid_until"]:
            yield {"label": texts["certificate_until"], "value": day(paper["valid_until"], lang)}
        if paper["received_at"]:
            yield {"label": texts["certificate_received"], "value": moment(paper["received_at"], lang)}
        if paper["revoked_at"]:
            reason = f"{words.get(paper['revocation_code'], '')} {paper['revocation_reason']}"
            yield {"label": texts["certificate_revoked"], "value": f"{moment(paper['revoked_at'], lang)} {reason}"}


def _events(case: ShownCase, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"text": one[case.lang], "at": one["at"], "by": case.officer(one["actor_id"])}
        if one["actor_kind"] == "officer"
        else {"text": one[case.lang], "at": one["at"]}
        for one in reversed(entries)
    ]
