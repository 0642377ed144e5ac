"""Three people in one workbook (一括申請): sent, checked, given photo and documents, and filed with one press."""

import asyncio
from typing import Any

from deploy.demo import papers, people
from deploy.demo.browser import Browser
from deploy.demo.form import EXTENSION, beginning
from deploy.demo.place import Place
from deploy.demo.problems import StepFailed
from deploy.demo.waiting import until
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx

NAMES = {"E-101": "TRAN THI BINH", "E-102": "LE VAN CUONG", "E-103": "PHAM THI DUNG"}


async def file_workbook(place: Place, staff: Browser, chapter: int) -> list[str]:
    """File an extension for each of the people; the receipt numbers in the order of the rows."""
    story = place.story
    story.chapter(f"{chapter}. A workbook of {len(NAMES)} people (一括申請)")
    sent = await staff.upload("/v1/imports", "renewals.xlsx", _workbook(place), {})
    path = f"/v1/imports/{sent['id']}"
    checked = await _worked(staff, path)
    story.did(
        "company staff", f"sent renewals.xlsx: {checked['rows']} rows became drafts; only their files are missing"
    )
    draft = (await _rows(staff, path))[0]["application_id"]
    check = await staff.get(f"/v1/applications/{draft}/check")
    asked = [one["code"] for one in check["required_documents"] if one["requirement"] == "required"]
    await _attach(staff, path, [code for code in asked if code != "PHOTO"])
    story.did("company staff", "uploaded a photo of each, and one PDF that all of them need")
    await _all_ready(staff, path)
    await staff.post(f"{path}/submit", {"declarations": {"intent_confirmed": True, "truth_confirmed": True}})
    filed = await _worked(staff, path)
    story.did("company staff", f"submitted {filed['counts']['filed']} of {filed['rows']} with one press")
    rows = await _rows(staff, path)
    for row in rows:
        story.did("company staff", f"  {row['key']} {NAMES[row['key']]:<14} {row['receipt_number']}")
    await place.event("BulkImportFinished")
    await place.mail(people.STAFF_MAIL, "your bulk application")
    return [str(row["receipt_number"]) for row in rows]


def _workbook(place: Place) -> bytes:
    plan = plan_for(EXTENSION.procedure, EXTENSION.status, place.today)
    assert plan is not None, "the demo files what is offered"
    rows = []
    for key, name in NAMES.items():
        form = beginning(EXTENSION, place.today)["form"] | {"name_roman": name}
        rows.append(FilledRow(key, form, notify_email=people.APPLICANT_MAIL))
    return template_xlsx([SheetPlan(plan, rows)], "en")


async def _attach(staff: Browser, path: str, codes: list[str]) -> None:
    photo = {"kind": "photo"}
    evidence = {"kind": "pdf", "codes": codes}
    pdf, *photos = await asyncio.gather(
        staff.upload("/v1/documents", "evidence.pdf", papers.evidence(len(codes)), evidence),
        *(staff.upload("/v1/documents", f"{key}.jpg", papers.face_photo(), photo) for key in NAMES),
    )
    files: list[dict[str, Any]] = []
    for key, face in zip(NAMES, photos, strict=True):
        files += [{"key": key, "document_id": face["id"]}, {"key": key, "document_id": pdf["id"], "codes": codes}]
    await staff.post(f"{path}/files", {"files": files})


async def _all_ready(staff: Browser, path: str) -> None:
    """Have the rows checked until every file is known to be good."""

    async def ready() -> bool | None:
        await staff.post(f"{path}/check")
        counts = (await _worked(staff, path))["counts"]
        if counts["wrong"]:
            raise StepFailed(f"rows of the workbook are wrong: {await _rows(staff, path)}")
        return True if counts["ready"] == len(NAMES) else None

    await until("the check of the workbook", ready)


async def _worked(staff: Browser, path: str) -> dict[str, Any]:
    """The import once nothing is in progress."""

    async def look() -> dict[str, Any] | None:
        found = await staff.get(path)
        if found["state"] == "refused":
            raise StepFailed(f"the workbook was refused: {found['problems']}")
        return found if found["state"] in ("checked", "finished") else None

    return await until("the work on the workbook", look)


async def _rows(staff: Browser, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await staff.get(f"{path}/rows"))["items"]
    return items
