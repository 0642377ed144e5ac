"""The same steps with few and with many rows."""

from contextlib import nullcontext
from datetime import timedelta

from tests.growth.filling import fill
from tests.growth.watching import Cost, watching
from tests.growth.worlds import WORLDS, Servers
from tests.infra.databases import Databases

Costs = dict[tuple[str, str], Cost]


def _unwatched(_: str) -> nullcontext[None]:
    return nullcontext()


async def measure(servers: Servers, databases: Databases, service: str, rows: int) -> Costs:
    """The cost of each statement of each step of a service whose main table has so many rows."""
    database = databases.create(service)
    _ = database.owner_url  # it is not used again
    try:
        async with WORLDS[service](database, servers) as world:
            await world.end(_unwatched)
            connection = await servers.postgres.connect(database.name)
            try:
                await fill(connection, world.table, rows, world.clock.now(), world.people)
            finally:
                await connection.close()
            # The first run of a job looks at everything, or for the first time.
            await world.begin(_unwatched)
            await world.run_jobs(_unwatched)
            world.clock.advance(timedelta(hours=1))
            with watching(database.name) as watch:
                for each in (world.pass_events, world.begin, world.end, world.look, world.audit, world.run_jobs):
                    await each(watch.step)
            return watch.costs
    finally:
        databases.give_back(database)


def grown(few: Costs, many: Costs, times: float = 3.0, more: int = 200) -> dict[tuple[str, str], tuple[Cost, Cost]]:
    """The statements that look at more than so many times as many pages, and more than so many more."""
    return {
        key: (few[key], many[key])
        for key in few.keys() & many.keys()
        if many[key].buffers > few[key].buffers * times + more
    }
