"""`/register/personal`: the page on which a person who proved who they are registers.

No scripts: the user class is chosen by a link, and its form shows what the class gives and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.context import Desk, TheDesk
from services.gateway.edge.sign_in import admitted
from services.gateway.pages.entry.identity import FORM, TICKET, refused
from services.gateway.pages.entry.personal_registration.documents import asked_of, sent_files
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Form, Trouble, posted
from services.gateway.pages.kit.frame import PageLanguage, page, page_router, see
from services.gateway.pages.kit.missing_fields import missing
from services.gateway.pages.kit.organisations import prefectures
from services.gateway.pages.kit.shown_once import drop, keep, kept
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.user_classes import USER_CLASSES

router = page_router()
ChosenClass = Annotated[Literal["lawyer_scrivener", "self", "legal_rep", "relative"] | None, Query()]
PersonalForm = Annotated[Form, Depends(posted(60))]

_KINDS = ("administrative_scrivener", "lawyer")
_OFFICE = (
    "registration_number",
    "certificate_number",
    "certificate_valid_until",
    "office_name",
    "office_address",
    "office_postal_code",
)
# As many as registration takes; the form begins with one row.
_MOST_PEOPLE = 10
_DONE = "registered"
_DRAFT = "person"
# As long as a ticket holds.
_DRAFT_SECONDS = 30 * 60
_PERSON = re.compile(r"/representation/people/(\d+)/(name|birth_date)")


@router.get("/register/personal")
async def show(request: Request, desk: TheDesk, lang: PageLanguage, role: ChosenClass = None) -> Response:
    """Where to prove who one is; then the choice of the class; then its form."""
    values = kept(request, desk, _DRAFT, _of_ticket(request, desk, role), _DRAFT_SECONDS) if role else None
    return await _page(request, desk, lang, role, Form.of(values or {}))


@router.get("/register/personal/done")
async def done(request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """The receipt number, and what comes next."""
    registered = kept(request, desk, _DONE, "")
    return see(FORM) if registered is None else page(request, "entry/personal_registration/done", lang, done=registered)


@router.post("/register/personal")
async def hand_in(
    request: Request, desk: TheDesk, lang: PageLanguage, form: PersonalForm, role: ChosenClass = None
) -> Response:
    """Register, and say how it went; mistakes are shown at their fields."""
    admitted(request, desk)
    ticket = cookies.held(request, desk.settings, TICKET)
    if role is None or not ticket:
        return await _page(request, desk, lang, role, form)
    if form["do"] == "row":
        return await _page(request, desk, lang, role, form, rows=_rows(form) + 1)
    if form["do"] == "documents":
        response = see(f"{FORM}/documents", role=role)
        entered = {name: form.every(name) for name in form if name != "do"}
        keep(response, desk, _DRAFT, _of_ticket(request, desk, role), entered, _DRAFT_SECONDS)
        return response
    sent = await sent_files(request, desk, lang, role) or []
    files = [{"code": code, "document_id": one["id"]} for one in sent for code in one["codes"]]
    body = {"ticket": ticket, "role": role, **_body(role, form, [*files, *form.every("documents")])}
    answer = await ServiceClient("registration", Session(request, desk, lang)).call(
        "POST", "/v1/personal-registrations", body
    )
    if answer.ok:
        response = see(f"{FORM}/done")
        keep(response, desk, _DONE, "", answer.body)
        drop(response, desk, _DRAFT)
        cookies.drop(response, desk.settings, TICKET)
        return response
    field_of = {error["pointer"]: _field(error["pointer"]) for error in answer.body.get("errors", [])}
    return await _page(request, desk, lang, role, form, answer.trouble(lang, field_of), sent)


def _of_ticket(request: Request, desk: Desk, role: str) -> str:
    """Whose unfinished form it is."""
    return f"{role} {sha256(cookies.held(request, desk.settings, TICKET).encode()).hexdigest()}"


def _rows(form: Form) -> int:
    """The number of people that the form shows."""
    filled = [n for n in range(_MOST_PEOPLE) if f"name_{n}" in form]
    return min(max(filled, default=0) + 1, _MOST_PEOPLE)


async def _page(
    request: Request,
    desk: Desk,
    lang: Lang,
    role: str | None,
    form: Form,
    trouble: Trouble | None = None,
    sent: Sequence[Mapping[str, Any]] | None = None,
    rows: int = 0,
) -> Response:
    ticket = cookies.held(request, desk.settings, TICKET)
    if not ticket:
        return page(request, "entry/personal_registration/start", lang, over=False, role=role)
    answer = await ServiceClient("registration", Session(request, desk, lang)).call(
        "POST", "/v1/identity-tickets", {"ticket": ticket}
    )
    if answer.status in (401, 422):
        response = page(request, "entry/personal_registration/start", lang, over=True, role=role)
        cookies.drop(response, desk.settings, TICKET)
        return response
    if not answer.ok:
        return refused(request, answer, lang)
    known = answer.body
    if trouble is not None and trouble.status == 422 and not known["account_known"]:
        trouble = _with_missing(trouble, form, lang)
    today = legal_date(desk.clock.now())
    classes = [row for row in USER_CLASSES.on(today) if row.registers_by == "identity"]
    if role is None:
        offered = [(row.role, getattr(row.name, lang), getattr(row.acts_for, lang)) for row in classes]
        with_documents = [row.role for row in classes if asked_of(desk, row.role, lang)]
        return page(
            request,
            "entry/personal_registration/user_class",
            lang,
            person=known,
            classes=offered,
            with_documents=with_documents,
        )
    (own,) = [row for row in classes if row.role == role]
    if sent is None:
        sent = await sent_files(request, desk, lang, role) or []
    return page(
        request,
        "entry/personal_registration/form",
        lang,
        trouble=trouble,
        person=known,
        own=own,
        own_name=getattr(own.name, lang),
        values=form,
        chosen=form.every("documents"),
        labels=_labels(lang),
        kinds=_choices("kind", _KINDS, lang),
        office=_OFFICE,
        relations=_choices("relation", own.relations, lang),
        people=range(min(rows or _rows(form), _MOST_PEOPLE)),
        more_people=(rows or _rows(form)) < _MOST_PEOPLE,
        documents=[
            (code, name, condition, [one for one in sent if code in one["codes"]])
            for code, name, condition in asked_of(desk, role, lang)
        ],
        prefectures=prefectures(lang),
    )


def _with_missing(trouble: Trouble, form: Form, lang: Lang) -> Trouble:
    """Mail address and telephone too, of which registration speaks when the rest is right: everything at once."""
    named = {message.field for message in trouble.messages}
    told = missing(lang, *(name for name in form.empty("email", "phone") if name not in named))
    return Trouble(422, (*(told.messages if told else ()), *trouble.messages))


def _choices(field: str, values: Sequence[str], lang: Lang) -> list[tuple[str, str]]:
    """Nothing is chosen before the person chooses it."""
    if not values:
        return []
    return [
        ("", PAGES[lang]["forms"]["choose"]),
        *((one, PAGES[lang]["personal_registration"][f"{field}_{one}"]) for one in values),
    ]


def _body(role: str, form: Form, documents: Sequence[Any]) -> dict[str, Any]:
    """The form as registration takes it; what was left empty is not sent."""
    body: dict[str, Any] = {
        "prefecture": form["prefecture"],
        "language": form["language"] or "ja",
        "documents": list(documents),
        "terms_accepted": form["terms_accepted"] == "yes",
        **form.given("email", "phone"),
    }
    if role == "lawyer_scrivener":
        body["professional"] = form.given("kind", *_OFFICE)
    if role in ("legal_rep", "relative"):
        people = [
            {name: form[f"{name}_{n}"] for name in ("name", "birth_date") if form[f"{name}_{n}"]}
            for n in range(_MOST_PEOPLE)
        ]
        # The first is asked for even where it is empty, so that the mistake is shown at its field.
        kept = [one for n, one in enumerate(people) if one or n == 0]
        body["representation"] = {"people": kept} | ({"kind": form["relation"]} if form["relation"] else {})
    return body


def _field(pointer: str) -> str:
    """The name of the form's field that a JSON pointer means."""
    if match := _PERSON.fullmatch(pointer):
        return f"{match.group(2)}_{match.group(1)}"
    if pointer == "/representation/kind":
        return "relation"
    if pointer.startswith("/representation/people"):
        return "name_0"
    return "documents" if pointer.startswith("/documents") else pointer.rpartition("/")[2]


def _labels(lang: Lang) -> dict[str, str]:
    """What the fields are called, for the list of mistakes."""
    texts = PAGES[lang]["personal_registration"]
    named = ("email", "phone", "prefecture", "language", "kind", *_OFFICE, "relation", "documents")
    found = {name: texts[name] for name in named} | {"terms_accepted": texts["terms"]}
    for number in range(_MOST_PEOPLE):
        found |= {
            f"name_{number}": texts["people_name"],
            f"birth_date_{number}": texts["people_born"],
        }
    return found
