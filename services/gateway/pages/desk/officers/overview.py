"""`/desk/officers/{id}`: an officer's account with every role ever held, its sign-ins, and what can be done with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.desk.officers.choices import PATH, TONES
from services.gateway.pages.kit.formats import listed, moment, number
from services.gateway.pages.kit.frame import Done, page_router, render_page
from services.gateway.pages.kit.names import office_name
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Record
from shared.errors import Forbidden

router = page_router()
PAGE = f"{PATH}/{{officer_id:uuid}}"
# The pages of the steps of registration, in the order in which they are listed.
PAGE_OF = {
    "invitation": "invitation",
    "roles": "roles",
    "office": "office",
    "staff-number": "staff-number",
    "email": "email",
    "second-factor-reset": "second-factor-reset",
    "suspend": "suspension",
    "lift": "restoration",
    "close": "closing",
}
_DONE = (*(page.replace("-", "_") for page in PAGE_OF.values()), "invite", "not_now")
_METHODS = ("password", "totp", "recovery_code", "passkey", "identity")


@dataclass(frozen=True, slots=True)
class ShownOfficer:
    """An officer's account; `view` is how registration shows it."""

    visitor: Visitor
    view: Mapping[str, Any]

    @property
    def path(self) -> str:
        return f"{PATH}/{self.view['id']}"

    @property
    def state(self) -> str:
        return PAGES[self.visitor.lang]["officers"][f"state_{self.view['state']}"]

    @property
    def tone(self) -> str:
        return TONES[self.view["state"]]


async def read_officer(visitor: Visitor, officer_id: UUID) -> ShownOfficer:
    """An officer's account. Raises `Gone` where there is none, and `Forbidden` for who sees none."""
    if not visitor.reads(Record.OFFICER):
        raise Forbidden()
    return ShownOfficer(visitor, (await visitor.registration.fetch(f"/v1/officers/{officer_id}")).body)


def possible(officer: ShownOfficer) -> list[str]:
    """The pages of the steps that the reader can take now."""
    return [page for step, page in PAGE_OF.items() if step in officer.view["steps"]]


@router.get(PAGE)
async def show_officer(officer_id: UUID, visitor: OfficerVisitor, done: Done = None) -> Response:
    """Show the account; `done` is what was just done on another of its pages."""
    officer = await read_officer(visitor, officer_id)
    return render_page(
        visitor.request,
        "desk/officers/overview",
        visitor.lang,
        visitor=visitor,
        officer=officer,
        view=officer.view,
        facts=list(_facts(officer)),
        grants=list(_grants(officer)),
        sign_ins=list(_sign_ins(officer)),
        next_steps=possible(officer),
        journal=f"/desk/journal?actor_id={officer.view['id']}" if visitor.reads(Record.JOURNAL) else "",
        done=done if done in _DONE else None,
    )


def _facts(officer: ShownOfficer) -> Iterator[dict[str, Any]]:
    lang, view = officer.visitor.lang, officer.view
    texts = PAGES[lang]["officers"]
    yield {"label": texts["login_id"], "value": view["login_id"]}
    yield {"label": texts["email"], "value": view["email"]}
    yield {"label": texts["office"], "value": office_name(view["office"], lang)}
    yield {"label": texts["staff_number"], "value": view["staff_number"]}
    yield {"label": texts["roles"], "value": listed([PAGES[lang]["roles"][role] for role in view["roles"]], lang)}
    yield {"label": texts["second_factor"], "value": texts["set_up" if view["second_factor"] else "not_set_up"]}
    yield {"label": texts["created_at"], "value": moment(view["created_at"], lang)}
    yield {"label": texts["failed"], "value": texts["times"].format(count=number(view["failed_attempts"], lang))}


def _grants(officer: ShownOfficer) -> Iterator[dict[str, Any]]:
    lang = officer.visitor.lang
    texts = PAGES[lang]["officers"]
    for one in officer.view["grants"]:
        granted = texts["granted"].format(moment=moment(one["granted_at"], lang))
        revoked = texts["revoked"].format(moment=moment(one["revoked_at"], lang)) if one["revoked_at"] else ""
        label = PAGES[lang]["roles"][one["role"]]
        yield {"label": label, "value": texts["and_then"].format(one=granted, other=revoked) if revoked else granted}


def _sign_ins(officer: ShownOfficer) -> Iterator[dict[str, Any]]:
    lang = officer.visitor.lang
    texts = PAGES[lang]["officers"]
    for one in officer.view["sign_ins"]:
        method = one["method"] if one["method"] in _METHODS else "password"
        yield {
            "started": one["started_at"],
            "method": texts[f"method_{method}"],
            "device": one["device"] or "",
            "ended": one["ended_at"],
        }
