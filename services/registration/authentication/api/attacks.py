"""Wrong sign-ins, for operators."""

from fastapi import APIRouter

from services.registration.authentication.schemas.attacks import WrongSignIns
from services.registration.authentication.store.sign_in import strongest_sources
from services.registration.http.context import CurrentContext
from shared.operations.access import OPERATOR

router = APIRouter(prefix="/v1/registration/operations", tags=["operations"], dependencies=[OPERATOR])


@router.get("/sign-ins")
async def list_sources(context: CurrentContext) -> list[WrongSignIns]:
    """Addresses and login ids with most wrong sign-ins now, at most fifty."""
    now = context.clock.now()
    async with context.db.read() as session:
        return [WrongSignIns(**row) for row in await strongest_sources(session, now, 50)]
