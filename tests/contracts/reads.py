"""Reads of tests, held against the contracts, kept, and written down as contracts."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from tests.contracts.files import ASKING, EVENTS, ROUTES, Contract, Shapes, load, save, with_items
from tests.contracts.notes import Asked
from tests.contracts.shapes import ANYTHING, MISSING
from tests.guards.sources import ROOT

# Reads of each kind ("events", "answers", "asking"): what was read, and the test that did, as workers send it.
Notes = dict[str, list[list[str]]]
# What runs of tests read beyond the contracts, for `python -m tests.contracts`.
BEYOND = ROOT / ".zairyu" / "contracts.json"
_ROUTE = re.compile(r"^### `(\w+ /.*)`$", re.MULTILINE)


def beyond(made: Iterable[Notes]) -> dict[str, tuple[str, list[str]]]:
    """The reads that no contract has: by a sentence on each, its kind and its note."""
    by_event, by_route = load(EVENTS), load(ROUTES)
    asking = set(json.loads(ASKING.read_text("utf-8")))
    routes: dict[tuple[str, str, str], Shapes | None] = {}
    found: dict[str, tuple[str, list[str]]] = {}
    for each in made:
        for note in each.get("events", ()):
            consumer, subject, path, _ = note
            if path not in by_event.get(consumer, {}).get(subject, {}):
                found.setdefault(f"{consumer} reads {path or 'nothing'} of {subject}", ("events", note))
        for note in each.get("answers", ()):
            service, method, asked, path, _ = note
            if (request := (service, method, asked)) not in routes:
                route = _route_of(service, method, asked)
                routes[request] = by_route.get(service, {}).get(route, {}) if route else None
            fields = routes[request]
            if fields is not None and not _is_kept(fields, path):
                sentence = f"gateway reads {path or 'the answer'} of {service}'s {method} {asked}"
                found.setdefault(sentence, ("answers", note))
        for note in each.get("asking", ()):
            if note[0] not in asking:
                found.setdefault(f"{note[0]} asks a service", ("asking", note))
    return dict(sorted(found.items()))


def keep(found: Iterable[tuple[str, list[str]]]) -> None:
    """Keep reads beyond the contracts beside those that are kept already."""
    notes: Notes = defaultdict(list, json.loads(BEYOND.read_text("utf-8")) if BEYOND.exists() else {})
    for kind, note in found:
        notes[kind].append(note)
    BEYOND.parent.mkdir(exist_ok=True)
    BEYOND.write_text(json.dumps(notes), "utf-8")


def write(made: Iterable[Notes], *, renew: bool) -> list[str]:
    """Write the contracts; returns lines on what is read and not there."""
    from tests.clients.documents import document
    from tests.contracts.producers import answer_schema, event_schema, route_of
    from tests.contracts.shapes import named

    by_event: dict[str, Contract] = defaultdict(dict, {} if renew else load(EVENTS))
    by_route: dict[str, Contract] = defaultdict(dict, {} if renew else load(ROUTES))
    asking = set() if renew else set(json.loads(ASKING.read_text("utf-8")))
    not_there: dict[str, str] = {}
    for each in made:
        for consumer, subject, path, _ in each.get("events", ()):
            by_event[consumer].setdefault(subject, {}).update(with_items(event_schema(subject), path))
        for service, method, asked, path, test in each.get("answers", ()):
            if route := route_of(Asked(service, method, asked)):
                root, schema = document(service), answer_schema(service, route)
                fields = with_items(root, named(root, path, schema), schema)
                by_route[service].setdefault(route, {}).update(fields)
                if set(fields.values()) == {MISSING}:
                    not_there.setdefault(f"gateway reads {path} of {service}'s {route}, which has none", test)
        asking |= {name for name, _ in each.get("asking", ())}
    for directory, contracts in ((EVENTS, by_event), (ROUTES, by_route)):
        for file in directory.glob("*.json"):
            file.unlink()
        for name, contract in contracts.items():
            save(directory, name, contract)
    ASKING.write_text(json.dumps(sorted(asking), indent=1) + "\n", "utf-8")
    return [f"{line} in {test}" for line, test in sorted(not_there.items())]


def _is_kept(fields: Shapes, path: str) -> bool:
    """Whether a contract has a field of an answer."""
    if path in fields:
        return True
    return any(_same(kept, path) or _is_open(kept, shape, path) for kept, shape in fields.items())


def _route_of(service: str, method: str, asked: str) -> str | None:
    """The route that a request reaches; None for one that only a twin of the service has, in the gateway's tests."""
    found = [r for r in _routes(service) if r.startswith(f"{method} ") and _same(r.partition(" ")[2], asked)]
    return min(found, key=lambda route: route.count("{"), default=None)


@cache
def _routes(service: str) -> list[str]:
    """The routes of a service. Its OpenAPI document takes seconds to make; the page that is made of it has them too."""
    return _ROUTE.findall((ROOT / f"docs/api/{service}.md").read_text("utf-8"))


def _same(template: str, path: str) -> bool:
    """Whether a path has the steps of a template, in which `*` and `{name}` are any."""
    steps, found = template.split("/"), path.split("/")
    return len(steps) == len(found) and all(
        step in ("*", other) or step.startswith("{") for step, other in zip(steps, found, strict=True)
    )


def _is_open(kept: str, shape: str, path: str) -> bool:
    """Whether a field of a contract holds `path` without a word on what is inside it."""
    depth = kept.count("/") + 1 if kept else 0
    within = "/".join(path.split("/")[:depth])
    return ANYTHING in shape.split(" | ") and (not kept or _same(kept, within))
