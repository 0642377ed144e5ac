"""The list that an address asks for, which a saved search keeps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from services.gateway.pages.kit.forms import is_cursor, is_id
from services.gateway.pages.kit.names import office_codes, procedure_codes, status_codes
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from shared.text.characters import readable

ON_A_PAGE = 20
# As many as the service handles at once.
MOST = 500
# The statuses of each tab: every status stands in one.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "drafts": ("draft",),
    "yours": ("docs_requested", "on_hold_interview", "decided_grant", "awaiting_fee"),
    "pending": ("received", "under_review", "docs_submitted", "card_production", "dispatched"),
    "over": ("delivered", "certificate_issued", "decided_refuse", "not_accepted", "withdrawn", "terminated"),
}
# Those in which it can be withdrawn.
PENDING = ("received", "under_review", "docs_requested", "docs_submitted", "on_hold_interview")
SORTS = ("newest", "oldest", "edited", "filed", "stay_end")
# In charge is somebody who acts for the organisation no longer.
LEFT = "left"
DAYS = ("stay_from", "stay_to", "filed_from", "filed_to")
# Conditions of which the service takes several, and the page one.
_ONE_OF = ("procedure", "status_of_residence", "office")
_LONGEST = {"q": 100, **dict.fromkeys(DAYS, 40)}


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that an address asks for; what cannot be asked is left out. Days are as they were typed."""

    group: str = ""
    q: str = ""
    procedure: str = ""
    status_of_residence: str = ""
    office: str = ""
    in_charge: str = ""
    stay_from: str = ""
    stay_to: str = ""
    filed_from: str = ""
    filed_to: str = ""
    sort: str = SORTS[0]
    cursor: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """The list of a query."""
        given = {field.name: readable(query.get(field.name, "")).strip() for field in fields(cls)}
        possible = {
            "group": given["group"] in GROUPS,
            "procedure": given["procedure"] in procedure_codes(),
            "status_of_residence": given["status_of_residence"] in status_codes(),
            "office": given["office"] in office_codes(),
            "in_charge": given["in_charge"] == LEFT or is_id(given["in_charge"]),
            "sort": given["sort"] in SORTS,
            "cursor": is_cursor(given["cursor"]),
        }
        kept = {name: value for name, value in given.items() if value and possible.get(name, True)}
        return cls(**{name: value[: _LONGEST.get(name, 400)] for name, value in kept.items()})

    @classmethod
    def read(cls, address: str) -> "Asked":
        """The list of an address of ours."""
        return cls.of(dict(parse_qsl(address.partition("?")[2], max_num_fields=20)))

    @classmethod
    def saved(cls, conditions: Mapping[str, Any]) -> "Asked | None":
        """The list of a saved search; None for one that no address of ours asks for."""
        given = {name: value for name, value in conditions.items() if value}
        statuses = set(given.pop("status", ()))
        group = next((name for name, every in GROUPS.items() if set(every) == statuses), "")
        if (statuses and not group) or any(len(given.get(name, ())) > 1 for name in _ONE_OF):
            return None
        one = {name: given.pop(name)[0] for name in _ONE_OF if name in given}
        return cls.of({"group": group, **one, **{name: str(value) for name, value in given.items()}})

    @property
    def conditions(self) -> dict[str, Any]:
        """The same, for the application service."""
        given: dict[str, Any] = {name: value for name, value in asdict(self).items() if value}
        given.pop("cursor", None)
        if group := given.pop("group", ""):
            given["status"] = list(GROUPS[group])
        return given | {name: [given[name]] for name in _ONE_OF if name in given}

    @property
    def query(self) -> str:
        """The same, as the query of a page of its list."""
        page = {"limit": ON_A_PAGE, "counts": "true"} | ({"cursor": self.cursor} if self.cursor else {})
        return urlencode(self.conditions | page, doseq=True)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab keeps applications out of the list."""
        return self != self.cleared

    @property
    def has_more(self) -> bool:
        """Whether a condition is asked for that stands among the further ones."""
        return any((self.status_of_residence, self.office, self.in_charge, *(self[day] for day in DAYS)))

    @property
    def cleared(self) -> "Asked":
        """The same tab and order with no condition."""
        return Asked(group=self.group, sort=self.sort, cursor=self.cursor)

    def __getitem__(self, name: str) -> str:
        """A condition by its name."""
        return str(getattr(self, name))

    def address(self, **changes: str) -> str:
        """The address of the same list with `changes`, from its first page unless they name another."""
        given = asdict(replace(self, **{"cursor": "", **changes}))
        asked = {name: value for name, value in given.items() if value and (name, value) != ("sort", SORTS[0])}
        return f"{APPLICATIONS}?{urlencode(asked)}" if asked else APPLICATIONS

    def export(self, kind: str) -> str:
        """The address of the same list as a file."""
        separator = "&" if "?" in self.address() else "?"
        return f"{self.address().replace(APPLICATIONS, f'{APPLICATIONS}/export', 1)}{separator}kind={kind}"
