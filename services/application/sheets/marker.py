"""The first cell of a template, which says for which form the sheet is: `zairyu-template 1 form=… status=…`."""

import re

from services.application.sheets.columns import Plan

_BEGINS = "zairyu-template"
_LAYOUT = "1"
_WORD = re.compile(r"(\w+)=([\w.+-]+)")


def marker_of(plan: Plan) -> str:
    """The text of the first cell."""
    parts = [_BEGINS, _LAYOUT, f"form={plan.version}", f"status={plan.status}"]
    if plan.activity:
        parts.append(f"activity={plan.activity}")
    if plan.combined_with:
        parts.append(f"with={'+'.join(plan.combined_with)}")
    return " ".join(parts)


def is_marked(text: str) -> bool:
    """Whether this is the first cell of a template, of whatever layout."""
    return text.strip().startswith(_BEGINS)


def plan_at(text: str) -> Plan | None:
    """The plan that a first cell names; None where it is damaged or of an unknown layout."""
    words = text.split()
    if words[:2] != [_BEGINS, _LAYOUT]:
        return None
    named = {match[1]: match[2] for word in words[2:] if (match := _WORD.fullmatch(word))}
    if "form" not in named or "status" not in named:
        return None
    added = tuple(named["with"].split("+")) if "with" in named else ()
    return Plan(named["form"], named["status"], named.get("activity"), added)
