"""Dividing the work on an import into ranges of its rows, each of which is a timer."""

from services.application.bulk import store
from services.application.bulk.domain.ranges import ranges
from services.application.tables import Import, ImportRange
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

# The timer that is set while there is work on a range.
RANGE = "import-range"


async def divide(work: Work, imported: Import) -> bool:
    """Have the rows after `done` worked on; whether there are any."""
    await store.forget_ranges(work.session, imported.id)
    found = [
        ImportRange(
            id=new_id(), import_id=imported.id, begins_after=after, until=until, done=after, changed_at=work.now
        )
        for after, until in ranges(imported.done, imported.rows)
    ]
    work.session.add_all(found)
    await work.session.flush()
    for each in found:
        await at(work.session, RANGE, each.id, work.now)
    return bool(found)
