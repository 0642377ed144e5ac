"""The basis of a proposal as its approver reads it: what the proposer was shown, and what changed since."""

import asyncio
from collections.abc import Mapping
from typing import Any

from services.gateway.pages.desk.case_file.case import ShownCase
from services.gateway.pages.desk.case_file.files import listed_files

# Where on the page of the case an event is shown in full; others stand in its timeline.
_PLACES: Mapping[str, str] = {
    "case:correct": "corrections",
    "case:request_correction": "corrections",
    "case:take_documents": "files",
    "case:examine": "findings",
    "case:ask_more_time": "more-time",
    "case:resolve_same_person": "same-person",
}


async def hints_of(case: ShownCase) -> list[dict[str, Any]]:
    """The hints that have something to look at, in words; none for officers who see no form."""
    found = await case.of_application("/background") or {"hints": ()}
    return [
        {
            "code": one["code"],
            "title": one["title"][case.lang],
            "reasons": [reason[case.lang] for reason in one["reasons"]],
            "is_new": False,
        }
        for one in found["hints"]
        if one["found"] == "yes"
    ]


async def basis_of(case: ShownCase) -> Mapping[str, Any]:
    """The basis of the proposal that waits, and what happened since it was made. The case is read with its file."""
    proposal = case.proposal
    if proposal is None:
        return {"rests_on": None, "happened": [], "hints": [], "gone_hints": 0, "newer_cases": []}
    files, hints = await asyncio.gather(_files(case), hints_of(case))
    basis, since = proposal["basis"], case.view["since_proposal"]
    # Without a basis, in proposals from before it was kept, nothing can be called new.
    shown = set(basis["hints"]) if basis else set()
    known = {one["code"] for one in hints}
    return {
        "rests_on": basis and _rests_on(case, since, files),
        "happened": [
            {
                "text": one[case.lang],
                "at": one["at"],
                "by": case.officer(one["actor_id"]) if one["actor_kind"] == "officer" else "",
                "href": f"{case.path}#{_PLACES.get(one['action'], 'timeline')}",
            }
            for one in case.file["timeline"]["entries"]
            if _is_later(one, proposal) and one["action"] not in ("case:read", "case:propose")
        ],
        "hints": [one | {"is_new": bool(basis) and one["code"] not in shown} for one in hints],
        "gone_hints": len(shown - known),
        "newer_cases": [one for one in case.view["same_person"] if one["submitted_at"] > proposal["proposed_at"]],
    }


def _is_later(entry: Mapping[str, Any], proposal: Mapping[str, Any]) -> bool:
    """Whether an entry of the timeline came after what the proposal rests on."""
    basis = proposal["basis"]
    later: bool = entry["number"] > basis["revision"] if basis else entry["at"] > proposal["proposed_at"]
    return later


async def _files(case: ShownCase) -> dict[str, str]:
    """The names of the files of the case, by id; none for officers who see no form."""
    application, requested = await asyncio.gather(case.of_application(), case.of_application("/requested-documents"))
    if application is None:
        return {}
    return {one.id: "・".join(one.names) for one in listed_files(case, application, requested)}


def _rests_on(case: ShownCase, since: Mapping[str, Any] | None, files: Mapping[str, str]) -> Mapping[str, Any]:
    """The form and the files that the proposer could read, each with what became of it."""
    added = since["added_documents"] if since else []
    return {
        "form_version": since["form_version"] if since else None,
        "corrections": len(since["corrections"]) if since else 0,
        "other_photo": bool(since and since["other_photo"]),
        "removed": len(since["removed_documents"]) if since else 0,
        "files": [
            {"name": name, "href": f"{case.path}/files/{document_id}/pages", "is_new": document_id in added}
            for document_id, name in files.items()
        ],
    }
