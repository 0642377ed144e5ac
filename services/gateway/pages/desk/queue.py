"""`/desk/cases`: the queue of cases, oldest first, with filters and a page at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import number
from services.gateway.pages.kit.forms import FormErrors, is_cursor
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.names import (
    case_state_name,
    nationality_name,
    office_codes,
    office_name,
    procedure_codes,
    procedure_name,
    status_codes,
    status_name,
)
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden
from shared.http import Lang
from shared.text.characters import readable

router = page_router()
CASES = "/desk/cases"
ON_A_PAGE = 50
EVERY_STATE = "all"
# The steps after which the case is another office's.
LEFT_BY = ("transfer",)
# The states of a case in the order of its way, with the tone of each; those after the line are closed.
TONES: Mapping[str, str] = {
    "RECEIVED": "active",
    "UNDER_REVIEW": "active",
    "DOCS_REQUESTED": "attention",
    "DOCS_SUBMITTED": "active",
    "ON_HOLD_INTERVIEW": "attention",
    "PROPOSED": "attention",
    "DECIDED": "attention",
    "DECIDED_GRANT": "good",
    "AWAITING_FEE": "attention",
    "CARD_PRODUCTION": "active",
    "CARD_ISSUED": "active",
    "COUNTER_VISIT": "attention",
    "DISPATCHED": "active",
    "RETURNED": "attention",
    # Closed.
    "DELIVERED": "good",
    "CERTIFICATE_ISSUED": "good",
    "DECIDED_REFUSE": "bad",
    "NOT_ACCEPTED": "bad",
    "WITHDRAWN": "",
    "TERMINATED": "",
}
OPEN = tuple(TONES)[: tuple(TONES).index("DELIVERED")]
# The page on which a wait of the card office ends, below the case's own.
_ENDS: Mapping[str, str] = {
    "fee": "fee",
    "card_materials": "materials",
    "certificate": "certificate",
    "card_production": "card",
    "mailing": "mailing",
    "counter_visit": "delivery",
    "delivery": "delivery",
}
_WAITS = ("not_started", "unassigned", "examination", "documents", "decision", "effect", *_ENDS)
CONCERNS = (
    "standard_exceeded",
    "special_14",
    "special_7",
    "special_1",
    "special_ended",
    "documents_overdue",
    "production_late",
    "mailing_late",
)
FLAGS = ("urgent", "humanitarian", "medical", "departure", "complaint")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list that an address asks for; what cannot be asked is left out."""

    state: str = ""
    wait: str = ""
    mine: str = ""
    procedure: str = ""
    status_of_residence: str = ""
    receipt_number: str = ""
    concern: str = ""
    flag: str = ""
    office: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        given = {field.name: readable(query.get(field.name, "")).strip() for field in fields(cls)}
        possible = {
            "state": given["state"] in (*TONES, EVERY_STATE),
            "wait": given["wait"] in _WAITS,
            "mine": given["mine"] == "true",
            "procedure": given["procedure"] in procedure_codes(),
            "status_of_residence": given["status_of_residence"] in status_codes(),
            "concern": given["concern"] in CONCERNS,
            "flag": given["flag"] in FLAGS,
            "office": given["office"] in office_codes(),
            "cursor": is_cursor(given["cursor"]),
        }
        return cls(**{name: value[:400] for name, value in given.items() if value and possible.get(name, True)})

    @property
    def query(self) -> str:
        """The same for the review service. A number is looked for in every state, everything else among open cases."""
        asked: dict[str, Any] = {name: value for name, value in asdict(self).items() if value and name != "state"}
        if self.state in TONES:
            asked["state"] = [self.state]
        elif not (self.state or self.wait or self.receipt_number or self.concern or self.flag):
            asked["state"] = list(OPEN)
        return urlencode(asked | {"limit": ON_A_PAGE}, doseq=True)

    @property
    def is_narrowed(self) -> bool:
        return replace(self, cursor="") != Wanted()

    def address(self, **changes: str) -> str:
        """The address of the same list with `changes`, from its first page unless they name another."""
        given = asdict(replace(self, **{"cursor": "", **changes}))
        asked = {name: value for name, value in given.items() if value}
        return f"{CASES}?{urlencode(asked)}" if asked else CASES


@dataclass(frozen=True, slots=True)
class Line:
    """A case of the queue in words. `end` is the page on which what it waits for is recorded."""

    number: str
    href: str
    procedure: str
    status_of_residence: str
    nationality: str
    office: str
    state: str
    tone: str
    late: bool
    concerns: Sequence[str]
    flags: Sequence[str]
    since: str
    filed: str
    stay_expiry: str | None
    special_period_end: str | None
    examiner: str
    end: str


