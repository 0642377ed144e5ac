"""Addresses without what is one record's alone, as they stand in the tables."""

import re

_NAMES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "{id}"),
    (re.compile(r"(/form)/[a-z_0-9]+"), r"\1/{topic}"),
    (re.compile(r"(/v1/forms)/[^/]+"), r"\1/{version}"),
    (re.compile(r"(/upload/applications/\{id\})/\w+"), r"\1/{code}"),
    (re.compile(r"(/previews)/[^/]+/\d+"), r"\1/{ticket}/{page}"),
)


def name_of(path: str) -> str:
    """The address by which requests of a kind are counted together."""
    if path.startswith("http"):
        return "(the store)/{file}"
    named = path.partition("#")[0].partition("?")[0]
    for pattern, by in _NAMES:
        named = pattern.sub(by, named)
    return named
