"""The contracts as files: one for each consumer of events, and one for each service that the gateway asks."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.contracts.shapes import MISSING, Schema, shape_of, unmet

DIRECTORY = Path(__file__).parent
EVENTS, ROUTES = DIRECTORY / "events", DIRECTORY / "routes"
ASKING = DIRECTORY / "asking.json"

Shapes = dict[str, str]
Contract = dict[str, Shapes]


def load(directory: Path) -> dict[str, Contract]:
    """The contracts of a directory by name: for each event or route, the shape of each field that is read."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(directory.glob("*.json"))}


def save(directory: Path, name: str, contract: Contract) -> None:
    """Write one contract."""
    sorted_ = {subject: dict(sorted(fields.items())) for subject, fields in sorted(contract.items())}
    text = json.dumps(sorted_, ensure_ascii=False, indent=1)
    (directory / f"{name}.json").write_text(f"{text}\n", "utf-8")


def written(shape: frozenset[str]) -> str:
    """A shape as it is kept."""
    return " | ".join(sorted(shape))


def promised(text: str) -> frozenset[str]:
    """A shape as it was kept."""
    return frozenset(text.split(" | "))


def broken(consumer: str, subject: str, fields: Shapes, root: Schema, schema: Schema | None = None) -> Iterator[str]:
    """A sentence for each field of a contract that its producer does not give as promised."""
    for path, text in fields.items():
        now, field = shape_of(root, path, schema), path or "the whole"
        new = unmet(now, promised(text))
        if new and now == {MISSING}:
            yield f"{consumer} reads {field} of {subject}, which is not there any more"
        elif new:
            yield f"{consumer} reads {field} of {subject} as {text}; now it may be {written(new)}"


def lacking(consumer: str, subject: str, fields: Shapes, given: Any) -> list[str]:
    """A sentence for each field of a contract that is always there, and not in an event or answer as it was given."""
    return [
        f"{consumer} reads {path} of {subject}, which is not in {json.dumps(given, ensure_ascii=False)[:500]}"
        for path, text in fields.items()
        if path and MISSING not in promised(text) and _lacks(given, path.split("/"))
    ]


def _lacks(given: Any, steps: Sequence[str]) -> bool:
    """Whether the last step is missing in one of the objects that the others lead to."""
    step, *further = steps
    if isinstance(given, list) or (step == "*" and isinstance(given, dict)):
        items = given if isinstance(given, list) else given.values()
        return step == "*" and bool(further) and any(_lacks(each, further) for each in items)
    if not isinstance(given, dict):
        return False
    return _lacks(given.get(step), further) if further else step not in given


def with_items(root: Schema, path: str, schema: Schema | None = None) -> Shapes:
    """The shape of a field; of a list or map also those of its items."""
    shape = shape_of(root, path, schema)
    inner = with_items(root, f"{path}/*".strip("/"), schema) if {"list", "map"} & shape else {}
    return {path: written(shape), **inner}
