"""The object store's other doors: without keys none of its ports gives, lists, takes or deletes a file."""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from minio import Minio
from minio.error import S3Error

from deploy.local.object_store import BROKER_LOG, DOCUMENTS, ObjectStore
from deploy.local.ports import HOST
from shared.ids import new_id

FACE = b"a face, which is somebody's" * 100
HTTP = ("s3", "master", "volume", "filer")
GRPC = tuple(f"{name}_grpc" for name in HTTP)
PATHS = (
    *("/buckets/documents/{key}", "/buckets/documents/", "/buckets/broker/", "/buckets/", "/documents/{key}", "/{key}"),
    *("/dir/assign", "/dir/lookup?volumeId=1", "/dir/status", "/vol/status", "/col/delete?collection=documents"),
    *("/submit", "/1,01637037d6", "/ui/index.html", "/etc/iam/identity.json"),
)
# What tells of the server and nothing of what it keeps: pages that say that it runs, and its counters.
HARMLESS = ("/ui/index.html",)


@pytest.fixture
def key(object_store: ObjectStore) -> Iterator[str]:
    """The key of a photo in the store."""
    name = f"2026-07-01/{new_id()}"
    object_store.client().put_object(DOCUMENTS, name, io.BytesIO(FACE), len(FACE))
    yield name
    object_store.client().remove_object(DOCUMENTS, name)


@pytest.mark.parametrize("part", HTTP)
def test_no_port_answers_who_shows_no_key(object_store: ObjectStore, key: str, part: str) -> None:
    """[attacks F4] reading, listing, writing, deleting and administering by HTTP, on every port of the store."""
    port = getattr(object_store.ports, part)
    for path in (path.format(key=key) for path in PATHS):
        for method in ("GET", "PUT", "POST", "DELETE"):
            status, body = _ask(port, method, path)
            assert FACE[:20] not in body
            assert key in path or key.encode() not in body  # an error repeats what was asked
            assert status >= 400 or path in HARMLESS, f"{method} {path} on {part}: {status} {body[:200]!r}"
    found = object_store.client().get_object(DOCUMENTS, key)
    assert found.read() == FACE, "nothing that was tried has changed it"


@pytest.mark.parametrize("part", GRPC)
def test_the_inner_protocol_asks_for_a_certificate(object_store: ObjectStore, part: str) -> None:
    """[attacks F4] by gRPC a stranger gets no further than the handshake, in clear or with TLS."""
    port = getattr(object_store.ports, part)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
    with socket.create_connection((HOST, port), timeout=5) as plain:
        plain.sendall(preface)
        assert b"\0\0" not in _read(plain)[:9], "no settings frame: this is not HTTP/2 in clear"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    with (
        pytest.raises((ssl.SSLError, ConnectionError)),
        socket.create_connection((HOST, port), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as secured,
    ):
        secured.sendall(preface)
        # With TLS 1.3 the refusal comes after the client believes the handshake to be over.
        while secured.recv(4096):
            pass
        raise ConnectionError("closed")


def test_each_bucket_has_an_identity_that_reaches_no_other(object_store: ObjectStore, key: str) -> None:
    """[attacks F4, attacks F10] the broker's keys open no document, and the documents' no log."""
    documents, broker = object_store.client(), object_store.client(BROKER_LOG)
    attempts: list[Callable[[], object]] = [
        lambda: broker.get_object(DOCUMENTS, key),
        lambda: list(broker.list_objects(DOCUMENTS)),
        lambda: broker.remove_object(DOCUMENTS, key),
        lambda: documents.put_object(BROKER_LOG, "x", io.BytesIO(b"x"), 1),
        lambda: list(documents.list_objects(BROKER_LOG, recursive=True)),
        lambda: documents.remove_bucket(DOCUMENTS),
        lambda: documents.make_bucket("other"),
        lambda: Minio(f"{HOST}:{object_store.ports.s3}", secure=False, region="us-east-1").get_object(DOCUMENTS, key),
    ]
    for attempt in attempts:
        with pytest.raises(S3Error) as refused:
            attempt()
        assert refused.value.code == "AccessDenied"


def _ask(port: int, method: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request(method, path, body=b"x" if method in ("PUT", "POST") else None)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _read(plain: socket.socket) -> bytes:
    with suppress(ConnectionError, TimeoutError):
        return plain.recv(64)
    return b""
