"""The object store: one suite for the S3 store and for its twin in memory."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.object_store import OPERATOR
from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.ports import Ports
from deploy.local.process import Spec
from services.document.files.domain import PART_BYTES
from services.document.objects import MemoryObjects, NoSuchObject, ObjectStore, S3Objects, StoreUnavailable
from shared.outgoing import http_client


@dataclass
class Case:
    """A store, what following one of its links gives (status, headers, content), and the status of a posted form."""

    store: ObjectStore
    follow: Callable[[str], Awaitable[tuple[int, dict[str, str], bytes]]]
    post: Callable[[Mapping[str, str], bytes], Awaitable[int]]


async def _browse(link: str) -> tuple[int, dict[str, str], bytes]:
    async with http_client() as client:
        answer = await client.get(link)
    return answer.status_code, dict(answer.headers), answer.content


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.server)])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    if request.param == "memory":
        memory = MemoryObjects()

        async def follow(link: str) -> tuple[int, dict[str, str], bytes]:
            download = memory.follow(link)
            return download.status, download.headers, download.content

        async def post(fields: Mapping[str, str], content: bytes) -> int:
            return memory.post(fields, content)

        yield Case(memory, follow, post)
        return
    server: S3Server = request.getfixturevalue("object_store")
    s3 = S3Objects(server.endpoint, server.access_key, server.secret_key, server.bucket)

    async def posted(fields: Mapping[str, str], content: bytes) -> int:
        async with http_client() as client:
            answer = await client.post(s3.address, data=dict(fields), files={"file": ("part", content)})
        return answer.status_code

    yield Case(s3, _browse, posted)
    await s3.close()


async def put(case: Case, data: bytes, prefix: str = "2026-07-01") -> str:
    key = f"{prefix}/{uuid4()}"
    source = BytesIO(data)
    source.seek(1)  # wherever it stands, all of it is stored
    await case.store.put(key, source, len(data), "application/pdf")
    return key


async def test_what_was_put_is_there_until_it_is_deleted(case: Case) -> None:
    key = await put(case, b"content")
    assert await case.store.get(key) == b"content"
    await case.store.delete(key)
    with pytest.raises(NoSuchObject):
        await case.store.get(key)


async def test_deleting_what_is_not_there_is_no_error(case: Case) -> None:
    await case.store.delete(f"2026-07-01/{uuid4()}")


async def test_keys_lists_one_day_alone(case: Case) -> None:
    day = f"day-{uuid4()}"
    mine = sorted([await put(case, b"a", day), await put(case, b"b", day)])
    await put(case, b"c", f"other-{uuid4()}")
    assert list(await case.store.keys(f"{day}/")) == mine
    assert list(await case.store.keys(f"none-{uuid4()}/")) == []


async def test_a_large_file_arrives_whole(case: Case) -> None:
    data = bytes(range(256)) * 4 * 1024 * 25
    assert await case.store.get(await put(case, data)) == data


async def test_link_downloads_as_an_attachment_of_the_given_name_and_type(case: Case) -> None:
    key = await put(case, b"%PDF-1.7 content")
    link = await case.store.link(key, "a-b.pdf", "application/pdf", timedelta(seconds=60))
    status, headers, content = await case.follow(link)
    assert (status, content) == (200, b"%PDF-1.7 content")
    assert headers["content-disposition"] == 'attachment; filename="a-b.pdf"'
    assert headers["content-type"] == "application/pdf"


async def test_link_lives_five_minutes_at_most(case: Case) -> None:
    link = await case.store.link("2026-07-01/x", "x.pdf", "application/pdf", timedelta(days=1))
    assert "86400" not in link


async def test_posted_form_stores_exactly_as_many_bytes_as_it_says(case: Case) -> None:
    prefix = f"incoming/{uuid4()}/"
    fields = await case.store.ticket(f"{prefix}0", 3, timedelta(seconds=60))
    assert [await case.post(fields, content) for content in (b"abcd", b"ab")] == [400, 400]
    assert await case.store.sizes(prefix) == {}
    assert await case.post(fields, b"abc") == 204
    assert await case.store.sizes(prefix) == {f"{prefix}0": 3}


async def test_altered_link_is_refused(case: Case) -> None:
    if isinstance(case.store, MemoryObjects):
        pytest.skip("the twin signs nothing")
    first, second = await put(case, b"one"), await put(case, b"two")
    link = await case.store.link(first, "x.pdf", "application/pdf", timedelta(seconds=60))
    status, _, content = await case.follow(link.replace(first.split("/")[1], second.split("/")[1]))
    assert status == 403
    assert b"two" not in content


async def test_readiness_tells_a_store_that_cannot_be_used(case: Case, object_store: S3Server) -> None:
    await case.store.check()
    if isinstance(case.store, MemoryObjects):
        case.store.down = True
        broken: ObjectStore = case.store
    else:
        broken = S3Objects(object_store.endpoint, object_store.access_key, "wrong", object_store.bucket)
    for attempt in (broken.check(), broken.get("2026-07-01/x"), broken.keys("2026-07-01/")):
        with pytest.raises(StoreUnavailable):
            await attempt


def test_endpoint_without_a_scheme_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="http"):
        S3Objects("127.0.0.1:8533", "a", "b", "c")


async def test_store_encrypts_what_is_put_into_it(case: Case) -> None:
    assert await case.store.encrypt() is True


@pytest.mark.server
async def test_what_lies_on_the_disk_of_the_store_is_encrypted(object_store: S3Server) -> None:
    store = S3Objects(object_store.endpoint, object_store.access_key, object_store.secret_key, object_store.bucket)
    # Random bytes: others would be compressed, and not be found in any case.
    put, posted = (random.randbytes(PART_BYTES) for _ in range(2))
    key, part = f"2026-07-01/{uuid4()}", f"incoming/{uuid4()}/0"
    await store.put(key, BytesIO(put), len(put), "application/pdf")
    fields = await store.ticket(part, len(posted), timedelta(minutes=1))
    async with http_client() as client:
        answer = await client.post(store.address, data=fields, files={"file": ("part", posted)})
    assert answer.status_code == 204
    for name, content in ((key, put), (part, posted)):
        assert await store.get(name) == content
        assert _on_disk(object_store, content[5000:5064]) == []
        await store.delete(name)
    await store.close()


@pytest.mark.server
async def test_store_that_encrypts_no_posted_parts_does_not_encrypt(
    object_store: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = S3Objects(object_store.endpoint, object_store.access_key, object_store.secret_key, object_store.bucket)
    assert store._encrypts() is True
    said = iter((True, False))
    monkeypatch.setattr(store, "_is_encrypted", lambda _: next(said))
    assert store._encrypts() is False
    await store.close()


@pytest.mark.server
async def test_rule_that_a_store_takes_and_cannot_keep_is_taken_back(tmp_path: Path) -> None:
    """SeaweedFS without a key of its own: with the rule it refuses every object."""
    server = _WithoutKey(tmp_path, Ports.free(), durable=False)
    await asyncio.to_thread(server.start)
    try:
        operator = server.client(OPERATOR)
        operator.delete_bucket_encryption(server.bucket)
        store = S3Objects(server.endpoint, OPERATOR, server.secret_of(OPERATOR), server.bucket)
        assert await store.encrypt() is False
        assert operator.get_bucket_encryption(server.bucket) is None
        plain = random.randbytes(PART_BYTES)
        await store.put("2026-07-01/b", BytesIO(plain), len(plain), "application/pdf")
        assert _on_disk(server, plain[5000:5064]), "what is not encrypted is found"
        await store.put("2026-07-01/a", BytesIO(b"a"), 1, "application/pdf")
        assert await store.get("2026-07-01/a") == b"a"
        await store.close()
    finally:
        await asyncio.to_thread(server.stop)


class _WithoutKey(S3Server):
    """The store without the key with which it encrypts."""

    def prepare(self) -> Spec:
        spec = super().prepare()
        return replace(spec, env={name: value for name, value in spec.env.items() if name != "WEED_S3_SSE_KEY"})


def _on_disk(server: S3Server, words: bytes) -> list[Path]:
    """The files of the store in which these words stand."""
    return [path for path in server.data.rglob("*") if path.is_file() and words in path.read_bytes()]
