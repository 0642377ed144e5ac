"""The case page of a filed application: where it stands, what to do now, how long it takes, what has happened."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from services.gateway.pages.kit.formats import day, moment, month
from services.gateway.pages.kit.forms import FormErrors
from services.gateway.pages.kit.frame import render_page
from services.gateway.pages.kit.names import office_name, procedure_name
from services.gateway.pages.kit.undelivered import contact_state
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.case.ending import ending_of
from services.gateway.pages.portal.case.filed import Filed
from services.gateway.pages.portal.case.notices import awaited_interview, find_notices, notice_list, when_and_where
from services.gateway.pages.portal.case.visit import find_visit
from services.gateway.pages.portal.filing.colleagues import Colleagues, find_colleagues
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.languages import LANGUAGES, Lang, known
from shared.reference.after_grant import leads_to_card, old_card_needed

DONE = ("filed", "withdrawn", "contact", "address", "documents", "corrected", "asked", "sent", "taken", "handed_over")


@dataclass(frozen=True, slots=True)
class Notice:
    """The next thing to do, and where. `tone` as of the kit's banner."""

    tone: str
    text: str
    href: str = ""
    link: str = ""


async def case_page(
    visitor: Visitor, view: Mapping[str, Any], errors: FormErrors | None = None, done: str | None = None
) -> Response:
    """The page of an application that was filed; `done` is what was just done on another of its pages."""
    filed = Filed(visitor, view)
    timeline, expectation, corrections, addresses, others, notices, visit, contact, colleagues = await asyncio.gather(
        *(filed.read(name) for name in ("timeline", "expectation", "corrections", "address", "others")),
        find_notices(filed),
        _find_visit(filed),
        _find_contact(filed),
        find_colleagues(visitor, view["role"]),
    )
    texts = PAGES[filed.lang]["case"]
    asked = any(one["step"] == "documents_requested" for one in timeline["items"])
    waiting = any(one["state"] == "waiting" for one in corrections["items"])
    return render_page(
        visitor.request,
        "portal/case/overview",
        filed.lang,
        visitor=visitor,
        filed=filed,
        view=view,
        errors=errors,
        facts=_facts(filed, addresses["items"], contact, colleagues),
        notice=_notice_of_card(filed, visit, timeline["items"]) or _notice(filed, waiting, notices),
        expectation=expectation if filed.is_open else None,
        times=_times(expectation, filed.lang),
        events=[_event(one, filed, colleagues) for one in reversed(timeline["items"])],
        actions=_actions(filed, corrections, asked, texts),
        notices=notice_list(filed, notices),
        ending=ending_of(filed, timeline["items"], notices),
        others=[_other(one, filed.lang) for one in others["items"]],
        colleagues=[] if filed.is_over else colleagues.others(view),
        is_mine=filed.is_over or view["owner"]["you"] or not colleagues.names,
        done=texts[f"done_{done}"] if done in DONE else "",
    )


def _facts(
    filed: Filed, addresses: list[Mapping[str, Any]], contact: str, colleagues: Colleagues
) -> list[dict[str, Any]]:
    texts, view, lang = PAGES[filed.lang]["case"], filed.view, filed.lang
    notify = view["notify"]
    rows: list[dict[str, Any]] = [
        {"label": texts["receipt_number"], "value": view["receipt_number"]},
        {"label": texts["applicant"], "value": view["applicant_name"], "typed": True},
        {"label": texts["procedure"], "value": filed.procedure},
        {"label": texts["status_of_residence"], "value": filed.status_of_residence},
        {"label": texts["received_at"], "value": moment(view["submitted_at"], lang)},
        {"label": texts["office"], "value": office_name(view["handling_office"], lang)},
        {"label": texts["address"], "value": addresses[-1]["address"], "typed": True},
        {"label": texts["notify"], "value": f"{notify['email']} ({LANGUAGES[known(notify['language'])].name})"},
    ]
    if contact:
        rows.append({"label": texts["contact_state"], "value": texts[f"contact_{contact}"]})
    if colleagues.names:
        in_charge = PAGES[lang]["filing"]["in_charge"]
        rows.append({"label": in_charge, "value": colleagues.name(view["owner"]), "typed": True})
    if view["special_period_end"] and filed.is_open:
        rows.insert(5, {"label": texts["special_period"], "value": moment(view["special_period_end"], lang)})
    return rows


