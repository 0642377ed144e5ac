"""The conditions of a field in words, and for the script."""

import json
from typing import Any

from services.gateway.pages.kit.form_answers import holds
from services.gateway.pages.kit.form_data import Condition, FormData, Item, id_of
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang


def is_optional_alternative(item: Item) -> bool:
    """Whether the condition is only that another field is empty: one of the two is asked, and both are shown."""
    return bool(item.when) and all(all(one.get("empty") for one in group) for group in item.when)


def script_rule(item: Item, role: str, prefix: str = "", siblings: tuple[Item, ...] = ()) -> str:
    """The condition as the script reads it: groups of field, what is looked for, and values. "" where the field always
    stays in sight. Fields of the same row (`siblings`) have its `prefix`."""
    if not item.when or is_optional_alternative(item):
        return ""
    own = {one.code for one in siblings}
    groups = []
    for group in item.when:
        if any("filing" in one and not holds(one, {}, role) for one in group):
            continue
        asked = [
            {
                "field": (prefix if one["field"] in own else "") + id_of(one["field"]),
                "not": "not_in" in one,
                "empty": bool(one.get("empty")),
                "values": [_typed(value) for value in one.get("in", one.get("not_in", ()))],
            }
            for one in group
            if "filing" not in one
        ]
        if not asked:
            return ""
        groups.append(asked)
    return json.dumps(groups, separators=(",", ":"), ensure_ascii=False)


def condition_text(item: Item, form: FormData, lang: Lang, siblings: tuple[Item, ...] = ()) -> str:
    """The condition in words; "" where there is none that a reader could decide."""
    if is_optional_alternative(item):
        return ""
    groups = [[text for one in group if (text := _in_words(one, form, lang, siblings))] for group in item.when]
    texts = PAGES[lang]["filing"]
    said = texts["when_or"].join(texts["when_and"].join(group) for group in groups if group)
    return texts["only_if"].format(condition=said) if said else ""


def _in_words(condition: Condition, form: FormData, lang: Lang, siblings: tuple[Item, ...]) -> str:
    if "filing" in condition:
        return ""
    texts = PAGES[lang]["filing"]
    code = condition["field"]
    asked = next((one for one in siblings if one.code == code), None) or form.item(code)
    if asked is None:
        return ""
    label = say(asked.label, lang)
    if condition.get("empty"):
        return texts["when_empty"].format(field=label)
    values = condition.get("in", condition.get("not_in", ()))
    named = texts["choice_or"].join(_option_text(asked, value, lang) for value in values)
    return texts["when_in" if "in" in condition else "when_not_in"].format(field=label, value=named)


def _option_text(item: Item, value: Any, lang: Lang) -> str:
    if isinstance(value, bool):
        return PAGES[lang]["form_answers"]["yes" if value else "no"]
    return item.label_of(value, lang) or str(value)


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
