"""Blocks of operators: networks, accounts' sign-in, API clients."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.registration.accounts.domain.blocks import LONGEST, BlockKind
from services.registration.http.context import CallerPeer
from services.registration.http.fields import Input
from services.registration.officers.commands import blocks
from services.registration.officers.schemas.blocks import BlockList, BlockView
from shared.auth import Actor, Role, permit
from shared.http import refusals
from shared.http.commands import EachTime, Once
from shared.text import half_width
from shared.text.lines import several_lines
from shared.text.typed import Typed

router = APIRouter(prefix="/v1/registration/operations/blocks", tags=["operations"])
# A stolen session must not be able to lock anybody out.
Operator = Annotated[Actor, permit(Role.OPERATOR, kinds=("officer",), fresh=True)]
Reason = Annotated[
    str, Typed(several_lines, most=500), Field(examples=["Guessed passwords of 40 accounts since 09:10"])
]


class BlockInput(Input):
    """The subject of a block, for how long and why."""

    kind: BlockKind = Field(examples=["network"])
    subject: Annotated[str, Typed(half_width, most=100)] = Field(
        description="network in CIDR notation; login id or id of an account; id of a client",
        examples=["203.0.113.0/24"],
    )
    hours: int = Field(ge=1, le=LONGEST.days * 24, examples=[24])
    reason: Reason


class LiftInput(Input):
    """The reason to lift a block before its end."""

    reason: Reason


@router.get("")
async def list_blocks(operator: Operator, run: EachTime) -> BlockList:
    """Blocks in force, and those that ended in the last 30 days."""
    return await run(blocks.list_blocks)


@router.post("", status_code=201, responses=refusals(403, 409))
async def set_block(body: BlockInput, operator: Operator, once: Once, peer: CallerPeer) -> BlockView:
    """Block somebody until an end. Nobody can block the network that they come from, or their own account."""
    return await once(blocks.set_block, body.kind, body.subject, body.hours, body.reason, peer)


@router.post("/{block_id}/lift", responses=refusals(404))
async def lift_block(block_id: UUID, body: LiftInput, operator: Operator, once: Once) -> BlockView:
    """Lift a block. 404 where it is over."""
    return await once(blocks.lift_block, block_id, body.reason)
