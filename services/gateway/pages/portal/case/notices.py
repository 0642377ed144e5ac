"""The words of officers to the applicant: about requested documents, a declined correction, an interview."""

from collections.abc import Mapping
from typing import Any

from services.gateway.edge.upstream import ServiceDown
from services.gateway.pages.kit.formats import moment
from services.gateway.pages.portal.case.filed import Filed
from services.gateway.texts import PAGES

_NONE: Mapping[str, Any] = {"document_requests": [], "declined_corrections": [], "interviews": [], "decision": None}


async def find_notices(filed: Filed) -> Mapping[str, Any]:
    """The officers' words; none while their service is down or does not have the application yet: a mail had them."""
    try:
        answer = await filed.visitor.service("review").call("GET", f"/v1/notices/{filed.id}", shown=("not-found",))
    except ServiceDown:
        return _NONE
    found: Mapping[str, Any] = answer.body if answer.ok else _NONE
    return found


def words_of_items(notices: Mapping[str, Any], request_id: str) -> list[str]:
    """The officer's words about each item of a request, in its order."""
    asked = (one for one in notices["document_requests"] if one["request_id"] == request_id)
    return [item["message"] for one in asked for item in one["items"]]


def notice_list(filed: Filed, notices: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything that officers wrote, the newest first: what it is about, when, and the words."""
    texts = PAGES[filed.lang]["case"]
    found = [
        (one["requested_at"], texts["notice_documents"], [item["message"] for item in one["items"]])
        for one in notices["document_requests"]
    ]
    found += [
        (one["declined_at"], texts["notice_declined"], [one["reason"]]) for one in notices["declined_corrections"]
    ]
    found += [
        (one["requested_at"], texts["notice_interview"], [one["instructions"]])
        for one in notices["interviews"]
        if one["instructions"]
    ]
    return [
        {"about": about, "at": moment(at, filed.lang), "words": words}
        for at, about, words in sorted(found, key=lambda one: str(one[0]), reverse=True)
    ]
