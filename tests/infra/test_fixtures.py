"""The fixtures themselves: isolation of databases, and servers that come back on the same data and port."""

from collections.abc import Callable

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import text

from deploy.local.broker import Broker
from deploy.local.postgres import Postgres
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack
from shared.db import Database
from shared.events import TOPICS
from tests.infra.databases import Databases, TestDatabase


async def _one(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_bare_database_role_may_do_only_what_the_owner_grants(bare_database: TestDatabase) -> None:
    await _one(bare_database.owner_url, "CREATE TABLE things (n int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _one(bare_database.url, "SELECT count(*) FROM things")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _one(bare_database.url, "CREATE TABLE others (n int)")
    await _one(bare_database.owner_url, f"GRANT SELECT ON things TO {bare_database.role}")
    assert await _one(bare_database.url, "SELECT count(*) FROM things") == 0


async def test_role_of_one_service_cannot_enter_the_database_of_another(postgres: Postgres) -> None:
    assert await _one(postgres.url("review"), "SELECT current_database()") == "zairyu_review"
    for database in ("zairyu_registration", "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _one(postgres.url("review", database=database), "SELECT 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _one(postgres.url("review", owner=True, database=database), "SELECT 1")


async def test_databases_of_two_tests_share_nothing(databases: Databases) -> None:
    first, second = databases.bare(), databases.bare()
    await _one(first.owner_url, "CREATE TABLE only_here (n int)")
    assert await _one(second.owner_url, "SELECT to_regclass('only_here')") is None
    for database in (first, second):
        databases.drop(database)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await _one(first.owner_url, "SELECT 1")


@pytest.mark.parametrize("rows", [3, 3000])
async def test_a_database_given_back_is_as_new(databases: Databases, rows: int) -> None:
    used = databases.create("application")
    for _ in range(2):
        # Few rows are deleted, many cut off.
        await _one(used.url, f"INSERT INTO inbox SELECT 'test', gen_random_uuid() FROM generate_series(1, {rows})")
        first = "INSERT INTO outbox VALUES (DEFAULT, gen_random_uuid(), 'a', 'b', 'c', '', '{}') RETURNING position"
        assert await _one(used.url, first) == 1
        assert await _one(used.url, "SELECT next_serial('TYO', 2026)") == 1
        databases.give_back(used)
        assert databases.create("application") is used
        assert await _one(used.url, "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM outbox)") == 0
    databases.drop(used)


async def test_a_database_whose_owner_was_at_work_is_not_used_again(databases: Databases) -> None:
    altered = databases.create("application")
    await _one(altered.owner_url, "ALTER TABLE inbox ADD COLUMN more text")
    databases.give_back(altered)
    other = databases.create("application")
    assert other.name != altered.name
    databases.drop(other)


async def test_what_was_committed_survives_a_killed_postgres(postgres: Postgres, bare_database: TestDatabase) -> None:
    await _one(bare_database.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
    postgres.kill()
    assert not postgres.running()
    with pytest.raises(OSError):
        await _one(bare_database.owner_url, "SELECT 1")
    postgres.start()
    assert await _one(bare_database.owner_url, "SELECT n FROM kept") == 7


@pytest.mark.system
async def test_connections_to_a_killed_postgres_are_not_used_again(
    postgres: Postgres, service_database: Callable[[str], TestDatabase]
) -> None:
    url = service_database("review").url
    for _ in range(3):
        db = Database(url)
        for _ in range(2):
            async with db.read() as session:
                assert await session.scalar(text("SELECT 1")) == 1
        await db.close()
        # At once: the event loop does not run between the death and the next use.
        postgres.kill()
        postgres.start()


async def test_topics_are_created_before_any_service_runs(broker: Broker) -> None:
    """A topic that two services create at once loses what is sent meanwhile: tansu, seen in CI."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        assert set(TOPICS) <= set(await admin.list_topics())
    finally:
        await admin.close()


@pytest.mark.system
async def test_what_was_acknowledged_survives_a_killed_broker_and_store(stack: LocalStack) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=stack.broker.bootstrap, enable_idempotence=stack.broker.idempotence)
    await producer.start()
    try:
        await producer.send_and_wait("survives", b"first")
    finally:
        await producer.stop()
    stack.broker.kill()
    stack.object_store.kill()
    stack.object_store.start()
    stack.broker.start()
    consumer = AIOKafkaConsumer("survives", bootstrap_servers=stack.broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        assert (await consumer.getone()).value == b"first"
    finally:
        await consumer.stop()


def test_server_left_down_by_one_test(stack: LocalStack) -> None:
    stack.mailbox.kill()
    assert not stack.mailbox.running()


def test_is_up_again_for_the_next(mailbox: Mailbox) -> None:
    assert mailbox.running() and mailbox.healthy()


async def test_service_database_is_migrated_and_fresh(service_database: Callable[[str], TestDatabase]) -> None:
    pytest.importorskip("services.review.migrations", reason="the review service has no migrations yet")
    first, second = service_database("review"), service_database("review")
    assert first.name != second.name
    database = Database(first.url)
    try:
        async with database.read() as session:
            tables = await session.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        assert tables > 0
    finally:
        await database.close()