async def _find_contact(filed: Filed) -> str:
    """The state of the applicant's own address, while messages go there."""
    return "" if filed.is_over else await contact_state(filed.visitor, filed.id)


async def _find_visit(filed: Filed) -> Mapping[str, Any] | None:
    """The visit to a counter that a granted application needs."""
    return await find_visit(filed) if filed.view["outcome"] == "granted" else None


def _notice_of_card(
    filed: Filed, visit: Mapping[str, Any] | None, timeline: Sequence[Mapping[str, Any]]
) -> Notice | None:
    """The next thing to do about a card that is to be collected, or that came back; None where it is neither."""
    texts = PAGES[filed.lang]["case"]
    if visit is not None:
        booked = visit["booked"]
        text = (
            texts["now_visit_booked"].format(moment=moment(booked["starts_at"], filed.lang))
            if booked
            else texts["now_visit"]
        )
        return Notice("info" if booked else "warning", text, f"{filed.path}/visit", texts["now_visit_go"])
    last = next((one["step"] for one in reversed(timeline) if one["step"].startswith("card_")), "")
    if last == "card_returned":
        return Notice("warning", texts["now_returned"], f"{filed.path}/contact", texts["now_returned_go"])
    return None


def _notice(filed: Filed, waiting: bool, notices: Mapping[str, Any]) -> Notice | None:
    """The most urgent thing to do; None where the application is over."""
    texts, view = PAGES[filed.lang]["case"], filed.view
    status, after = view["status"], f"{filed.path}/after-grant"
    if view["open_request_id"] and filed.is_open:
        due = date.fromisoformat(view["due_on"])
        late = due < legal_date(filed.visitor.gateway.clock.now())
        text = texts["now_overdue" if late else "now_documents"].format(day=day(due, filed.lang))
        return Notice("warning", text, f"{filed.path}/requested-documents", texts["now_documents_go"])
    if waiting and filed.is_open:
        return Notice("info", texts["now_waiting"])
    if status == "on_hold_interview":
        awaited = awaited_interview(notices)
        when = when_and_where(filed, awaited) if awaited else ""
        return Notice(
            "warning", texts["now_interview"].format(when=when), "#notices" if awaited else "", texts["interview_see"]
        )
    if filed.is_open:
        return Notice("info", texts["now_nothing"])
    if view["outcome"] in ("refused", "not_accepted"):
        return Notice("warning", texts["now_refused"], after, texts["now_refused_go"])
    if status == "certificate_issued":
        return Notice("info", texts["now_issued"], f"{filed.path}/certificate", texts["now_issued_go"])
    if view["outcome"] == "granted" and not leads_to_card(view["procedure"]):
        if status == "awaiting_fee":
            return Notice("warning", texts["now_fee"], after, texts["now_fee_go"])
        return Notice("info", texts["now_certificate"], after, texts["now_certificate_go"])
    if status == "decided_grant" and not old_card_needed(view["procedure"]):
        return Notice("warning", texts["now_envelope"], after, texts["now_envelope_go"])
    if status == "decided_grant":
        return Notice("warning", texts["now_granted"], after, texts["now_granted_go"])
    if status == "awaiting_fee":
        return Notice("info", texts["now_sent"], after, texts["now_granted_go"])
    if status == "card_production":
        return Notice("info", texts["now_production"])
    return None


