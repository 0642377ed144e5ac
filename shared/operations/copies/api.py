"""`/v1/{service}/operations/snapshots` and `/rebuilds`: copies of facts, made again by operators who have proved
recently who they are."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from shared.errors import NotFound, Text
from shared.http.commands import Once
from shared.http.openapi import refusals
from shared.operations.access import OPERATOR
from shared.operations.copies.schemas import ReasonBody, SnapshotBody
from shared.operations.state.schemas import RebuildState, SnapshotState
from shared.rebuilding import Source, rebuilds, snapshots
from shared.work import Work


class NoSuchKind(NotFound):
    """Others keep no such facts of this service."""

    code = "no-such-kind"
    title = Text("この種類の情報は、ほかのサービスに写しがありません", "No other service keeps facts of this kind")


async def _sources(request: Request) -> Mapping[str, Source]:
    sources: Mapping[str, Source] = request.app.state.snapshot_sources
    return sources


Sources = Annotated[Mapping[str, Source], Depends(_sources)]


@cache
def copies_router(service: str) -> APIRouter:
    """The routes of one service, made once. The application keeps its sources in `app.state.snapshot_sources`."""
    router = APIRouter(prefix=f"/v1/{service}/operations", tags=["operations"], dependencies=[OPERATOR])

    @router.post("/snapshots", status_code=201, responses=refusals(404, 409))
    async def order_snapshot(body: SnapshotBody, sources: Sources, once: Once) -> SnapshotState:
        """Send the facts of all records of a kind again, in the background, so that copies of them are rebuilt."""
        return await once(_order, sources, body)

    @router.post("/snapshots/{snapshot_id}/stop", responses=refusals(404))
    async def stop_snapshot(snapshot_id: UUID, body: ReasonBody, sources: Sources, once: Once) -> SnapshotState:
        """Send no more of a snapshot. Rebuilds that began from it are given up, and copies stay as they are."""
        return await once(_stop, sources, snapshot_id, body)

    @router.post("/rebuilds/{rebuild_id}/switch", responses=refusals(404))
    async def switch_rebuild(rebuild_id: UUID, body: ReasonBody, once: Once) -> RebuildState:
        """Let a rebuild be switched that waits because much differs."""
        return await once(_switch, rebuild_id, body)

    return router


async def _order(work: Work, sources: Mapping[str, Source], body: SnapshotBody) -> SnapshotState:
    source = sources.get(body.kind)
    if source is None:
        raise NoSuchKind()
    row = await snapshots.order(work, source, body.reason, str(work.actor_id))
    return SnapshotState.model_validate(row._asdict())


async def _stop(work: Work, sources: Mapping[str, Source], snapshot_id: UUID, body: ReasonBody) -> SnapshotState:
    row = await snapshots.stop(work, sources, snapshot_id, body.reason)
    return SnapshotState.model_validate(row._asdict())


async def _switch(work: Work, rebuild_id: UUID, body: ReasonBody) -> RebuildState:
    row = await rebuilds.switch(work, rebuild_id, body.reason)
    return RebuildState.model_validate(row._asdict())
