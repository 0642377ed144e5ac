"""The words of officers to the applicant: about requested documents, a declined correction, an interview."""

from collections.abc import Mapping
from typing import Any

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import moment
from services.gateway.pages.portal.case.filed import Filed
from services.gateway.texts import PAGES

_NONE: Mapping[str, Any] = {
    "document_requests": [],
    "declined_corrections": [],
    "declined_more_time": [],
    "interviews": [],
    "decision": None,
}


async def find_notices(filed: Filed) -> Mapping[str, Any]:
    """The officers' words; none while their service is down or does not have the application yet: a mail had them."""
    try:
        answer = await filed.visitor.service("review").call("GET", f"/v1/notices/{filed.id}", shown=("not-found",))
    except ServiceDown:
        return _NONE
    found: Mapping[str, Any] = answer.body if answer.ok else _NONE
    return found


def words_of_items(filed: Filed, notices: Mapping[str, Any], request_id: str) -> list[str]:
    """The officer's words about each item of a request, in its order."""
    asked = (one for one in notices["document_requests"] if one["request_id"] == request_id)
    return [_words(filed, item) for one in asked for item in one["items"]]


def awaited_interview(notices: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The interview or visit that is still to come; None where there is none."""
    return next((one for one in reversed(notices["interviews"]) if one["closed_at"] is None), None)


def when_and_where(filed: Filed, interview: Mapping[str, Any]) -> str:
    """Time and place of an interview or visit, in one line."""
    texts = PAGES[filed.lang]["case"]
    when = interview["held_at"]
    found = [texts["interview_at"].format(moment=moment(when, filed.lang)) if when else texts["interview_no_time"]]
    if interview["place"]:
        found.append(texts["interview_place"].format(place=interview["place"]))
    return PAGES[filed.lang]["frame"]["comma"].join(found)


def _words(filed: Filed, item: Mapping[str, Any]) -> str:
    """Standard sentences and the officer's own words about an item."""
    return "\n".join([*(text[filed.lang] for text in item["texts"]), *([item["message"]] if item["message"] else [])])


def _about_interview(filed: Filed, interview: Mapping[str, Any]) -> list[str]:
    texts = PAGES[filed.lang]["case"]
    if interview["cancelled_at"]:
        return [texts["interview_cancelled"].format(reason=interview["cancel_reason"])]
    state = [texts["interview_ended"]] if interview["closed_at"] else []
    moved = [texts["interview_moved"]] if interview["moved_at"] else []
    words = [interview["instructions"]] if interview["instructions"] else []
    return [*state, *moved, when_and_where(filed, interview), *words]


def conditions_of(filed: Filed, notices: Mapping[str, Any]) -> list[dict[str, str]]:
    """The conditions of the grant, each with what it means; none before the decision."""
    decision = notices["decision"]
    return [
        {
            "label": one["name"][filed.lang],
            "text": one["text"][filed.lang],
            "meaning": one["meaning"][filed.lang] if one["meaning"] else "",
        }
        for one in (decision["conditions"] if decision else ())
    ]


def notice_list(filed: Filed, notices: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything that officers wrote, the newest first: what it is about, when, and the words."""
    texts = PAGES[filed.lang]["case"]
    found = [
        (
            one["requested_at"],
            texts["notice_documents"],
            [words for item in one["items"] if (words := _words(filed, item))],
        )
        for one in notices["document_requests"]
    ]
    found += [
        (one["declined_at"], texts["notice_declined"], [one["reason"]]) for one in notices["declined_corrections"]
    ]
    found += [
        (one["declined_at"], texts["notice_no_more_time"], [one["reason"]]) for one in notices["declined_more_time"]
    ]
    found += [
        (
            one["cancelled_at"] or one["moved_at"] or one["requested_at"],
            texts["notice_interview"],
            _about_interview(filed, one),
        )
        for one in notices["interviews"]
    ]
    return [
        {"about": about, "at": moment(at, filed.lang), "words": words}
        for at, about, words in sorted(found, key=lambda one: str(one[0]), reverse=True)
    ]
