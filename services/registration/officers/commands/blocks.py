"""Blocks that operators set and lift."""

from datetime import timedelta
from ipaddress import ip_network
from uuid import UUID

from services.registration.accounts.domain import login_id as login_ids
from services.registration.accounts.domain.blocks import BlockKind, network_flaw
from services.registration.accounts.store import accounts, blocks
from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.blocks import Block
from services.registration.audit import Tag
from services.registration.authentication.store import sign_in
from services.registration.lifecycle.problems import OwnAccount
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.officers.problems import already_blocked, no_such_subject, not_blockable
from services.registration.officers.schemas.blocks import BlockList, BlockView
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import Work

# Ended blocks are shown for so long: people who wonder why they were kept out ask within days.
_SHOWN_FOR = timedelta(days=30)


async def set_block(
    work: Work, kind: BlockKind, subject: str, hours: int, reason: str, operators_address: str
) -> BlockView:
    """Keep a network, an account's sign-in or an API client out. Raises `Invalid`, `OwnAccount` or `Conflict`.

    The sessions of an account end; tokens of a client are refused everywhere within a minute.
    """
    network, subject_id = await _subject(work, kind, subject, operators_address)
    if await blocks.is_blocked(work.session, network, subject_id, work.now):
        raise already_blocked()
    block = Block(
        id=new_id(),
        kind=kind.value,
        network=network,
        subject_id=subject_id,
        reason=reason,
        set_by=work.actor_id,
        set_at=work.now,
        ends_at=work.now + timedelta(hours=hours),
    )
    work.session.add(block)
    await work.session.flush()
    if kind is BlockKind.ACCOUNT and subject_id is not None:
        await sign_in.end_sessions(work.session, subject_id, work.now, "blocked")
    work.journal("block", block.id, Tag.BLOCK_SET, {"kind": kind.value, "ends_at": block.ends_at})
    return _view(block, work)


async def lift_block(work: Work, block_id: UUID, reason: str) -> BlockView:
    """End a block before its time. Raises `NotFound`, also where it is over."""
    block = await blocks.locked_block(work.session, block_id)
    if block is None or block.lifted_at is not None or block.ends_at <= work.now:
        raise NotFound()
    block.lifted_by, block.lifted_at, block.lift_reason = work.actor_id, work.now, reason
    work.journal("block", block.id, Tag.BLOCK_LIFT)
    return _view(block, work)


async def list_blocks(work: Work) -> BlockList:
    """Blocks in force, and those that ended in the last 30 days."""
    found = await blocks.shown(work.session, work.now - _SHOWN_FOR)
    return BlockList(items=[_view(block, work) for block in found])


async def _subject(work: Work, kind: BlockKind, subject: str, operators_address: str) -> tuple[str | None, UUID | None]:
    if kind is BlockKind.NETWORK:
        if flaw := network_flaw(subject, operators_address):
            raise not_blockable(flaw)
        return str(ip_network(subject)), None
    found: Account | ApiClient | None
    identity = _id(subject)
    if kind is BlockKind.CLIENT:
        found = await work.session.get(ApiClient, identity) if identity else None
    elif identity is not None:
        found = await accounts.account(work.session, identity)
    else:
        found = await accounts.by_login_id(work.session, login_ids.canonical(subject))
    if found is None:
        raise no_such_subject()
    if found.id == work.actor_id:
        raise OwnAccount()
    return None, found.id


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _view(block: Block, work: Work) -> BlockView:
    return BlockView(
        id=block.id,
        kind=block.kind,
        network=block.network,
        subject_id=block.subject_id,
        reason=block.reason,
        set_by=block.set_by,
        set_at=block.set_at,
        ends_at=block.ends_at,
        in_force=block.lifted_at is None and block.ends_at > work.now,
        lifted_by=block.lifted_by,
        lifted_at=block.lifted_at,
        lift_reason=block.lift_reason,
    )