@router.get(CASES)
async def show_queue(request: Request, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the queue; `done` is what was just done on the page of a case that is not to be seen any more."""
    return await queue_page(request, visitor, Wanted.of(request.query_params), done=done)


async def queue_page(
    request: Request, visitor: Visitor, wanted: Wanted, done: str | None = None, errors: FormErrors | None = None
) -> Response:
    """The page of a list of cases."""
    if not visitor.sees_cases:
        raise Forbidden()
    lang, service = visitor.lang, visitor.service("review")
    answer, counts, names = await asyncio.gather(
        service.call("GET", f"/v1/cases?{wanted.query}"),
        service.call("GET", f"/v1/cases/counts?{urlencode({'office': wanted.office} if wanted.office else {})}"),
        officer_names(visitor),
    )
    if answer.status == 422 and wanted.cursor:
        # An address that was written by hand.
        return redirect_to(wanted.address())
    if answer.status == 403:
        raise Forbidden()
    if not (answer.ok and counts.ok):
        raise ServiceDown()
    texts = PAGES[lang]["queue"]

    def counted(name: str, count: int) -> str:
        return f"{name} ({up_to(count, counts.body['most'], lang)})"

    found = {one["state"]: counted(case_state_name(one["state"], lang), one["cases"]) for one in counts.body["states"]}
    return render_page(
        request,
        "desk/queue/queue",
        lang,
        scripts=("queue.js",),
        visitor=visitor,
        wanted=wanted,
        lines=[_line(one, wanted, names, visitor) for one in answer.body["items"]],
        states=[
            *((state, found.get(state, case_state_name(state, lang))) for state in TONES),
            (EVERY_STATE, texts["every_state"]),
        ],
        waits=[(one["wait"], counted(texts[f"wait_{one['wait']}"], one["cases"])) for one in counts.body["waits"]],
        concerns=[
            (one["concern"], counted(texts[f"concern_{one['concern']}"], one["cases"]))
            for one in counts.body["concerns"]
        ],
        flags=[(code, texts[f"flag_{code}"]) for code in FLAGS],
        errors=errors,
        done=done if done in LEFT_BY else None,
        procedures=[(code, procedure_name(code, lang)) for code in procedure_codes()],
        statuses=[(code, status_name(code, lang)) for code in status_codes()],
        offices=[(code, office_name(code, lang)) for code in office_codes()],
        every_office=visitor.actor.has(Role.AUDITOR),
        examines=visitor.actor.has(Role.EXAMINER),
        ends=visitor.actor.has(Role.CARD_OFFICE) and wanted.wait in _ENDS,
        following=wanted.address(cursor=answer.body["next"]) if answer.body["next"] else "",
        first=wanted.address() if wanted.cursor else "",
    )


async def officer_names(visitor: Visitor) -> Mapping[str, str]:
    """The names of the officers of the visitor's office, by id; none where registration cannot say."""
    return {one["id"]: one["name"] for one in await colleagues_of(visitor)}


async def colleagues_of(visitor: Visitor) -> Sequence[Mapping[str, Any]]:
    """The officers of the visitor's office."""
    try:
        answer = await visitor.registration.call("GET", "/v1/officers/colleagues", shown=("not-found",))
    except ServiceDown:
        return ()
    return answer.body if answer.ok else ()


def up_to(count: int, most: int, lang: Lang) -> str:
    """A number that is counted up to `most`."""
    return PAGES[lang]["queue"]["at_least"].format(count=number(count, lang)) if count >= most else number(count, lang)


def _line(case: Mapping[str, Any], wanted: Wanted, names: Mapping[str, str], visitor: Visitor) -> Line:
    lang, path = visitor.lang, f"{CASES}/{case['id']}"
    examiner = case["examiner_id"]
    return Line(
        number=case["receipt_number"],
        href=path,
        procedure=procedure_name(case["procedure"], lang),
        status_of_residence=status_name(case["status_of_residence"], lang),
        nationality=nationality_name(case["nationality"], lang),
        office=office_name(case["office"], lang),
        state=case_state_name(case["state"], lang, case["procedure"]),
        tone=TONES[case["state"]],
        late=case["late"],
        concerns=[PAGES[lang]["queue"][f"concern_{one}"] for one in case["concerns"]],
        flags=[PAGES[lang]["queue"][f"flag_{one}"] for one in case["flags"]],
        since=case["state_since"],
        filed=case["submitted_at"],
        stay_expiry=case["stay_expiry"],
        special_period_end=case["special_period_end"],
        examiner=named_officer(examiner, names, visitor),
        end=f"{path}/{_ENDS[wanted.wait]}" if wanted.wait in _ENDS else "",
    )


def named_officer(officer_id: str | None, names: Mapping[str, str], visitor: Visitor) -> str:
    """The name of an officer, for their colleagues; "" for nobody."""
    texts = PAGES[visitor.lang]["queue"]
    if officer_id is None:
        return ""
    name = names.get(officer_id, texts["another_office"])
    return texts["you"].format(name=name) if officer_id == str(visitor.actor.id) else name
