"""`/register/personal`: the page on which a person who proved who they are registers.

No scripts: the user class is chosen by a link, and its form shows what the class gives and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from services.gateway.edge import cookies
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt
from services.gateway.pages.entry.identity import FORM, TICKET, render_refusal
from services.gateway.pages.entry.personal_registration.documents import list_sent_files, requested_documents
from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.forms import Form, FormErrors, form_reader, missing_fields
from services.gateway.pages.kit.frame import PageLanguage, page_router, redirect_to, render_page
from services.gateway.pages.kit.mail_address import meant_by
from services.gateway.pages.kit.organisations import prefectures
from services.gateway.pages.kit.shown_once import drop_note, keep_note, read_note
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.usage_documents import NAMES
from shared.reference.user_classes import USER_CLASSES

router = page_router()
ChosenClass = Annotated[Literal["lawyer_scrivener", "self", "legal_rep", "relative"] | None, Query()]
PersonalForm = Annotated[Form, Depends(form_reader(60))]

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
async def show(request: Request, gateway: CurrentGateway, lang: PageLanguage, role: ChosenClass = None) -> Response:
    """Show the link to the identity provider; then the choice of the class; then its form."""
    values = read_note(request, gateway, _DRAFT, _of_ticket(request, gateway, role), _DRAFT_SECONDS) if role else None
    return await _page(request, gateway, lang, role, Form.of(values or {}))


@router.get("/register/personal/done")
async def show_receipt(request: Request, gateway: CurrentGateway, lang: PageLanguage) -> Response:
    """Show the receipt number, and the next step."""
    registered = read_note(request, gateway, _DONE, "")
    return (
        redirect_to(FORM)
        if registered is None
        else render_page(request, "entry/personal_registration/done", lang, done=registered)
    )


@router.post("/register/personal")
async def submit(
    request: Request, gateway: CurrentGateway, lang: PageLanguage, form: PersonalForm, role: ChosenClass = None
) -> Response:
    """Register the person; mistakes are shown at their fields."""
    await check_sign_in_attempt(request, gateway)
    ticket = cookies.read(request, gateway.settings, TICKET)
    if role is None or not ticket:
        return await _page(request, gateway, lang, role, form)
    if form["do"] == "row":
        return await _page(request, gateway, lang, role, form, rows=_rows(form) + 1)
    if form["do"] == "documents":
        response = redirect_to(f"{FORM}/documents", role=role)
        entered = {name: form.every(name) for name in form if name != "do"}
        keep_note(response, gateway, _DRAFT, _of_ticket(request, gateway, role), entered, _DRAFT_SECONDS)
        return response
    sent = await list_sent_files(request, gateway, lang, role) or []
    if meant := meant_by(form):
        return await _page(request, gateway, lang, role, form, sent=sent, meant=meant)
    files = [{"code": code, "document_id": one["id"]} for one in sent for code in one["codes"]]
    body = {"ticket": ticket, "role": role, **_body(role, form, [*files, *form.every("documents")])}
    answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
        "POST", "/v1/personal-registrations", body
    )
    if answer.ok:
        response = redirect_to(f"{FORM}/done")
        keep_note(response, gateway, _DONE, "", answer.body)
        drop_note(response, gateway, _DRAFT)
        cookies.drop(response, gateway.settings, TICKET)
        return response
    field_of = {error["pointer"]: _field(error["pointer"]) for error in answer.body.get("errors", [])}
    return await _page(request, gateway, lang, role, form, answer.form_errors(lang, field_of), sent)


def _of_ticket(request: Request, gateway: Gateway, role: str) -> str:
    """The subject of the unfinished form's note."""
    return f"{role} {sha256(cookies.read(request, gateway.settings, TICKET).encode()).hexdigest()}"


def _rows(form: Form) -> int:
    """The number of people that the form shows."""
    filled = [n for n in range(_MOST_PEOPLE) if f"name_{n}" in form]
    return min(max(filled, default=0) + 1, _MOST_PEOPLE)


