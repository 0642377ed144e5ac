"""One OpenAPI document over all services, for API clients."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog

from services.gateway.edge.exposure import is_at_root, service_behind
from services.gateway.edge.upstream import ServiceDown, Upstreams
from shared.clock import Clock
from shared.tasks import LeakedCancellation, contained

log = structlog.get_logger(__name__)

FRESH = timedelta(minutes=1)
# While a service has never answered, it is asked again sooner.
FRESH_WHILE_MISSING = timedelta(seconds=5)
_PREFIX = "#/components/schemas/"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contract:
    """The merged document, as it is answered. `groups` are its operations by tag, for the page."""

    body: bytes
    etag: str
    groups: Mapping[str, list[dict[str, Any]]]
    missing: tuple[str, ...]


class Contracts:
    """The services' documents in one, made once for each set of them and kept as bytes.

    Readers get what was made last; where that is older than a minute, the services are asked in the background, and
    only a document that differs is merged again, in a thread. A service that does not answer is shown as it was last
    seen, and named in `x-unavailable` if it never was.
    """

    def __init__(self, upstreams: Upstreams, clock: Clock, own: Callable[[], Document], cookie: str) -> None:
        self._upstreams = upstreams
        self._clock = clock
        self._own = own
        self._cookie = cookie
        self._seen: dict[str, bytes] = {}
        self._made: Contract | None = None
        self._made_of: dict[str, bytes] = {}
        self._asked: datetime | None = None
        self._asking: asyncio.Task[Contract] | None = None
        # The list of it on the page, by language, with the ETag of the document that it shows.
        self.pages: dict[str, tuple[str, str]] = {}

    async def current(self) -> Contract:
        """The document of now; waits for it where none was made yet."""
        made = self._made
        if made is not None and not self._is_old(made):
            return made
        if self._asking is None:
            # A reader who goes away does not stop it for the others.
            self._asking = asyncio.create_task(self._refresh())  # watched: by _settle, which logs how it failed
            self._asking.add_done_callback(self._settle)
        if made is not None:
            return made
        try:
            with contained():
                return await asyncio.shield(self._asking)
        except LeakedCancellation as error:
            raise ServiceDown() from error

    async def close(self) -> None:
        """End what is on its way."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    def _is_old(self, made: Contract) -> bool:
        fresh = FRESH_WHILE_MISSING if made.missing else FRESH
        return self._asked is None or self._clock.now() - self._asked >= fresh

    async def _refresh(self) -> Contract:
        await asyncio.gather(*(self._fetch(name) for name in self._upstreams.services))
        if self._made is None or self._made_of != self._seen:
            seen = dict(self._seen)
            self._made = await asyncio.to_thread(_make, self._own(), seen, list(self._upstreams.services), self._cookie)
            self._made_of = seen
        self._asked = self._clock.now()
        return self._made

    async def _fetch(self, service: str) -> None:
        with suppress(ServiceDown):
            answer = await self._upstreams.call(service, "GET", "/openapi.json")
            if answer.is_success and answer.content.startswith(b"{"):
                self._seen[service] = answer.content

    def _settle(self, done: "asyncio.Task[Contract]") -> None:
        self._asking = None
        if not done.cancelled() and (error := done.exception()):
            log.error("contracts.not_made", exc_info=error)


def _make(own: Document, seen: Mapping[str, bytes], services: Sequence[str], cookie: str) -> Contract:
    exposed = {name: _only(json.loads(seen[name]), _is_reachable) for name in services if name in seen}
    document = merge(own, exposed, cookie)
    missing = tuple(name for name in services if name not in seen)
    if missing:
        document["x-unavailable"] = list(missing)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append({"method": method.upper(), "path": path, "operation": operation})
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Contract(body, f'"{sha256(body).hexdigest()[:32]}"', groups, missing)


def _is_reachable(path: str) -> bool:
    return is_at_root(path) or service_behind(_sample(path)) is not None


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
        "access_token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "From `POST /oauth/token`, for a system that is registered at `/account/systems`.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "Of a browser that has signed in.",
        },
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
        for example in _linked_examples(operation):
            example["externalValue"] = f"/api{example['externalValue']}"
    if operation.get("security"):
        operation["security"] = [{"access_token": []}, {"session": []}]
    identifier = operation.get("operationId")
    if identifier in taken:
        identifier = operation["operationId"] = f"{service}_{identifier}"
    if identifier:
        taken.add(identifier)


def _linked_examples(operation: Document) -> Iterator[Document]:
    """Examples of the body that stand at an address of the service."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from (example for example in content.get("examples", {}).values() if "externalValue" in example)


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
