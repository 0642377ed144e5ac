"""The offer of today: procedure, status of residence, and the activity where it decides the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.names import status_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import legal_date
from shared.http import Lang
from shared.reference.activities import ACTIVITIES
from shared.reference.statuses import activities

_CODES = re.compile(r"([A-Z0-9_]{1,40}):([A-Z0-9_]{1,40}):([A-Z0-9_]{0,40})")


@dataclass(frozen=True, slots=True)
class Choice:
    """A procedure with its status of residence and, where that has several, the activity."""

    procedure: str
    status: str
    activity: str = ""

    @classmethod
    def read(cls, value: str) -> "Choice | None":
        """The choice that a field holds; None for what is none."""
        found = _CODES.fullmatch(value)
        return cls(*found.groups()) if found else None

    @property
    def value(self) -> str:
        """The choice as the value of a field."""
        return f"{self.procedure}:{self.status}:{self.activity}"

    def body(self) -> dict[str, str]:
        """The choice as the service takes it."""
        return {"procedure": self.procedure, "status_of_residence": self.status} | (
            {"activity": self.activity} if self.activity else {}
        )

    def name(self, lang: Lang) -> str:
        """The words for status and activity, which is left out where it is called like the status."""
        status = status_name(self.status, lang)
        rows = (row for row in ACTIVITIES.rows if (row.status, row.code) == (self.status, self.activity))
        activity = next((say(row.name, lang) for row in rows), "")
        if activity in ("", status):
            return status
        return PAGES[lang]["filing"]["status_activity"].format(status=status, activity=activity)


async def offered_choices(visitor: Visitor) -> list[Choice] | None:
    """Everything that can be applied for; None where the service cannot say."""
    offered = await visitor.gateway.public_answers.get("application", "/v1/forms", dict, visitor.lang)
    if offered is None:
        return None
    today = legal_date(visitor.gateway.clock.now())
    found: dict[Choice, None] = {}
    for form in offered["items"]:
        for status in form["statuses"]:
            own = [row.code for row in activities(status, form["procedure"], today)]
            fitting = [code for code in own if code in form["activities"]] if own else [""]
            found |= {Choice(form["procedure"], status, code): None for code in fitting}
    return list(found)


async def newer_version(visitor: Visitor, view: Mapping[str, Any]) -> str | None:
    """The version of the form that is begun today for what a draft applies for; None where it has that one."""
    latest = await version_of(visitor, Choice(view["procedure"], view["status_of_residence"], view["activity"] or ""))
    return None if latest == view["form_version"] else latest


async def version_of(visitor: Visitor, choice: Choice) -> str | None:
    """The version of the form that is begun today for a choice; None where none is offered."""
    offered = await visitor.gateway.public_answers.get("application", "/v1/forms", dict, visitor.lang)
    fitting = [
        form
        for form in (offered or {"items": ()})["items"]
        if form["procedure"] == choice.procedure
        and choice.status in form["statuses"]
        and (not choice.activity or choice.activity in form["activities"])
    ]
    latest = max(fitting, key=lambda form: form["valid_from"] or "", default=None)
    return None if latest is None else str(latest["version"])