def _times(found: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Rows of source and time."""
    texts = PAGES[lang]["case"]
    rows = []
    if standard := found["standard"]:
        text = say(standard["text"], lang)
        if standard["until"]:
            text = texts["expectation_until"].format(text=text, day=day(standard["until"], lang))
        rows.append((say(standard["label"], lang), text))
    for name in ("published", "measured"):
        if one := found[name]:
            text = texts["expectation_days"].format(days=f"{one['days']:g}")
            if name == "published":
                note = texts["expectation_month"].format(month=month(one["month"][:7], lang))
            else:
                measured = day(one["measured_at"][:10], lang)
                note = texts["expectation_measured"].format(count=one["decisions"], day=measured)
            rows.append((say(one["label"], lang), PAGES[lang]["frame"]["with_note"].format(text=text, note=note)))
    return rows


def _event(entry: Mapping[str, Any], filed: Filed, colleagues: Colleagues) -> dict[str, Any]:
    lang, data = filed.lang, entry["data"]
    if entry["step"] == "handed_over" and data.get("to"):
        you = data["to"] == str(filed.visitor.actor.account_id)
        detail = colleagues.name({"account_id": data["to"], "you": you})
    else:
        detail = _detail(entry["step"], data, lang)
    return {"text": say(entry["text"], lang), "at": entry["at"], "detail": detail}


def _detail(step: str, data: Mapping[str, Any], lang: Lang) -> str:
    """The words of a step of the timeline besides its name."""
    texts = PAGES[lang]["case"]
    if step in ("documents_requested", "documents_overdue", "documents_due_soon") or step.startswith(
        "more_time_agreed"
    ):
        return texts["detail_due"].format(day=day(data["due_on"], lang))
    if step in ("card_mailed", "card_materials_sent"):
        return texts["detail_tracking"].format(number=data["tracking_number"])
    if step == "review_completed":
        return texts[f"outcome_{data['outcome']}"]
    if step in ("interview_requested", "interview_moved", "interview_soon") and data.get("held_at"):
        return texts["detail_held"].format(moment=moment(data["held_at"], lang))
    if step == "counter_visit_required" and data.get("visit_by"):
        return texts["detail_visit"].format(day=day(data["visit_by"], lang))
    if step == "certificate_issued" and data.get("certificate_number"):
        return str(data["certificate_number"])
    if step in ("address_changed", "case_transferred"):
        return office_name(data.get("office"), lang)
    return ""


def _actions(
    filed: Filed, corrections: Mapping[str, Any], asked: bool, texts: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Address, text and hint of what can be done now; `asked`: whether documents were requested."""
    path = filed.path
    # There is a proof only while the application is pending.
    receipt = ("go_receipt", "go_receipt_hint") if filed.is_open else ("go_receipt_over", "go_receipt_over_hint")
    found = [(f"{path}/receipt", texts[receipt[0]], texts[receipt[1]])]
    if corrections["possible"] != "not":
        found.append((f"{path}/correction", texts["go_correction"], texts["go_correction_hint"]))
    elif corrections["items"]:
        found.append((f"{path}/correction", texts["go_corrections"], ""))
    if not filed.is_over:
        found.append((f"{path}/contact", texts["go_contact"], texts["go_contact_hint"]))
    found.append((f"/messages?application={filed.id}", texts["go_messages"], ""))
    if asked:
        found.append((f"{path}/requested-documents", texts["go_documents"], ""))
    if filed.view["status"] == "certificate_issued":
        found.append((f"{path}/certificate", texts["now_issued_go"], ""))
    elif filed.view["outcome"]:
        found.append((f"{path}/after-grant", texts["go_after_grant"], ""))
    if filed.is_open:
        found.append((f"{path}/withdrawal", texts["go_withdrawal"], texts["go_withdrawal_hint"]))
    return found


def _other(one: Mapping[str, Any], lang: Lang) -> tuple[str, str, str]:
    """Address, name and state of another application of the person."""
    number = one["receipt_number"] or PAGES[lang]["case"]["other_draft"]
    return (
        f"/applications/{one['id']}",
        f"{procedure_name(one['procedure'], lang)} {number}",
        say(one["status_text"], lang),
    )
