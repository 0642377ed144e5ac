"""The end of an application without a grant: the reason in plain words, the office's own, and what can be done."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.gateway.pages.kit.formats import day
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.case.filed import Filed
from services.gateway.texts import PAGES
from shared.reference.endings import EndingKind, ending

_ENDS: Mapping[str, EndingKind] = {"review_completed": "refusal", "terminated": "termination"}
_STAYS = ("EXTEND", "CHANGE")


def ending_of(filed: Filed, steps: Sequence[Mapping[str, Any]], notices: Mapping[str, Any]) -> dict[str, str] | None:
    """The reason and the way out; None where there is none. The code comes with the timeline, so that it is shown while
    the officers' words are away."""
    last = next((one for one in reversed(steps) if one["step"] in _ENDS), None)
    found = ending(_ENDS[last["step"]], last["data"].get("reason_code")) if last else None
    if found is None:
        return None
    decision = notices["decision"]
    return {
        "plain": say(found.plain, filed.lang),
        "words": (decision["reason"] or "") if decision else "",
        "way_out": say(found.way_out, filed.lang),
        "until": _until(filed) if found.kind == "refusal" else "",
    }


def _until(filed: Filed) -> str:
    """The time in which the person can file again: until the end of the present stay."""
    texts, view = PAGES[filed.lang]["case"], filed.view
    if view["procedure"] not in _STAYS or not view["stay_expiry"]:
        return ""
    ends = date.fromisoformat(view["stay_expiry"])
    return texts["again_until" if ends > filed.visitor.today else "again_too_late"].format(day=day(ends, filed.lang))
