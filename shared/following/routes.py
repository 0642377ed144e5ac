"""`/v1/{service}/operations/applications` and `…/events`: an application and its events in one service, for operators.

They hold no personal data, and each look is a line of the journal all the same.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from shared.auth import Actor
from shared.errors import NotFound
from shared.following import store
from shared.following.model import Part, Sent, Step, Taken
from shared.http.marks import RequestMark
from shared.http.openapi import refusals
from shared.journal.reading import ReadingTag
from shared.operations.access import OPERATOR
from shared.work import Commands, RequestIdentity, Work

# As many as one address holds.
MOST_EVENTS = 100

Read = TypeVar("Read", bound=BaseModel)

Operator = Annotated[Actor, OPERATOR]


class Numbered(BaseModel):
    """The application of a receipt number."""

    application_id: UUID


class Followed(BaseModel):
    """An application in this service: its steps and its events, each the oldest first."""

    steps: list[Step]
    events: list[Sent]


class Seen(BaseModel):
    """Events that this service has seen, of those asked for."""

    subscriptions: list[str] = Field(
        description="types of events that this service takes", examples=[["zairyu.ApplicationSubmitted.v1"]]
    )
    taken: list[Taken]


def following_router(service: str, part: Part | None, subscriptions: Sequence[str]) -> APIRouter:
    """The routes of one service. One without `part` knows no applications, and has events alone."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"])

    @router.get("/events")
    async def see_events(
        request: Request,
        operator: Operator,
        mark: RequestMark,
        id: Annotated[list[UUID], Query(min_length=1, max_length=MOST_EVENTS, description="of the events")],
    ) -> Seen:
        """When this service took these events; one that is missing has not arrived, or is forgotten."""

        async def read(work: Work) -> Seen:
            return Seen(subscriptions=sorted(subscriptions), taken=await store.taken(work.session, service, id))

        return await _looked(request, operator, mark, {"events": len(id)}, read)

    if part is None:
        return router
    known = part

    @router.get("/applications", responses=refusals(404))
    async def find(
        request: Request,
        operator: Operator,
        mark: RequestMark,
        receipt_number: Annotated[str, Query(min_length=1, max_length=40)],
    ) -> Numbered:
        """The id of the application with a receipt number. 404 where this service does not know it."""

        async def read(work: Work) -> Numbered:
            found = await known.find(work.session, receipt_number) if known.find else None
            if found is None:
                raise NotFound()
            return Numbered(application_id=found)

        return await _looked(request, operator, mark, {"receipt_number": receipt_number}, read)

    @router.get("/applications/{application_id}")
    async def follow(request: Request, operator: Operator, mark: RequestMark, application_id: UUID) -> Followed:
        """Everything that happened to an application in this service; nothing where it is not known."""

        async def read(work: Work) -> Followed:
            session = work.session
            subjects = [application_id, *await known.subjects(session, application_id)]
            steps = [
                *await store.commands(session, subjects),
                *await store.set_timers(session, subjects),
                *await store.letters(session, subjects),
                *await known.steps(session, application_id),
            ]
            return Followed(steps=sorted(steps, key=lambda step: step.at), events=await store.sent(session, subjects))

        return await _looked(request, operator, mark, {"application_id": application_id}, read)

    return router


async def _looked(
    request: Request,
    operator: Actor,
    mark: RequestIdentity,
    asked: dict[str, object],
    read: Callable[[Work], Awaitable[Read]],
) -> Read:
    """The answer of `read`, and a line of the journal about the look."""
    commands: Commands = request.app.state.runtime.commands

    async def look(work: Work) -> Read:
        answer = await read(work)
        assert work.actor.id is not None
        work.journal("journal", work.actor.id, ReadingTag.FOLLOW, asked)
        return answer

    return await commands.run(operator, mark, look)
