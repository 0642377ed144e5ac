"""Parts of a case beside its form: hints, corrections by topic, earlier applications, the organisation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.queue import CASES
from services.gateway.pages.kit.form_data import FormData
from services.gateway.pages.kit.formats import day, number
from services.gateway.pages.kit.names import office_name, procedure_name, status_name
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang

YES = "yes"


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint: what it is about, its answer (`yes`, `no`, `unknown`, `not_asked`), and each reason of a yes with its
    place on the page; "" for none."""

    title: str
    found: str
    reasons: Sequence[tuple[str, str]]


def hints_of(
    background: Mapping[str, Any] | None, organisation: Mapping[str, Any] | None, form: FormData | None, lang: Lang
) -> list[Hint]:
    """The hints of every service; those with something to look at first, else in their order."""
    found = [*(background or {}).get("hints", ()), *(organisation or {}).get("hints", ())]
    return sorted((_hint(one, form, lang) for one in found), key=lambda hint: hint.found != YES)


def _hint(one: Mapping[str, Any], form: FormData | None, lang: Lang) -> Hint:
    # A reason without a field of its own is about the form as a whole, or about none.
    fields = one.get("fields") or [""] * len(one["reasons"])
    reasons = [(say(text, lang), _place(field, form)) for text, field in zip(one["reasons"], fields, strict=False)]
    return Hint(say(one["title"], lang), one["found"], reasons)


def _place(pointer: str, form: FormData | None) -> str:
    topic = form.topic_at(pointer) if form else None
    return f"#topic-{topic.code}" if topic else ""


def corrections_of(found: Mapping[str, Any] | None, form: FormData | None, lang: Lang) -> list[dict[str, Any]]:
    """Corrections, the newest first, each with what it changed by topic of the form, in words."""
    return [
        one | {"parts": list(_by_topic(one["changes"], form, lang))}
        for one in reversed(found["items"] if found else ())
    ]


def _by_topic(
    changes: Sequence[Mapping[str, Any]], form: FormData | None, lang: Lang
) -> Iterator[tuple[str, list[dict[str, str]]]]:
    files = PAGES[lang]["case_file"]["files"]
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in changes:
        topic = form.topic_at(one["pointer"]) if form else None
        groups.setdefault(say(topic.title, lang) if topic else files, []).append(one)
    for title, group in groups.items():
        yield title, changes_of(group, lang)


def changes_of(changes: Sequence[Mapping[str, Any]], lang: Lang) -> list[dict[str, str]]:
    """Differences in words, as the kit shows them."""
    return [
        {
            "label": say(one["label"], lang),
            "before": say(one["before"], lang) if one["before"] else "",
            "after": say(one["after"], lang) if one["after"] else "",
        }
        for one in changes
    ]


def earlier_of(background: Mapping[str, Any] | None, lang: Lang) -> list[dict[str, Any]]:
    """Earlier applications of the person, the newest first; only one that the reader may see has an address."""
    return [
        {
            "number": one["receipt_number"],
            "href": f"{CASES}/by-application/{one['application_id']}" if one["application_id"] else "",
            "procedure": procedure_name(one["procedure"], lang),
            "status_of_residence": status_name(one["status_of_residence"], lang),
            "office": office_name(one["office"], lang),
            "submitted_at": one["submitted_at"],
            "state": say(one["state_text"], lang),
        }
        for one in (background or {}).get("earlier", ())
    ]


def organisation_of(
    case: ShownCase, record: Mapping[str, Any] | None, background: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The organisation's record: what registration says of it, and what became of its applications."""
    return [*_registered(case, record), *_results(case.lang, (background or {}).get("organisation"))]


def _registered(case: ShownCase, record: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if record is None:
        return
    texts, lang = PAGES[case.lang]["case_file"], case.lang
    yield {"label": texts["organisation_name"], "value": record["name"], "typed": True}
    yield {"label": texts["corporate_number"], "value": record["corporate_number"]}
    yield {"label": texts["office"], "value": office_name(record["office"], lang)}
    if record["category"]:
        name = "category_treated" if record["treated_as"] != record["category"] else "category_since"
        value = texts[name].format(
            category=record["category"], treated=record["treated_as"], day=day(record["category_from"], lang)
        )
        yield {"label": texts["category"], "value": value}
    for one in record["roles"]:
        yield {
            "label": PAGES[lang]["roles"][one["role"]],
            "value": texts["registered_until"].format(
                day=day(one["valid_until"], lang), report=texts[f"report_{one['report']}"]
            ),
        }


def _results(lang: Lang, counted: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    if counted is None:
        return
    texts = PAGES[lang]["case_file"]
    names = ("filed", "granted", "refused", "open", "other")
    yield {
        "label": texts["results"],
        "value": texts["results_of"].format(**{name: number(counted[name], lang) for name in names}),
    }
