"""Officers' accounts: who may act for which office, and what they may do. Administrators act for every office."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from services.registration.accounts.domain.standing import AccountState
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Email, Input, Line
from services.registration.http.step_up import STEP_UP
from services.registration.lifecycle.api.account_states import ReasonInput
from services.registration.officers.commands import email_changes, officer_states, officer_views, officers
from services.registration.officers.commands.officers import NewOfficer
from services.registration.officers.schemas.officer_views import Officer, OfficerColleague, OfficerView
from services.registration.officers.schemas.officers import OfficerStanding
from services.registration.officers.store import officers as store
from services.registration.officers.store.officers import Wanted
from shared.auth import Actor, Role, permit
from shared.auth.actor import OFFICER_ROLES
from shared.errors import Text
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, Once
from shared.http.versions import IfMatch, etag, expect
from shared.languages import Lang
from shared.text.typed import rule

router = APIRouter(prefix="/v1/officers", tags=["officers"])
Administrator = Annotated[Actor, permit(Role.ADMINISTRATOR, kinds=("officer",))]
Reader = Annotated[Actor, permit(Role.ADMINISTRATOR, Role.AUDITOR, kinds=("officer",))]
Colleague = Annotated[Actor, permit(*sorted(OFFICER_ROLES), kinds=("officer",))]


def _officers_role(role: Role) -> Role:
    if role not in OFFICER_ROLES:
        raise rule("not-an-officers-role", Text("職員の権限ではありません", "This is no role of an officer"))
    return role


OfficerRole = Annotated[
    Role,
    AfterValidator(_officers_role),
    WithJsonSchema({"type": "string", "enum": sorted(OFFICER_ROLES), "examples": ["examiner"]}),
]
Roles = Annotated[list[OfficerRole], Field(min_length=1, max_length=len(OFFICER_ROLES), examples=[["examiner"]])]
Office = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["TYO"])]


StaffNumber = Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,20}$", examples=["A012345"])]


class InvitationInput(Input):
    """The person to invite, their office, and their roles."""

    name: Line = Field(examples=["審査 一郎"])
    email: Email = Field(examples=["ichiro@example.go.jp"])
    office: Office
    roles: Roles
    language: Lang = "ja"
    staff_number: StaffNumber | None = Field(None, description="two accounts with the same one are one human's")


class RolesInput(Input):
    """The roles that the officer holds from now on, and no other."""

    roles: Roles


class OfficeInput(Input):
    """The office to which the officer belongs from now on."""

    office: Office


class StaffNumberInput(Input):
    """The officer's staff number; null: not known."""

    staff_number: StaffNumber | None


class OfficerEmailInput(Input):
    """The mail address that the officer is to have."""

    email: Email = Field(examples=["ichiro.new@example.go.jp"])


