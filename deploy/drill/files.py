"""A copy of the bucket of documents in a folder, and the bucket filled from it."""

import json
from io import BytesIO
from pathlib import Path

from deploy.local.object_store import ObjectStore

_TYPES = "types.json"


def copy_out(store: ObjectStore, folder: Path) -> int:
    """Copy every object into `folder`; their number."""
    client, types = store.client(), {}
    for found in client.list_objects(store.bucket, recursive=True):
        assert found.object_name is not None
        answer = client.get_object(store.bucket, found.object_name)
        try:
            place = folder / "objects" / found.object_name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(answer.read())
            types[found.object_name] = answer.headers.get("content-type", "application/octet-stream")
        finally:
            answer.close()
            answer.release_conn()
    (folder / _TYPES).write_text(json.dumps(types))
    return len(types)


def copied_keys(folder: Path) -> list[str]:
    """The keys of the objects that were copied into `folder`."""
    return list(json.loads((folder / _TYPES).read_text()))


def copy_in(folder: Path, store: ObjectStore) -> int:
    """Put every object of `folder` into the bucket; their number."""
    client, types = store.client(), json.loads((folder / _TYPES).read_text())
    for key, kind in types.items():
        content = (folder / "objects" / key).read_bytes()
        client.put_object(store.bucket, key, BytesIO(content), len(content), content_type=kind)
    return len(types)
