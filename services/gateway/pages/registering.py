"""`/register`: the page on which a person who proved who they are registers, and the one that a mail's link leads to.

No scripts: the user class is chosen by a link, and its form shows what the class gives and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import Query, Request, Response

from services.gateway import cookies
from services.gateway.desk import TheDesk, browser_headers, client_address
from services.gateway.pages.asking import Answer
from services.gateway.pages.forms import Trouble
from services.gateway.pages.frame import PageLanguage, page, page_router
from services.gateway.pages.identity import TICKET, problem_of
from services.gateway.pages.person_documents import asked_of, files_of_ticket
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.lists import code_list
from shared.reference.user_classes import USER_CLASSES

router = page_router()
ChosenClass = Annotated[Literal["lawyer_scrivener", "self", "legal_rep", "relative"] | None, Query()]

_KINDS = ("administrative_scrivener", "lawyer")
_OFFICE = (
    "registration_number",
    "certificate_number",
    "certificate_valid_until",
    "office_name",
    "office_address",
    "office_postal_code",
)
# Further people are added by registering again: three cover nearly every family.
_PEOPLE = 3
_PERSON = re.compile(r"/representation/people/(\d+)/(name|birth_date)")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


@router.get("/register/personal")
async def show(request: Request, desk: TheDesk, lang: PageLanguage, role: ChosenClass = None) -> Response:
    """Where to prove who one is; then the choice of the class; then its form."""
    return await _page(request, desk, lang, role, {})


@router.post("/register/personal")
async def hand_in(request: Request, desk: TheDesk, lang: PageLanguage, role: ChosenClass = None) -> Response:
    """Register, and say how it went; mistakes are shown at their fields."""
    desk.csrf.require_own_page(request)
    desk.sign_ins.admit(client_address(request))
    ticket = cookies.held(request, desk.settings, TICKET)
    raw = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=60)
    values = {name: found[0] for name, found in raw.items()}
    if role is None or not ticket:
        return await _page(request, desk, lang, role, values)
    chosen = raw.get("documents", [])
    files = await files_of_ticket(request, desk, lang, role) if asked_of(desk, role, lang) else None
    sent = (
        [{"code": code, "document_id": one["id"]} for one in await files.sent() for code in one["codes"]]
        if files
        else []
    )
    body = {"ticket": ticket, "role": role, **_body(role, values, [*sent, *chosen])}
    answer = await desk.upstreams.call(
        "registration", "POST", "/v1/personal-registrations", json=body, headers=browser_headers(request, lang)
    )
    if answer.status_code == 201:
        response = page(request, "register_done", lang, 201, done=answer.json())
        cookies.drop(response, desk.settings, TICKET)
        return response
    told = Answer.of(answer)
    field_of = {error["pointer"]: _field(error["pointer"]) for error in told.body.get("errors", [])}
    return await _page(request, desk, lang, role, values, told.trouble(lang, field_of), chosen)


@router.get("/register/confirm/{token}")
async def ask_to_confirm(token: str, request: Request, lang: PageLanguage) -> Response:
    """Where the link of a mail leads. Opening it changes nothing: mail programs open links by themselves."""
    return page(request, "register_confirm", lang, token=_segment(token), done=None, problem=None)


@router.post("/register/confirm/{token}")
async def confirm(token: str, request: Request, desk: TheDesk, lang: PageLanguage) -> Response:
    """Confirm the mail address through registration, and say how it went."""
    desk.csrf.require_own_page(request)
    desk.sign_ins.admit(client_address(request))
    path = f"/v1/password-links/{_segment(token)}/confirm"
    answer = await desk.upstreams.call("registration", "POST", path, headers=browser_headers(request, lang))
    if answer.is_success:
        return page(request, "register_confirm", lang, token=_segment(token), done=answer.json(), problem=None)
    problem = problem_of(answer)
    words = problem.get("detail") or problem.get("title")
    return page(request, "register_confirm", lang, answer.status_code, token=_segment(token), done=None, problem=words)


async def _page(
    request: Request,
    desk: TheDesk,
    lang: PageLanguage,
    role: str | None,
    values: Mapping[str, str],
    trouble: Trouble | None = None,
    chosen: Sequence[str] = (),
) -> Response:
    ticket = cookies.held(request, desk.settings, TICKET)
    if not ticket:
        return page(request, "register_begin", lang, over=False)
    headers = browser_headers(request, lang)
    body = {"ticket": ticket}
    answer = await desk.upstreams.call("registration", "POST", "/v1/identity-tickets", json=body, headers=headers)
    if answer.status_code in (401, 422):
        response = page(request, "register_begin", lang, over=True)
        cookies.drop(response, desk.settings, TICKET)
        return response
    known = answer.json() if answer.status_code == 200 else problem_of(answer)
    if answer.status_code != 200:
        return page(
            request, "identity_refused", lang, answer.status_code, words=known.get("title"), code=known.get("code")
        )
    today = legal_date(desk.clock.now())
    classes = [row for row in USER_CLASSES.on(today) if row.registers_by == "identity"]
    if role is None:
        offered = [(row.role, getattr(row.name, lang), getattr(row.acts_for, lang)) for row in classes]
        with_documents = [row.role for row in classes if asked_of(desk, row.role, lang)]
        return page(request, "register_class", lang, person=known, classes=offered, with_documents=with_documents)
    (own,) = [row for row in classes if row.role == role]
    files = await files_of_ticket(request, desk, lang, role) if asked_of(desk, role, lang) else None
    sent = await files.sent() if files else []
    return page(
        request,
        "register_personal",
        lang,
        trouble.status if trouble else 200,
        trouble=trouble,
        person=known,
        own=own,
        own_name=getattr(own.name, lang),
        values=values,
        chosen=chosen,
        labels=_labels(lang),
        kinds=[(kind, PAGES[lang][f"register_kind_{kind}"]) for kind in _KINDS],
        office=_OFFICE,
        relations=[(one, PAGES[lang][f"register_relation_{one}"]) for one in own.relations],
        people=range(_PEOPLE),
        documents=[
            (code, name, condition, [one for one in sent if code in one["codes"]])
            for code, name, condition in asked_of(desk, role, lang)
        ],
        prefectures=[
            (code.removeprefix("JP-"), getattr(name, lang)) for code, name in code_list("prefecture").labels.items()
        ],
    )


def _body(role: str, values: Mapping[str, str], documents: Sequence[Any]) -> dict[str, Any]:
    """The form as registration takes it; what was left empty is not sent."""
    body: dict[str, Any] = {
        "prefecture": values.get("prefecture", ""),
        "language": values.get("language", "ja"),
        "documents": list(documents),
        "terms_accepted": values.get("terms_accepted") == "yes",
    }
    body |= {name: values[name] for name in ("email", "phone") if values.get(name)}
    if role == "lawyer_scrivener":
        body["professional"] = {name: values[name] for name in ("kind", *_OFFICE) if values.get(name)}
    if role in ("legal_rep", "relative"):
        people = [
            {name: values[f"{name}_{n}"] for name in ("name", "birth_date") if values.get(f"{name}_{n}")}
            for n in range(_PEOPLE)
        ]
        # The first is asked for even where it is empty, so that the mistake is shown at its field.
        kept = [one for n, one in enumerate(people) if one or n == 0]
        body["representation"] = {"people": kept} | ({"kind": values["relation"]} if values.get("relation") else {})
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
    texts = PAGES[lang]
    named = ("email", "phone", "prefecture", "language", "kind", *_OFFICE, "relation", "documents")
    found = {name: texts[f"register_{name}"] for name in named} | {"terms_accepted": texts["register_terms"]}
    for number in range(_PEOPLE):
        found |= {
            f"name_{number}": texts["register_people_name"],
            f"birth_date_{number}": texts["register_people_born"],
        }
    return found


def _segment(token: str) -> str:
    """A token is one path segment of URL-safe characters; anything else names no link."""
    return token if _TOKEN.fullmatch(token) else "invalid"
