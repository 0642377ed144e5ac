"""Ten times as many rows do not make a statement look at more pages, but for those that say why."""

import pytest

from deploy.local.object_store import ObjectStore
from deploy.local.postgres import Postgres
from deploy.local.smtp import Mailbox
from tests.growth.known import reason_of
from tests.growth.measuring import grown, measure
from tests.growth.worlds import Servers
from tests.infra.databases import Databases

pytestmark = pytest.mark.system
FEW, MANY = 2_000, 20_000


@pytest.mark.parametrize("service", ["registration", "application", "review"])
async def test_no_statement_grows_with_the_tables_unless_it_says_why(
    service: str, databases: Databases, postgres: Postgres, mailbox: Mailbox, object_store: ObjectStore
) -> None:
    servers = Servers(postgres, mailbox, object_store)
    few = await measure(servers, databases, service, FEW)
    many = await measure(servers, databases, service, MANY)
    assert len(few.keys() & many.keys()) > 100, "steps ran, and their statements were seen"
    growing = [
        f"{step}: {before.buffers} pages of {FEW:,} rows, {after.buffers} of {MANY:,}: {statement[:300]} ({after.plan})"
        for (step, statement), (before, after) in grown(few, many).items()
        if reason_of(service, statement) is None
    ]
    assert not growing, "\n".join(growing)
