"""API clients that an organisation, or a person, registers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input, Moment
from services.registration.http.runners import WithSecret
from services.registration.oauth.commands import api_clients
from services.registration.oauth.commands.api_clients import ClientChange
from services.registration.oauth.domain import api_clients as client_rules
from services.registration.oauth.schemas.api_clients import ClientCreated, ClientList, ClientView, NewSecret
from shared.auth import Actor, Role, permit
from shared.errors import Text
from shared.http import IfMatch, etag, expect
from shared.http.commands import EachTime, OnceIfKeyed
from shared.reference.scopes import SCOPES
from shared.text import half_width, one_line
from shared.text.typed import AsSent, Typed, rule

router = APIRouter(prefix="/v1/accounts/me/clients", tags=["API clients"])
Person = Annotated[Actor, permit(kinds=("person",), in_person=True)]


def _network(value: str) -> str:
    try:
        return client_rules.network(value)
    except ValueError as error:
        raise rule(
            "network",
            Text(
                "203.0.113.0/24 のようなネットワークを指定してください。制限しない場合は空にしてください",
                "Give a network such as 203.0.113.0/24; to allow every address give none",
            ),
        ) from error


def _redirect_uri(value: str) -> str:
    try:
        return client_rules.redirect_uri(value)
    except ValueError as error:
        raise rule(
            "redirect-uri",
            Text(
                "https のURI(またはループバックアドレスの http)をフラグメントなしで指定してください",
                "Give an https address, or http://127.0.0.1 or http://[::1], without a fragment",
            ),
        ) from error


def _scope(value: str) -> str:
    if value not in SCOPES:
        raise rule(
            "scope", Text("次から選んでください: {known}", "Choose from: {known}").with_values(known=" ".join(SCOPES))
        )
    return value


Name = Annotated[str, Typed(one_line, most=80)]
Network = Annotated[str, Typed(half_width, most=50), AfterValidator(_network)]
RedirectUri = Annotated[
    str,
    StringConstraints(max_length=500, strip_whitespace=False),
    AfterValidator(_redirect_uri),
    AsSent("compared character by character (RFC 9700 section 2.1)"),
]
GrantableScope = Annotated[str, StringConstraints(max_length=50), AfterValidator(_scope), AsSent("one of a list")]
Networks = Annotated[
    list[Network],
    Field(max_length=20, description="from where it may be used; empty: anywhere", examples=[["203.0.113.0/24"]]),
]


class ClientInput(Input):
    """An API client to register."""

    name: Name = Field(examples=["人事システム連携"])
    role: Role | None = Field(None, description="in which it acts; needed where this session has several")
    scopes: list[GrantableScope] = Field(
        min_length=1, max_length=len(SCOPES), examples=[["application:read", "application:write"]]
    )
    networks: Networks = Field(default_factory=list)
    redirect_uris: list[RedirectUri] = Field(
        [], max_length=10, description="where people are sent back to; only for systems that ask people"
    )
    expires_at: Moment | None = Field(None, description="at most a year from now, which is the default")


class ClientChangeInput(Input):
    """The changes."""

    name: Name | None = None
    networks: Networks | None = None
    expires_at: Moment | None = Field(None, description="at most a year from now")

    @model_validator(mode="after")
    def _something(self) -> "ClientChangeInput":
        if self.name is None and self.networks is None and self.expires_at is None:
            raise rule("nothing-to-change", Text("変更する項目を指定してください", "Give what is to be different"))
        return self


@router.post("", status_code=201)
async def create(body: ClientInput, caller: Person, run: WithSecret, context: CurrentContext) -> ClientCreated:
    """Register an API client. The secret is shown this once. 403 `step-up-required` without a fresh session."""
    new = api_clients.NewClient(body.name, body.role, body.scopes, body.networks, body.redirect_uris, body.expires_at)
    return await run(api_clients.create, context, new)


@router.get("")
async def list_clients(caller: Person, context: CurrentContext) -> ClientList:
    """The clients of the organisation and the roles of this session: one's own and colleagues'."""
    return await api_clients.list_clients(context, caller)


@router.get("/{client_id}")
async def read(client_id: UUID, caller: Person, context: CurrentContext, response: Response) -> ClientView:
    """One client."""
    found = await api_clients.read_client(context, caller, client_id)
    response.headers["ETag"] = etag(found.revision)
    return found


@router.patch("/{client_id}")
async def change(
    client_id: UUID,
    body: ClientChangeInput,
    caller: Person,
    context: CurrentContext,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> ClientView:
    """Change a client's name, its networks, or when it ends."""
    wanted = ClientChange(body.name, body.networks, body.expires_at)
    changed = await run(api_clients.change, context, client_id, wanted, lambda revision: expect(revision, if_match))
    response.headers["ETag"] = etag(changed.revision)
    return changed


@router.delete("/{client_id}", status_code=204)
async def revoke(client_id: UUID, caller: Person, context: CurrentContext, once: OnceIfKeyed) -> None:
    """End a client for good, one's own or a colleague's. Tokens in force are refused within a minute."""
    await once(api_clients.revoke, context, client_id)


@router.post("/{client_id}/secrets", status_code=201)
async def add_secret(client_id: UUID, caller: Person, run: WithSecret, context: CurrentContext) -> NewSecret:
    """A second secret, shown this once; both work until one is ended. 409 `two-secrets` where there are two."""
    return await run(api_clients.add_secret, context, client_id)


@router.delete("/{client_id}/secrets/{secret_id}", status_code=204)
async def end_secret(client_id: UUID, secret_id: UUID, caller: Person, once: OnceIfKeyed) -> None:
    """End a secret."""
    await once(api_clients.end_secret, client_id, secret_id)
