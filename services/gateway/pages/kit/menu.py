"""The menu of the site for somebody who is signed in."""

from dataclasses import dataclass

from fastapi import Request

from services.gateway.pages.kit.visitor import Visitor
from shared.auth import Record, Role

# Path and name (in `t.frame`) of each entry.
PERSONS = (
    ("/home", "home"),
    ("/applications", "applications"),
    ("/applications/new", "new_application"),
    ("/imports", "imports"),
    ("/stays", "stays"),
    ("/messages", "messages"),
    ("/account", "account"),
)
# Entries of those alone who may file many at once.
_MANY = ("/imports", "/stays")
OFFICERS = (
    ("/desk", "work"),
    ("/desk/cases", "cases"),
    ("/desk/registrations", "registrations"),
    ("/desk/reports", "reports"),
    ("/desk/inbox", "messages"),
    ("/desk/messages", "message_log"),
    ("/desk/board", "board"),
    ("/desk/broadcasts", "broadcasts"),
    ("/desk/officers", "officers"),
    ("/desk/journal", "journal"),
    ("/account", "account"),
)
# The entry of operators alone.
_OF_OPERATORS = "/desk/board"
# Entries of those alone who read such records.
_READERS = {
    "/desk/cases": Record.CASE,
    "/desk/registrations": Record.USAGE_REGISTRATION,
    "/desk/reports": Record.PERIODIC_REPORT,
    "/desk/officers": Record.OFFICER,
    "/desk/journal": Record.JOURNAL,
    "/desk/messages": Record.NOTIFICATION,
    "/desk/broadcasts": Record.BROADCAST,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `current` is the value of `aria-current`: the page itself, a page below it, or neither."""

    path: str
    text: str
    current: str = ""


def menu_of(reader: Visitor | None, request: Request) -> list[Entry]:
    """The reader's menu, the current entry marked; nobody's, and that of an officer who has to enrol, is empty."""
    if reader is None or reader.must_enrol:
        return []
    if reader.is_person:
        known = [entry for entry in PERSONS if reader.files_many or entry[0] not in _MANY]
    else:
        known = [entry for entry in OFFICERS if entry[0] not in _READERS or reader.reads(_READERS[entry[0]])]
        known = [entry for entry in known if reader.actor.has(Role.OPERATOR) or entry[0] != _OF_OPERATORS]
    here = request.url.path
    above = max((path for path, _ in known if _is_below(here, path)), key=len, default="")
    return [Entry(path, text, ("page" if here == path else "true") if path == above else "") for path, text in known]


def _is_below(here: str, path: str) -> bool:
    return here == path or here.startswith(f"{path}/")