async def _page(
    request: Request,
    gateway: Gateway,
    lang: Lang,
    role: str | None,
    form: Form,
    errors: FormErrors | None = None,
    sent: Sequence[Mapping[str, Any]] | None = None,
    rows: int = 0,
    meant: str = "",
) -> Response:
    ticket = cookies.read(request, gateway.settings, TICKET)
    if not ticket:
        return _start(request, gateway, lang, role)
    answer = await ServiceClient("registration", Session(request, gateway, lang)).call(
        "POST", "/v1/identity-tickets", {"ticket": ticket}
    )
    if answer.status in (401, 422):
        response = _start(request, gateway, lang, role, over=True)
        cookies.drop(response, gateway.settings, TICKET)
        return response
    if not answer.ok:
        return render_refusal(request, answer, lang)
    known = answer.body
    if errors is not None and errors.status == 422 and not known["account_known"]:
        errors = _with_missing(errors, form, lang)
    today = legal_date(gateway.clock.now())
    classes = [row for row in USER_CLASSES.on(today) if row.registers_by == "identity"]
    if role is None:
        offered = [(row.role, say(row.name, lang), say(row.acts_for, lang)) for row in classes]
        with_documents = [row.role for row in classes if requested_documents(gateway, row.role, lang)]
        return render_page(
            request,
            "entry/personal_registration/user_class",
            lang,
            person=known,
            classes=offered,
            with_documents=with_documents,
        )
    (own,) = [row for row in classes if row.role == role]
    if sent is None:
        sent = await list_sent_files(request, gateway, lang, role) or []
    return render_page(
        request,
        "entry/personal_registration/form",
        lang,
        errors=errors,
        meant=meant,
        person=known,
        own=own,
        own_name=say(own.name, lang),
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
            for code, name, condition in requested_documents(gateway, role, lang)
        ],
        prefectures=prefectures(lang),
        names={code: say(name, lang) for code, name in NAMES.items()},
    )


def _start(request: Request, gateway: Gateway, lang: Lang, role: str | None, *, over: bool = False) -> Response:
    """The page before the identity is confirmed: what somebody of the chosen class has at hand."""
    row = next((row for row in USER_CLASSES.on(legal_date(gateway.clock.now())) if row.role == role), None)
    return render_page(
        request,
        "entry/personal_registration/start",
        lang,
        over=over,
        role=role,
        own_name=say(row.name, lang) if row else "",
        by_certificate=row is not None and row.by_certificate,
        documents=requested_documents(gateway, row.role, lang) if row else [],
    )


def _with_missing(errors: FormErrors, form: Form, lang: Lang) -> FormErrors:
    """Email address and telephone too, which registration checks once the rest is right: all mistakes at once."""
    named = {message.field for message in errors.messages}
    empty = missing_fields(lang, *(name for name in form.empty("email", "phone") if name not in named))
    return FormErrors(422, (*(empty.messages if empty else ()), *errors.messages))


def _choices(field: str, values: Sequence[str], lang: Lang) -> list[tuple[str, str]]:
    """Nothing is chosen before the person chooses it."""
    if not values:
        return []
    return [
        ("", PAGES[lang]["forms"]["choose"]),
        *((one, PAGES[lang]["personal_registration"][f"{field}_{one}"]) for one in values),
    ]


def _body(role: str, form: Form, documents: Sequence[Any]) -> dict[str, Any]:
    """The form as registration takes it, without empty fields."""
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
        read_note = [one for n, one in enumerate(people) if one or n == 0]
        body["representation"] = {"people": read_note} | ({"kind": form["relation"]} if form["relation"] else {})
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
    """The labels of the fields, for the list of mistakes."""
    texts = PAGES[lang]["personal_registration"]
    named = ("email", "phone", "prefecture", "language", "kind", *_OFFICE, "relation", "documents")
    found = {name: texts[name] for name in named} | {"terms_accepted": texts["terms"]}
    for number in range(_MOST_PEOPLE):
        found |= {
            f"name_{number}": texts["people_name"],
            f"birth_date_{number}": texts["people_born"],
        }
    return found
