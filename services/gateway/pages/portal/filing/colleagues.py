"""The people of the visitor's organisation by name: who is in charge of an application, who saved or changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.form_data import id_at
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.filing.saving import Part
from services.gateway.texts import PAGES
from shared.http import Lang


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The accounts that may act for the organisation today, by id: their names, and those of an application's role."""

    names: Mapping[str, str]
    fitting: Mapping[str, str]
    lang: Lang

    def others(self, view: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Those to whom an application can be handed over."""
        in_charge = view["owner"]["account_id"]
        return [(account, name) for account, name in self.fitting.items() if account != in_charge]

    def name(self, person: Mapping[str, Any]) -> str:
        """The name of somebody, with a word for oneself and for those who act for the organisation no longer."""
        texts = PAGES[self.lang]["filing"]
        name = self.names.get(person["account_id"])
        if name is None:
            return texts["you"] if person["you"] else texts["former_colleague"]
        return texts["name_you"].format(name=name) if person["you"] else name


async def find_colleagues(visitor: Visitor, role: str) -> Colleagues:
    """The visitor's colleagues; none where the visitor acts for no organisation. `role` is the application's."""
    organisation_id = visitor.actor.organisation_id
    if organisation_id is None:
        return Colleagues({}, {}, visitor.lang)
    rows = (await visitor.registration.fetch(f"/v1/organisations/{organisation_id}/colleagues")).body
    names = {row["account_id"]: row["name"] for row in rows}
    return Colleagues(names, {row["account_id"]: row["name"] for row in rows if role in row["roles"]}, visitor.lang)


async def who_changed(visitor: Visitor, view: Mapping[str, Any], parts: Iterable[Part]) -> dict[str, str]:
    """The name of the person who changed each of the parts last, by its name; the visitor's own are left out."""
    changes: Mapping[str, Mapping[str, Any]] = view["changed_by_others"]
    last = {
        part.name: max(found, key=lambda change: str(change["at"]))
        for part in parts
        if (found := [change for pointer, change in changes.items() if _is_about(id_at(pointer), part.name)])
    }
    if not last:
        return {}
    colleagues = await find_colleagues(visitor, view["role"])
    return {name: colleagues.name(change) for name, change in last.items()}


def _is_about(changed: str, name: str) -> bool:
    """Whether a change of one field of the page is one of another: of a table, and of its rows and cells."""
    return changed == name or changed.startswith(f"{name}-") or name.startswith(f"{changed}-")
