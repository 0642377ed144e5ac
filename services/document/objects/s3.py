"""The object store behind the S3 API."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, TypeVar
from urllib.parse import urlsplit

from minio import Minio
from minio.datatypes import PostPolicy
from minio.error import MinioException, S3Error
from minio.sseconfig import Rule, SSEConfig
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from services.document.objects.port import LONGEST_LINK, NoSuchObject, StoreUnavailable

T = TypeVar("T")

_THREADS = 8
_PIECE = 256 * 1024
# An object that is put and removed again, and what a store says of one that it has encrypted.
_PROBE, _ENCRYPTION = "probes/encryption", "x-amz-server-side-encryption"
_MULTIPART_FROM = 64 * 1024 * 1024  # no file is that large: one request each, atomic


class S3Objects:
    """One bucket. `public_endpoint` is the address under which browsers reach the store, where it is another one.

    The client is a blocking one, so it works in threads of its own: a slow store holds up nothing else.
    """

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        region: str = "us-east-1",
        public_endpoint: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._endpoint = endpoint.rstrip("/")
        self._http = _pool()
        self._client = _client(endpoint, access_key, secret_key, region)
        self._public = _client(public_endpoint or endpoint, access_key, secret_key, region)
        self._browsers = (public_endpoint or endpoint).rstrip("/")
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="s3")

    async def put(self, key: str, source: BinaryIO, size: int, content_type: str) -> None:
        def put() -> None:
            source.seek(0)
            self._client.put_object(self._bucket, key, source, size, content_type, part_size=_MULTIPART_FROM)

        await self._do(put)

    async def get(self, key: str) -> bytes:
        def get() -> bytes:
            answer = self._client.get_object(self._bucket, key)
            try:
                return bytes(answer.read())
            finally:
                answer.close()
                answer.release_conn()

        return await self._do(get)

    async def digest(self, key: str, most: int) -> tuple[int, str]:
        def digest() -> tuple[int, str]:
            answer = self._client.get_object(self._bucket, key)
            found, size = sha256(), 0
            try:
                for chunk in answer.stream(_PIECE):
                    found.update(chunk)
                    size += len(chunk)
                    if size > most:
                        break
            finally:
                answer.close()
                answer.release_conn()
            return size, found.hexdigest()

        return await self._do(digest)

    async def delete(self, key: str) -> None:
        await self._do(lambda: self._client.remove_object(self._bucket, key))

    async def keys(self, prefix: str) -> Sequence[str]:
        def list_keys() -> list[str]:
            found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
            return sorted(str(each.object_name) for each in found)

        return await self._do(list_keys)

    async def sizes(self, prefix: str) -> Mapping[str, int]:
        def list_sizes() -> dict[str, int]:
            found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
            return {str(each.object_name): each.size or 0 for each in found}

        return await self._do(list_sizes)

    @property
    def address(self) -> str:
        return f"{self._browsers}/{self._bucket}"

    async def ticket(self, key: str, size: int, lifetime: timedelta) -> dict[str, str]:
        policy = PostPolicy(self._bucket, datetime.now(UTC) + lifetime)
        policy.add_equals_condition("key", key)
        policy.add_content_length_range_condition(size, size)
        # Signed here, with the region known: the store is not asked.
        return {"key": key, **self._public.presigned_post_policy(policy)}

    async def link(self, key: str, file_name: str, content_type: str, lifetime: timedelta) -> str:
        headers: dict[str, str | list[str] | tuple[str]] = {
            "response-content-disposition": f'attachment; filename="{file_name}"',
            "response-content-type": content_type,
            "response-cache-control": "no-store",
        }
        # Signed here, with the region known: the store is not asked.
        return self._public.get_presigned_url(
            "GET", self._bucket, key, expires=min(lifetime, LONGEST_LINK), response_headers=headers
        )

    async def encrypt(self) -> bool:
        return await self._do(self._encrypt)

    def _encrypt(self) -> bool:
        if self._encrypts():
            return True
        try:
            if self._client.get_bucket_encryption(self._bucket) is not None:
                return False
            self._client.set_bucket_encryption(self._bucket, SSEConfig(Rule.new_sse_s3_rule()))
        except S3Error:
            # Not for our key to say, or nothing that this store knows.
            return False
        try:
            if self._encrypts():
                return True
        except S3Error:
            pass
        # A store without a key of its own takes the rule, and nothing after that.
        self._client.delete_bucket_encryption(self._bucket)
        return False

    def _encrypts(self) -> bool:
        """Whether the store encrypts what we put, and what browsers post."""
        return all(self._is_encrypted(store) for store in (self._put_probe, self._post_probe))

    def _is_encrypted(self, store: Callable[[], None]) -> bool:
        store()
        try:
            said = self._client.stat_object(self._bucket, _PROBE).metadata or {}
        finally:
            self._client.remove_object(self._bucket, _PROBE)
        return _ENCRYPTION in {name.lower() for name in said}

    def _put_probe(self) -> None:
        self._client.put_object(self._bucket, _PROBE, BytesIO(b"probe"), 5)

    def _post_probe(self) -> None:
        policy = PostPolicy(self._bucket, datetime.now(UTC) + timedelta(minutes=1))
        policy.add_equals_condition("key", _PROBE)
        policy.add_content_length_range_condition(5, 5)
        signed = self._client.presigned_post_policy(policy)
        # The file comes last: what follows it is not read.
        fields: list[tuple[str, str | tuple[str, bytes]]] = [("key", _PROBE), *signed.items()]
        fields.append(("file", ("probe", b"probe")))
        answer = self._http.request("POST", f"{self._endpoint}/{self._bucket}", fields=fields)
        if answer.status >= 300:
            raise StoreUnavailable()

    async def check(self) -> None:
        if not await self._do(lambda: self._client.bucket_exists(self._bucket)):
            raise StoreUnavailable(code="object-store-no-bucket")

    async def close(self) -> None:
        """Give up the threads; what is on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except S3Error as error:
            if error.code == "NoSuchKey":
                raise NoSuchObject(error.object_name) from error
            raise StoreUnavailable() from error
        except (MinioException, HTTPError, OSError) as error:
            raise StoreUnavailable() from error


def _client(endpoint: str, access_key: str, secret_key: str, region: str) -> Minio:
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"an object store's endpoint is http(s)://host[:port], not {endpoint!r}")
    return Minio(
        parts.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=parts.scheme == "https",
        region=region,
        http_client=_pool(),
    )


def _pool() -> PoolManager:
    return PoolManager(
        timeout=Timeout(connect=3, read=20), retries=Retry(2, connect=2, read=0, status=0), maxsize=_THREADS
    )
