"""A broadcast for a step, locked."""

from uuid import UUID

from services.notification.broadcasts import store
from services.notification.broadcasts.domain import State, Step, after
from services.notification.broadcasts.problems import StepNotPossible
from services.notification.broadcasts.store import Broadcast
from shared.errors import NotFound
from shared.work import Work


async def load_for(work: Work, broadcast_id: UUID, step: Step) -> tuple[Broadcast, State]:
    """The broadcast, locked, and its state after `step`. Raises `NotFound` and `StepNotPossible`."""
    broadcast = await store.lock(work.session, broadcast_id)
    if broadcast is None:
        raise NotFound()
    state = State(broadcast.state)
    following = after(state, step)
    if following is None:
        raise StepNotPossible(state)
    return broadcast, following
