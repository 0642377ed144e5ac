"""Routes that keep what an officer has begun to write on a page, until it is sent. Sealed, and for nobody else."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints

from services.registration.authentication.problems import TooManyTexts
from services.registration.authentication.store import begun_texts
from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input
from shared.auth import OFFICER_ROLES, Actor, permit
from shared.http import refusals
from shared.text.typed import AsSent

router = APIRouter(prefix="/v1/accounts/me/begun-texts", tags=["own account"])
Officer = Annotated[Actor, permit(*sorted(OFFICER_ROLES), kinds=("officer",))]
# SHA-256 of whatever tells the caller's places apart.
Place = Annotated[str, Path(pattern="^[0-9a-f]{64}$", examples=["ab" * 32])]
KEPT_FOR = timedelta(days=7)
# More than anybody writes at the same time; each is up to 64 KiB.
_MOST = 200


class TextInput(Input):
    """The fields of a form, as the caller writes them down."""

    content: Annotated[
        str,
        AsSent("the gateway wrote it"),
        StringConstraints(min_length=1, max_length=64 * 1024, strip_whitespace=False),
    ] = Field(examples=['{"reason": "..."}'])


class BegunText(BaseModel):
    """A text, and when it was saved last."""

    content: str
    saved_at: datetime


class Saved(BaseModel):
    """It was saved."""

    saved_at: datetime


@router.put("/{place}", responses=refusals(409))
async def keep(place: Place, body: TextInput, officer: Officer, context: CurrentContext) -> Saved:
    """Keep a text for seven days after it was saved last."""
    assert officer.id is not None
    now, digest = context.clock.now(), bytes.fromhex(place)
    async with context.db.transaction() as session:
        known = await begun_texts.begun(session, officer.id, digest, now - KEPT_FOR)
        if known is None and await begun_texts.of_account(session, officer.id) >= _MOST:
            raise TooManyTexts()
        await begun_texts.put(session, officer.id, digest, context.vault.seal(body.content), now)
    return Saved(saved_at=now)


@router.get("/{place}")
async def read(place: Place, officer: Officer, context: CurrentContext) -> BegunText | None:
    """The text; null where nothing was begun, or its time is over."""
    assert officer.id is not None
    async with context.db.read() as session:
        found = await begun_texts.begun(session, officer.id, bytes.fromhex(place), context.clock.now() - KEPT_FOR)
    if found is None:
        return None
    sealed, saved_at = found
    return BegunText(content=context.vault.open(sealed), saved_at=saved_at)


@router.delete("/{place}", status_code=204)
async def drop(place: Place, officer: Officer, context: CurrentContext) -> None:
    """Delete it: it was sent, or is not wanted."""
    assert officer.id is not None
    async with context.db.transaction() as session:
        await begun_texts.drop(session, officer.id, bytes.fromhex(place))
