"""Registering API clients: clients, their secrets, and ending them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.problems import RegistrationLapsed
from services.registration.context import CommandContext, new_secret, secret_digest
from services.registration.oauth.commands import client_revocation
from services.registration.oauth.commands.client_tokens import roles_held
from services.registration.oauth.domain.api_clients import MOST_CLIENTS, MOST_SECRETS, may_last_until
from services.registration.oauth.schemas.api_clients import ClientCreated, ClientList, ClientView, NewSecret, SecretView
from services.registration.oauth.store import api_clients
from services.registration.oauth.store.api_clients import ApiClient, ApiClientSecret
from shared.auth.actor import Actor, Role
from shared.db import ReadSession
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Text
from shared.ids import new_id
from shared.work import Work


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client as it is to be registered."""

    name: str
    role: Role | None
    scopes: Sequence[str]
    networks: Sequence[str]
    redirect_uris: Sequence[str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientChange:
    """The changes; None: as it is."""

    name: str | None
    networks: Sequence[str] | None
    expires_at: datetime | None


async def create(work: Work, context: CommandContext, new: NewClient) -> ClientCreated:
    """Register an API client, for the organisation and in one role of this session.

    Raises `StepUpRequired`, `RegistrationLapsed`, `Invalid`, or `Conflict` (`too-many-clients`).
    """
    account, _ = await require_fresh(work, SensitiveAct.LET_SYSTEM_IN)
    role = _role(work.actor, new.role)
    organisation_id = work.actor.organisation_id
    if not await roles_held(work.session, account.id, organisation_id, role, work.now):
        raise RegistrationLapsed()
    if len(await _listed(work.session, work.actor, now=work.now)) >= MOST_CLIENTS:
        raise Conflict(
            Text("不要なクライアントを先に削除してください", "End clients that nobody needs first"),
            code="too-many-clients",
        )
    client = ApiClient(
        id=new_id(),
        account_id=account.id,
        organisation_id=organisation_id,
        role=role.value,
        name=new.name,
        scopes=sorted(set(new.scopes)),
        networks=sorted(set(new.networks)),
        redirect_uris=sorted(set(new.redirect_uris)),
        created_at=work.now,
        expires_at=_end(new.expires_at, work.now),
        revoked_at=None,
        revoke_reason=None,
        revision=1,
    )
    work.session.add(client)
    await work.session.flush()
    secret, shown = _secret(work, client, slot=1)
    work.journal("api_client", client.id, Tag.CLIENT_CREATE)
    notify_changed(work, context, account, "client_created")
    view = _view(client, [SecretView(id=secret.id, created_at=secret.created_at, last_used_at=None)])
    return ClientCreated(**view.model_dump(), client_secret=shown)


async def change(
    work: Work, context: CommandContext, client_id: UUID, wanted: ClientChange, same_version: Callable[[int], None]
) -> ClientView:
    """Change a client's name, networks or end. Raises like `create`, `NotFound`, or what `same_version` does."""
    await require_fresh(work, SensitiveAct.LET_SYSTEM_IN)
    client = await _working(work, client_id)
    same_version(client.revision)
    if wanted.name is not None:
        client.name = wanted.name
    if wanted.networks is not None:
        client.networks = sorted(set(wanted.networks))
    if wanted.expires_at is not None:
        client.expires_at = _end(wanted.expires_at, work.now)
    client.revision += 1
    work.journal("api_client", client.id, Tag.CLIENT_CHANGE)
    await _notify_owner(work, context, client, "client_changed")
    return await _shown(work.session, client)


async def add_secret(work: Work, context: CommandContext, client_id: UUID) -> NewSecret:
    """A second secret, so that the first can be replaced while it still works. `Conflict` where there are two."""
    await require_fresh(work, SensitiveAct.LET_SYSTEM_IN)
    client = await _working(work, client_id)
    taken = {secret.slot for secret, _ in await api_clients.open_secrets(work.session, [client.id])}
    free = next((slot for slot in range(1, MOST_SECRETS + 1) if slot not in taken), None)
    if free is None:
        raise Conflict(
            Text(
                "シークレットは2つまでです。古い方を先に削除してください",
                "There are two already: end the old one first",
            ),
            code="two-secrets",
        )
    secret, shown = _secret(work, client, free)
    work.journal("api_client", client.id, Tag.CLIENT_SECRET_ADD, {"secret_id": secret.id})
    await _notify_owner(work, context, client, "client_secret_added")
    return NewSecret(client_id=client.id, secret_id=secret.id, client_secret=shown)


async def end_secret(work: Work, client_id: UUID, secret_id: UUID) -> Nothing:
    """Make a secret useless; who signed in with it keeps the tokens for their few minutes."""
    client = await _locked(work, client_id)
    for secret, _ in await api_clients.open_secrets(work.session, [client.id]):
        if secret.id == secret_id:
            secret.ended_at = work.now
            work.journal("api_client", client.id, Tag.CLIENT_SECRET_END, {"secret_id": secret.id})
            return Nothing()
    raise NotFound()


async def revoke(work: Work, context: CommandContext, client_id: UUID) -> Nothing:
    """End a client, one's own or a colleague's. `NotFound` where it has been ended already."""
    client = await _locked(work, client_id)
    if client.revoked_at is not None:
        raise NotFound()
    await client_revocation.revoke(work, context, client, "revoked")
    return Nothing()


async def list_clients(context: CommandContext, actor: Actor) -> ClientList:
    """The clients that the caller sees, those that are over too."""
    async with context.db.read() as session:
        found = await _listed(session, actor)
        secrets = await api_clients.open_secrets(session, [client.id for client in found])
    items = []
    for client in found:
        own = [_secret_view(secret, used) for secret, used in secrets if secret.client_id == client.id]
        items.append(_view(client, own))
    return ClientList(items=items)


async def read_client(context: CommandContext, actor: Actor, client_id: UUID) -> ClientView:
    """One client. `NotFound` where it is not there or not theirs."""
    async with context.db.read() as session:
        client = await api_clients.client(session, client_id)
        if client is None or not _sees(actor, client):
            raise NotFound()
        return await _shown(session, client)


def _sees(actor: Actor, client: ApiClient) -> bool:
    """Colleagues see each other's clients: staff leave, and the system must not depend on one of them."""
    if client.organisation_id != actor.organisation_id or Role(client.role) not in actor.roles:
        return False
    return client.organisation_id is not None or client.account_id == actor.id


async def _listed(session: ReadSession, actor: Actor, *, now: datetime | None = None) -> list[ApiClient]:
    assert actor.id is not None
    roles = [role.value for role in actor.roles]
    if actor.organisation_id is not None:
        return await api_clients.of_organisation(session, actor.organisation_id, roles, now=now)
    return await api_clients.of_person(session, actor.id, roles, now=now)


async def _locked(work: Work, client_id: UUID) -> ApiClient:
    client = await api_clients.locked_client(work.session, client_id)
    if client is None or not _sees(work.actor, client):
        raise NotFound()
    return client


async def _working(work: Work, client_id: UUID) -> ApiClient:
    """A client that is to be able to do more than before: it must not be over, nor the right of who asks."""
    client = await _locked(work, client_id)
    if client.revoked_at is not None:
        raise Conflict(Text("このクライアントは終了しています", "This client has ended"), code="step-not-possible")
    assert work.actor.id is not None
    if not await roles_held(work.session, work.actor.id, client.organisation_id, client.role, work.now):
        raise RegistrationLapsed()
    return client


async def _notify_owner(work: Work, context: CommandContext, client: ApiClient, change: str) -> None:
    owner = await accounts.account(work.session, client.account_id)
    assert owner is not None
    notify_changed(work, context, owner, change)


def _role(actor: Actor, wanted: Role | None) -> Role:
    role = wanted or (next(iter(actor.roles)) if len(actor.roles) == 1 else None)
    if role is None or role not in actor.roles:
        text = Text("このセッションの利用者区分を1つ選んでください", "Choose one of the roles of this session")
        raise Invalid(fields=[FieldProblem("/role", "role-not-held", text)])
    return role


def _end(wanted: datetime | None, now: datetime) -> datetime:
    end = may_last_until(wanted, now)
    if end is None:
        text = Text("現在から1年以内の日時にしてください", "Give a moment within a year from now")
        raise Invalid(fields=[FieldProblem("/expires_at", "expiry-out-of-range", text)])
    return end


def _secret(work: Work, client: ApiClient, slot: int) -> tuple[ApiClientSecret, str]:
    shown = new_secret()
    row = ApiClientSecret(
        id=new_id(),
        client_id=client.id,
        slot=slot,
        digest=secret_digest(shown),
        created_at=work.now,
        ended_at=None,
    )
    work.session.add(row)
    return row, shown


async def _shown(session: ReadSession, client: ApiClient) -> ClientView:
    secrets = await api_clients.open_secrets(session, [client.id])
    return _view(client, [_secret_view(secret, used) for secret, used in secrets])


def _secret_view(secret: ApiClientSecret, used: datetime | None) -> SecretView:
    return SecretView(id=secret.id, created_at=secret.created_at, last_used_at=used)


def _view(client: ApiClient, secrets: list[SecretView]) -> ClientView:
    columns = {name: getattr(client, name) for name in ClientView.model_fields if name != "secrets"}
    return ClientView(**columns, secrets=secrets)
