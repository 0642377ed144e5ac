"""HTTP: operators look at addresses to which mail does not arrive, and have mail sent there again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.notification.messages.domain import mailbox
from services.notification.suppression import store
from services.notification.suppression.commands import journal_list, lift
from services.notification.suppression.schemas import LiftBody, UndeliverableAddressBody
from shared.auth import Caller, Record, Role, permit, readers
from shared.http import Page, PageQuery
from shared.http.commands import EachTime
from shared.http.marks import RequestMark
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/notifications/undeliverable-addresses", tags=["notifications"])


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


@router.post("/{address_id}/lift", dependencies=[permit(Role.OPERATOR)])
async def lift_address(address_id: UUID, body: LiftBody, each_time: EachTime) -> UndeliverableAddressBody:
    """Send to an address again, with the reason for it. Lifted twice, it is lifted once."""
    return await each_time(lift, address_id, body.reason)
