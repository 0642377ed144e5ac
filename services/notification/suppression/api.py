"""HTTP: operators look at addresses to which mail does not arrive, and have mail sent there again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from services.notification.messages.domain import mailbox
from services.notification.messages.schemas import HistoryEntry
from services.notification.suppression import store
from services.notification.suppression.commands import (
    address_state,
    confirm,
    confirm_contact,
    contact_state,
    journal_list,
    journal_look,
    lift,
    look_at_contact_link,
    look_at_link,
    request_test,
)
from services.notification.suppression.schemas import (
    AddressConfirmed,
    AddressState,
    ContactState,
    LiftBody,
    UndeliverableAddressBody,
    UndeliverableAddressDetail,
)
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Actor, Caller, Record, Role, permit, public, readers
from shared.errors import NotFound
from shared.http import Page, PageQuery, refusals
from shared.http.commands import EachTime, EachTimeForAnybody
from shared.http.marks import RequestMark
from shared.journal.reading import Search, find, head
from shared.service import CurrentRuntime

_MOST_LINES = 200

router = APIRouter(prefix="/v1/notifications/undeliverable-addresses", tags=["notifications"])
own = APIRouter(prefix="/v1/inbox/address", tags=["inbox"])
contacts = APIRouter(prefix="/v1/inbox/contacts", tags=["inbox"])
links = APIRouter(prefix="/v1/address-links", tags=["inbox"])
ROUTERS = (router, own, contacts, links)
Filer = Annotated[Actor, permit(*APPLICANT_ROLES, in_person=True)]
Owner = Annotated[Actor, permit(*APPLICANT_ROLES, *OFFICER_ROLES, in_person=True)]
Token = Annotated[str, Path(max_length=100, description="the secret of a link that confirms an address")]


@router.get("", dependencies=[permit(*readers(Record.NOTIFICATION))])
async def list_addresses(
    caller: Caller,
    mark: RequestMark,
    paging: PageQuery,
    runtime: CurrentRuntime,
    address: Annotated[str | None, Query(max_length=254, description="one mail address, also one lifted since")] = None,
) -> Page[UndeliverableAddressBody]:
    """Addresses to which mail does not arrive and nothing is sent, newest first and masked; each look is journalled."""
    keys = runtime.sealer.hashes(mailbox(address)) if address is not None else None
    async with runtime.commands.work(caller, mark) as work:
        found = await store.list_addresses(work.session, keys, paging.after(datetime, UUID), paging.limit + 1)
        page = paging.page(
            [UndeliverableAddressBody.of(row, runtime.sealer) for row in found], key=lambda body: (body.since, body.id)
        )
        journal_list(work, [item.id for item in page.items], by_address=address is not None)
        return page


@router.get("/{address_id}", dependencies=[permit(*readers(Record.NOTIFICATION))])
async def look_at_address(
    caller: Caller, mark: RequestMark, runtime: CurrentRuntime, address_id: UUID
) -> UndeliverableAddressDetail:
    """One address, masked, with what happened to it; each look is journalled."""
    async with runtime.commands.work(caller, mark) as work:
        found = await store.find_by_id(work.session, address_id)
        if found is None:
            raise NotFound()
        lines = Search(aggregate="undeliverable_address", aggregate_id=address_id)
        history = await find(work.session, lines, await head(work.session), None, _MOST_LINES)
        journal_look(work, address_id)
        return UndeliverableAddressDetail(
            address=UndeliverableAddressBody.of(found, runtime.sealer),
            history=[HistoryEntry.model_validate(line, from_attributes=False) for line in history],
        )


@router.post("/{address_id}/lift", dependencies=[permit(Role.OPERATOR)])
async def lift_address(address_id: UUID, body: LiftBody, each_time: EachTime) -> UndeliverableAddressBody:
    """Send to an address again, with the reason for it. Lifted twice, it is lifted once."""
    return await each_time(lift, address_id, body.reason)


@own.get("")
async def show_own_address(actor: Owner, runtime: CurrentRuntime) -> AddressState:
    """The mail address of the caller's account, masked, and whether mail arrives there."""
    assert actor.id is not None
    async with runtime.db.read() as session:
        return await address_state(session, runtime.sealer, actor.id)


@own.post("/test", status_code=202, responses=refusals(409, 429))
async def test_own_address(request: Request, actor: Owner, each_time: EachTime) -> AddressState:
    """Send a test mail with a link to the caller's address, from which mails had come back: once in 15 minutes."""
    return await each_time(request_test, request.app.state.site.public_url)


@contacts.get("/{application_id}")
async def show_contact(application_id: UUID, actor: Filer, runtime: CurrentRuntime) -> ContactState:
    """Whether mail arrives at the applicant's own address of an application, for those who act for its owner."""
    async with runtime.db.read() as session:
        return await contact_state(session, runtime.sealer, actor, application_id)


@links.get("/{token}", dependencies=[public])
async def look(request: Request, token: Token, runtime: CurrentRuntime) -> AddressConfirmed:
    """Look at a link that confirms an address without using it: of a test mail, or of a mail to an applicant's own."""
    message_id = request.app.state.confirming.read(token)
    async with runtime.db.read() as session:
        if message_id is not None:
            return await look_at_contact_link(session, runtime.sealer, message_id)
        return await look_at_link(session, token, runtime.clock.now())


@links.post("/{token}", dependencies=[public])
async def use(request: Request, token: Token, each_time: EachTimeForAnybody) -> AddressConfirmed:
    """Confirm with the link of a mail that its address is read. Mail is sent there again where it was not."""
    message_id = request.app.state.confirming.read(token)
    if message_id is not None:
        return await each_time(confirm_contact, message_id)
    return await each_time(confirm, token)
