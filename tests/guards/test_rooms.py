"""Every service has the rooms that CONTRIBUTING.md lists, and each thing stands in its room."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, SERVICES, WITH_DATABASE, nodes

ROOMS = frozenset({"domain", "store", "commands", "schemas", "problems", "api"})
# Beside the rooms of a service: one of each, for the whole service.
OF_A_SERVICE = frozenset(
    {
        "__init__",
        "__main__",
        "app",
        "handlers",
        "jobs",
        "settings",
        "audit",
        "tables",
        "context",
        "following",
        "invariants",
        "migrations",
        "README",
    }
)
# Beside the rooms of a wing.
OF_A_WING = frozenset({"__init__", "context", "data"})
# The gateway has no data and no commands: its folders are the edge, and pages by audience and subject.
OF_THE_GATEWAY = frozenset(
    {
        "__init__",
        "__main__",
        "app",
        "settings",
        "README",
        "edge",
        "pages",
        "templates",
        "texts",
        "static",
        "site_texts",
        "locale",
    }
)
# Places that are no room, each with its reason. A path covers everything below it.
ELSEWHERE = {
    "registration/http": "what the routes of all wings share: fields, device, step-up",
    "registration/signing_keys": "a command line of the operator",
    "document/reconcile": "a command line of the operator",
    "registration/officers/__main__": "a command line of the operator",
    "registration/authentication/adapters": "password hashing, WebAuthn, identity provider: libraries behind functions",
    "application/forms": "the engine of forms and their data: pure, without rooms",
    "application/papers": "printed pages: a library for PDF behind functions, without rooms",
    "application/sheets": "readers and writers of files with many applications: pure, without rooms",
    "application/proofs/paper": "the page of a proof: a library for PDF behind a function",
    "application/proofs/words": "the words on that page",
    "document/checks": "confined processes that check a file; no data",
    "document/objects": "the object store: a port with two implementations",
    "document/scanner": "the malware scanner: a port with two implementations",
    "review/payment_provider": "the payment provider: a port, and its implementation over HTTP",
    "notification/bounces/mailbox": "the mailbox of reports: a port with two implementations",
    "notification/bounces/metrics": "what the loop of reports measures",
    "notification/bounces/reader": "the loop that reads reports and records what follows",
    "notification/channels": "a port and one package for each channel",
    "notification/delivery/sender": "the loop that claims, delivers and records",
    "notification/delivery/metrics": "what the loop measures",
    "notification/delivery/presence": "the lock by which other senders know this one",
    "notification/delivery/lanes": "what the sender has in hand of a channel",
    "notification/delivery/turns": "the turns at destinations that get no more than so many messages in a time",
    "notification/delivery/recording": "the recording of outcomes, many at a time",
    "notification/messages/catalogue": "one entry for each mail, as data",
    "notification/webhooks/catalogue": "one entry for each event that webhooks are informed of, as data",
    "notification/webhooks/metrics": "what the loop of webhooks measures",
    "notification/webhooks/outgoing": "HTTP to servers of strangers: a library behind two classes",
    "notification/webhooks/sender": "the loop that claims, delivers and records",
    "notification/messages/samples": "one example of each mail, for previews and tests",
}

SQL = frozenset(
    {
        "select",
        "insert",
        "update",
        "delete",
        "text",
        "func",
        "exists",
        "union",
        "union_all",
        "values",
        "case",
        "literal",
    }
)
HTTP = frozenset({"fastapi", "starlette"})


def _name(path: Path) -> str:
    """A path below `services`, without suffix: `review/cases/store`."""
    return str(path.relative_to(ROOT / "services").with_suffix(""))


def _is_elsewhere(path: Path) -> bool:
    name = _name(path)
    return any(name == known or name.startswith(f"{known}/") for known in ELSEWHERE)


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name not in ("__pycache__", "static"))


def _loose(service: str) -> Iterator[str]:
    allowed = OF_THE_GATEWAY if service == "gateway" else ROOMS | OF_A_SERVICE
    for path in _entries(ROOT / "services" / service):
        if path.stem in allowed or _is_elsewhere(path):
            continue
        if not path.is_dir():
            yield _name(path)
            continue
        inside = _entries(path)
        if not any(each.stem in ROOMS for each in inside):
            yield f"{_name(path)} (a folder without rooms)"
        yield from (_name(each) for each in inside if each.stem not in ROOMS | OF_A_WING and not _is_elsewhere(each))


def _room(path: Path) -> str | None:
    """The room that a file is in: the first folder or file of that name below its service."""
    parts = Path(_name(path)).parts[1:]
    return next((part for part in parts if part in ROOMS | OF_A_SERVICE), None)


def _files() -> list[Path]:
    """Every Python file of the services that have data."""
    folders = [ROOT / "services" / service for service in WITH_DATABASE]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of everything that a file imports."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def _sql_outside_stores() -> list[str]:
    return [
        f"{_name(path)}: {name}"
        for path in _files()
        if _room(path) not in ("store", "tables", "following") and not _is_elsewhere(path)
        for module, name in _imports(path)
        if module.split(".")[0] == "sqlalchemy" and name in SQL
    ]


def _http_in_commands() -> list[str]:
    return [
        f"{_name(path)}: {module}"
        for path in _files()
        if _room(path) in ("commands", "store", "domain")
        for module, name in _imports(path)
        if module.split(".")[0] in HTTP
        or module.startswith("shared.http")
        or (module, name) == ("pydantic", "BaseModel")
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_no_loose_file_stands_beside_the_rooms(service: str) -> None:
    assert list(_loose(service)) == [], "move it into a room, or give it a line with its reason in ELSEWHERE"


def test_sql_stands_in_stores() -> None:
    assert list(_sql_outside_stores()) == [], "a query is a function of the store"


def test_commands_know_no_http() -> None:
    assert list(_http_in_commands()) == [], "HTTP models stand in schemas; a command returns one, or a dataclass"


def test_every_place_elsewhere_exists() -> None:
    gone = [
        known
        for known in ELSEWHERE
        if not (ROOT / "services" / known).is_dir() and not (ROOT / "services" / f"{known}.py").is_file()
    ]
    assert gone == []


def test_the_table_in_contributing_names_every_room() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("## Rooms")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {Path(name).stem for row in rows for name in re.findall(r"`([^`]+)`", row)}
    assert named == ROOMS | OF_A_SERVICE - {"__init__"}
