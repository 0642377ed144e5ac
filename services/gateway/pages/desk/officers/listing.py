"""`/desk/officers`: the officers of every office, with filters and a page at a time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.desk.officers.choices import PATH, STATES, TONES, offices, roles
from services.gateway.pages.kit.forms import is_cursor
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.names import office_codes, office_name
from services.gateway.pages.kit.visitor import OfficerVisitor
from services.gateway.texts import PAGES
from shared.auth import OFFICER_ROLES, Record, Role
from shared.errors import Forbidden

router = page_router()
ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list that an address asks for; what cannot be asked is left out."""

    office: str = ""
    role: str = ""
    state: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        given = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        possible = {
            "office": given["office"] in office_codes(),
            "role": given["role"] in OFFICER_ROLES,
            "state": given["state"] in STATES,
            "cursor": is_cursor(given["cursor"]),
        }
        return cls(**{name: value for name, value in given.items() if possible[name]})

    @property
    def is_narrowed(self) -> bool:
        return replace(self, cursor="") != Wanted()

    def address(self, cursor: str = "") -> str:
        """The address of the same list, from its first page unless another is named."""
        asked = {name: value for name, value in asdict(replace(self, cursor=cursor)).items() if value}
        return f"{PATH}?{urlencode(asked)}" if asked else PATH


@router.get(PATH)
async def show_officers(request: Request, visitor: OfficerVisitor) -> Response:
    """Show the list."""
    if not visitor.reads(Record.OFFICER):
        raise Forbidden()
    wanted, lang = Wanted.of(request.query_params), visitor.lang
    asked = {name: value for name, value in asdict(wanted).items() if value}
    answer = await visitor.registration.call("GET", f"/v1/officers?{urlencode(asked | {'limit': ON_A_PAGE})}")
    if answer.status == 422 and wanted.cursor:
        # An address that was written by hand.
        return redirect_to(wanted.address())
    if not answer.ok:
        raise ServiceDown()
    texts = PAGES[lang]["officers"]
    return render_page(
        request,
        "desk/officers/listing",
        lang,
        scripts=("queue.js",),
        visitor=visitor,
        wanted=wanted,
        lines=[
            one
            | {
                "href": f"{PATH}/{one['id']}",
                "office": office_name(one["office"], lang),
                "roles": [PAGES[lang]["roles"][role] for role in one["roles"]],
                "state": texts[f"state_{one['state']}"],
                "tone": TONES[one["state"]],
            }
            for one in answer.body["items"]
        ],
        invites=visitor.actor.has(Role.ADMINISTRATOR),
        offices=offices(lang),
        roles=[(role, name) for role, name, _ in roles(lang)],
        states=[(state, texts[f"state_{state}"]) for state in STATES],
        following=wanted.address(answer.body["next"]) if answer.body["next"] else "",
        first=wanted.address() if wanted.cursor else "",
    )
