"""What anybody may ask for, whoever exists: noted at once, and looked up by a job."""

from services.registration.desk import Desk
from shared import timers
from shared.ids import new_id


async def note(desk: Desk, kind: str, **named: str) -> None:
    """Note a wish for the timers of that kind, sealed. The answer cannot tell, by word or time, who exists."""
    sealed = {name: desk.vault.seal(value) for name, value in named.items()}
    async with desk.db.transaction() as session:
        await timers.at(session, kind, new_id(), desk.clock.now(), sealed)