@router.post("", status_code=201, responses=STEP_UP)
async def invite(
    body: InvitationInput, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """Invite an officer: they get a link to set a password, and set up a second factor before any role counts.

    Nobody invites themself (`own-account`), nor who is an officer already (`officer-known`)."""
    new = NewOfficer(body.name, body.email, body.office, frozenset(body.roles), body.language, None, body.staff_number)
    return await once(officers.invite, context, new)


@router.get("")
async def list_officers(
    reader: Reader,
    paging: PageQuery,
    run: EachTime,
    office: Office | None = None,
    role: OfficerRole | None = None,
    state: AccountState | None = None,
) -> Page[Officer]:
    """Officers in the order in which their accounts were made. The reading is journalled."""
    after = paging.after(UUID)
    wanted = Wanted(office, role, state)
    found = await run(officer_views.listed, wanted, after[0] if after else None, paging.limit + 1)
    return paging.page(found.items, key=lambda officer: (officer.id,))


@router.get("/colleagues")
async def list_colleagues(caller: Colleague, context: CurrentContext) -> list[OfficerColleague]:
    """The officers of one's own office by name, those whose accounts have ended as well."""
    if caller.office is None:
        return []
    async with context.db.read() as session:
        found = await store.of_office(session, caller.office)
    return [
        OfficerColleague(
            id=row.Account.id,
            name=row.Account.name,
            roles=sorted(row.roles),
            active=row.Account.state == AccountState.ACTIVE,
            you=row.Account.id == caller.id,
        )
        for row in found
    ]


@router.get("/{officer_id}")
async def read_officer(
    officer_id: UUID, reader: Reader, context: CurrentContext, response: Response, run: EachTime
) -> OfficerView:
    """One officer, with every role they ever held. The reading is journalled."""
    found = await run(officer_views.read, context, officer_id)
    response.headers["ETag"] = etag(found.revision)
    return found


@router.put("/{officer_id}/roles", responses=STEP_UP)
async def set_roles(
    officer_id: UUID,
    body: RolesInput,
    administrator: Administrator,
    context: CurrentContext,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> OfficerStanding:
    """Grant and revoke: the officer holds these roles from now on. Where one is revoked, their sessions end."""
    roles = frozenset(body.roles)
    now = await run(officers.set_roles, context, officer_id, roles, lambda r: expect(r, if_match))
    response.headers["ETag"] = etag(now.revision)
    return now


@router.put("/{officer_id}/office", responses=STEP_UP)
async def move(
    officer_id: UUID,
    body: OfficeInput,
    administrator: Administrator,
    context: CurrentContext,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> OfficerStanding:
    """Move the officer to another office; their sessions end."""
    now = await run(officers.move, context, officer_id, body.office, lambda r: expect(r, if_match))
    response.headers["ETag"] = etag(now.revision)
    return now


@router.put("/{officer_id}/staff-number", responses=STEP_UP)
async def set_staff_number(
    officer_id: UUID,
    body: StaffNumberInput,
    administrator: Administrator,
    context: CurrentContext,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> OfficerStanding:
    """Set the officer's staff number, by which two accounts are known as one human's; their sessions end."""
    number = body.staff_number
    now = await run(officers.set_staff_number, context, officer_id, number, lambda r: expect(r, if_match))
    response.headers["ETag"] = etag(now.revision)
    return now


@router.post("/{officer_id}/email", status_code=202, responses=STEP_UP)
async def change_email(
    officer_id: UUID, body: OfficerEmailInput, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """Change an officer's mail address, or give them their first: it changes when the link that goes to the new address
    is used. Their sessions stay.

    Nobody gives another their own mailbox (`own-account`), nor one that another officer has (`officer-known`)."""
    return await once(email_changes.ask_for_officer, context, officer_id, body.email)


@router.post("/{officer_id}/invitation", responses=STEP_UP)
async def invite_again(
    officer_id: UUID, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """Send the link again to who has not set a password yet; the one before is worth nothing any more."""
    return await once(officers.invite_again, context, officer_id)


@router.post("/{officer_id}/suspend", responses=STEP_UP)
async def suspend(
    officer_id: UUID, body: ReasonInput, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """Stop the account: its sessions end at once."""
    return await once(officer_states.suspend, context, officer_id, body.reason_code)


@router.post("/{officer_id}/lift", responses=STEP_UP)
async def lift(officer_id: UUID, administrator: Administrator, context: CurrentContext, once: Once) -> OfficerStanding:
    """End a stop."""
    return await once(officer_states.lift, context, officer_id)


@router.post("/{officer_id}/close", responses=STEP_UP)
async def close(
    officer_id: UUID, body: ReasonInput, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """End the account for good."""
    return await once(officer_states.close, context, officer_id, body.reason_code)


@router.post("/{officer_id}/second-factor-reset", responses=STEP_UP)
async def reset_second_factor(
    officer_id: UUID, administrator: Administrator, context: CurrentContext, once: Once
) -> OfficerStanding:
    """Help an officer who lost their second factor: it ends, and so does their password. They get a link to set another
    password, and set up a second factor at the next sign-in.

    The first administrator asks for it, and nothing changes; it is done when another one asks for the same within 24
    hours (`second-officer-needed` for the first one again)."""
    return await once(officer_states.reset_second_factor, context, officer_id)
