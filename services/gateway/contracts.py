"""One OpenAPI document over all services: what an outside system reads first."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from services.gateway.exposure import is_at_root, service_behind
from services.gateway.upstream import ServiceDown, ServiceSlow, Upstreams
from shared.clock import Clock

FRESH = timedelta(minutes=1)
_PREFIX = "#/components/schemas/"
Document = dict[str, Any]


class Contracts:
    """The services' documents, fetched when asked for and remembered for a minute.

    A service that does not answer is shown as it was last seen, and named in `x-unavailable` if it never was.
    """

    def __init__(self, upstreams: Upstreams, clock: Clock, *, operations: bool = False) -> None:
        self._upstreams = upstreams
        self._clock = clock
        self._operations = operations
        self._seen: dict[str, Document] = {}
        self._asked: datetime | None = None
        self._lock = asyncio.Lock()

    async def merged(self, own: Document, cookie: str) -> Document:
        """`own` (the gateway's document) with everything that is reachable under `/api`."""
        async with self._lock:
            if self._asked is None or self._clock.now() - self._asked >= FRESH:
                await asyncio.gather(*(self._fetch(name) for name in self._upstreams.services))
                # As long as one is missing, the next reader asks again.
                complete = len(self._seen) == len(self._upstreams.services)
                self._asked = self._clock.now() if complete else None
        exposed = {
            name: _only(self._seen[name], self._reachable) for name in self._upstreams.services if name in self._seen
        }
        document = merge(own, exposed, cookie)
        missing = [name for name in self._upstreams.services if name not in self._seen]
        if missing:
            document["x-unavailable"] = missing
        return document

    def _reachable(self, path: str) -> bool:
        return is_at_root(path) or service_behind(_sample(path), operations=self._operations) is not None

    async def _fetch(self, service: str) -> None:
        try:
            answer = await self._upstreams.call(service, "GET", "/openapi.json")
            document = answer.json()
        except (ServiceDown, ServiceSlow, ValueError):
            return
        if answer.is_success and isinstance(document, dict) and "paths" in document:
            self._seen[service] = document


def merge(own: Document, services: Mapping[str, Document], cookie: str) -> Document:
    """One document. A component name that two documents use for different things gets the service's name in front."""
    documents = {"gateway": own, **services}
    clashing = _clashes(documents)
    result: Document = deepcopy(own)
    result["paths"] = {}
    schemas: Document = {}
    taken: set[str] = set()
    for name, document in documents.items():
        renamed = _rename(document, {schema: f"{name.capitalize()}{schema}" for schema in clashing})
        for path, item in renamed.get("paths", {}).items():
            for operation in _operations(item):
                _adopt(operation, name, taken)
            result["paths"][path if name == "gateway" or is_at_root(path) else f"/api{path}"] = item
        schemas |= renamed.get("components", {}).get("schemas", {})
    components = result.setdefault("components", {})
    components["schemas"] = {key: schemas[key] for key in sorted(_reachable(result["paths"], schemas))}
    components["securitySchemes"] = {
        "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    return result


def _clashes(documents: Mapping[str, Document]) -> set[str]:
    """Names that stand for different things. What refers to such a name differs too, once it is renamed."""
    versions: dict[str, list[Any]] = {}
    for document in documents.values():
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            known = versions.setdefault(name, [])
            if schema not in known:
                known.append(schema)
    clashing = {name for name, known in versions.items() if len(known) > 1}
    while True:
        more = {
            name
            for name, known in versions.items()
            if name not in clashing and any(not clashing.isdisjoint(_referred(schema)) for schema in known)
        }
        if not more:
            return clashing
        clashing |= more


def _only(document: Document, reachable: Callable[[str], bool]) -> Document:
    paths = {path: item for path, item in document.get("paths", {}).items() if reachable(path)}
    return {**document, "paths": paths}


def _sample(template: str) -> str:
    """A path as a caller would send it, for a template such as `/v1/cases/{case_id}`."""
    return "/".join("x" if part.startswith("{") else part for part in template.split("/"))


def _rename(document: Document, names: Mapping[str, str]) -> Document:
    text = json.dumps(document)
    for old, new in names.items():
        text = text.replace(f'"{_PREFIX}{old}"', f'"{_PREFIX}{new}"')
    renamed: Document = json.loads(text)
    schemas = renamed.get("components", {}).get("schemas", {})
    for old, new in names.items():
        if old in schemas:
            schemas[new] = schemas.pop(old)
    return renamed


def _adopt(operation: Document, service: str, taken: set[str]) -> None:
    if service != "gateway":
        operation["tags"] = [service]
    if operation.get("security"):
        operation["security"] = [{"access_token": []}, {"session": []}]
    identifier = operation.get("operationId")
    if identifier in taken:
        identifier = operation["operationId"] = f"{service}_{identifier}"
    if identifier:
        taken.add(identifier)


def _operations(item: Document) -> Iterator[Document]:
    return (value for key, value in item.items() if key in ("get", "put", "post", "delete", "patch", "head", "options"))


def _reachable(paths: Document, schemas: Document) -> set[str]:
    found: set[str] = set()
    waiting = list(_referred(paths))
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found.add(name)
            waiting.extend(_referred(schemas[name]))
    return found


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        if node.startswith(_PREFIX):
            yield node.removeprefix(_PREFIX)
    elif isinstance(node, dict):
        for value in node.values():
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)
