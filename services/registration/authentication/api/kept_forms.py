"""Routes that keep the input of a page whose session or key had ended. For the gateway alone, which keeps no data.

Anybody who has the key may read it, and the browser where it was typed has the key; the database has a digest and a
sealed text.
"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import KEPT_ADDRESS
from services.registration.authentication.store import kept_forms
from services.registration.context import new_secret, secret_digest
from services.registration.http.context import CallerAddress, CurrentContext
from services.registration.http.fields import Input, Secret
from shared.auth import public
from shared.errors import NotFound
from shared.http import refusals
from shared.text.typed import AsSent

router = APIRouter(prefix="/v1/kept-forms", tags=["kept forms"])
# From Friday evening to Monday.
KEPT_FOR = timedelta(hours=72)


class FormInput(Input):
    """The fields of a form, as the gateway writes them down."""

    content: Annotated[
        str,
        AsSent("the gateway wrote it"),
        StringConstraints(min_length=1, max_length=512 * 1024, strip_whitespace=False),
    ] = Field(examples=['{"path": "/account/systems/add", "fields": {"name": "..."}}'])


class KeyInput(Input):
    """The key that was given when the form was kept."""

    key: Secret


class Kept(BaseModel):
    """A form was kept."""

    key: str = Field(description="shown this once", examples=["q0XhJ2m8Tt0l9Qn3mUv7aXcB5dE6fG8hI2jK4lM6nO8"])
    expires_at: datetime


class KeptForm(BaseModel):
    """A form as it was kept."""

    content: str
    expires_at: datetime


@router.post("", status_code=201, responses=refusals(429), dependencies=[public])
async def keep(body: FormInput, context: CurrentContext, address: CallerAddress) -> Kept:
    """Keep a form for three days."""
    await admit(context, "kept:address", address, KEPT_ADDRESS)
    key, expires_at = new_secret(), context.clock.now() + KEPT_FOR
    async with context.db.transaction() as session:
        await kept_forms.put(session, secret_digest(key), context.vault.seal(body.content), expires_at)
    return Kept(key=key, expires_at=expires_at)


@router.post("/open", responses=refusals(404), dependencies=[public])
async def read(body: KeyInput, context: CurrentContext) -> KeptForm:
    """The form. A wrong key and one whose time is over are the same 404."""
    async with context.db.read() as session:
        found = await kept_forms.kept(session, secret_digest(body.key), context.clock.now())
    if found is None:
        raise NotFound()
    sealed, expires_at = found
    return KeptForm(content=context.vault.open(sealed), expires_at=expires_at)


@router.post("/drop", status_code=204, dependencies=[public])
async def drop(body: KeyInput, context: CurrentContext) -> None:
    """Delete the form: it was sent, or is not wanted."""
    async with context.db.transaction() as session:
        await kept_forms.drop(session, secret_digest(body.key))
