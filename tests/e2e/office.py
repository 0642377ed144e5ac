"""An office that files many applications with one file at the gateway, while services die."""

import io
import string
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from typing import Any
from uuid import uuid4

from deploy.demo import papers
from deploy.demo.browser import Browser
from deploy.demo.form import EXTENSION, beginning
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from tests.e2e.retrying import until_it_works
from tests.support.waiting import eventually

DECLARED = {"declarations": {"intent_confirmed": True, "truth_confirmed": True}}
_WORK = ("reading", "checking", "filing")
_FILES_AT_ONCE = 400
_NO_FIELDS: dict[str, Any] = {}
_PERSONS = count(1)
_LETTERS = ["".join(four) for four in product(string.ascii_uppercase, repeat=4)]


def workbook(rows: int, today: date) -> tuple[bytes, list[str]]:
    """A workbook of so many complete renewals, each of a person of its own; and the keys of its rows."""
    plan = plan_for(EXTENSION.procedure, EXTENSION.status, today)
    assert plan is not None
    filled = []
    for number in (next(_PERSONS) for _ in range(rows)):
        person = {"residence_card_no": f"ZR{number:08}ZR", "name_roman": f"NGUYEN VAN {_LETTERS[number]}"}
        form = beginning(EXTENSION, today)["form"] | person
        filled.append(FilledRow(f"E-{number}", form, notify_email=f"nguyen-{number}@example.com"))
    return template_xlsx([SheetPlan(plan, filled)], "ja"), [row.key for row in filled]


@dataclass
class Office:
    """The browser of an office. Each request is repeated until it is answered, as a person would repeat it; `saw` is
    told of every answer about an import."""

    browser: Browser
    saw: Callable[[Mapping[str, Any]], None]

    async def send(self, content: bytes) -> str:
        """Send a workbook; the id of the import."""
        sent = ("/v1/imports", "renewals.xlsx", content, _NO_FIELDS, str(uuid4()))
        return str((await until_it_works(self.browser.upload, *sent))["id"])

    async def look(self, import_id: str) -> dict[str, Any]:
        """The import as it is now."""
        view: dict[str, Any] = await until_it_works(self.browser.get, f"/v1/imports/{import_id}")
        self.saw(view)
        return view

    async def rested(self, import_id: str) -> dict[str, Any]:
        """The import when nothing of it is worked on, as its stream of events says; one that breaks off is opened
        again."""
        return await eventually(lambda: until_it_works(self._watched, import_id), 300)

    async def _watched(self, import_id: str) -> dict[str, Any]:
        async with aclosing(self.browser.events(f"/v1/imports/{import_id}/events")) as events:
            async for view in events:
                self.saw(view)
                if view["state"] not in _WORK:
                    return view
        return {}

    async def rows(self, import_id: str) -> list[dict[str, Any]]:
        """Every row."""
        found: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            cursor = f"&cursor={after}" if after else ""
            page = await until_it_works(self.browser.get, f"/v1/imports/{import_id}/rows?limit=200{cursor}")
            found += page["items"]
            after = page["next"]
        return found

    async def asked(self, application_id: str) -> list[str]:
        """The documents that a draft needs, without the photo."""
        answer = await until_it_works(self.browser.get, f"/v1/applications/{application_id}/check")
        needed = [each["code"] for each in answer["required_documents"] if each["requirement"] == "required"]
        return [code for code in needed if code != "PHOTO"]

    async def archive(self, keys: Sequence[str], codes: Sequence[str]) -> str:
        """Send a ZIP with a photo and a PDF for each key; its id."""
        with io.BytesIO() as written:
            with zipfile.ZipFile(written, "w") as archive:
                for each in keys:
                    archive.writestr(f"{each}_PHOTO.jpg", papers.face_photo())
                    archive.writestr(f"{each}_{'+'.join(codes)}.pdf", papers.evidence(len(codes)))
            sent = ("/v1/archives", "papers.zip", written.getvalue(), _NO_FIELDS, str(uuid4()))
        return str((await until_it_works(self.browser.upload, *sent))["id"])

    async def unpacked(self, archive_id: str) -> list[dict[str, Any]]:
        """The files of a ZIP once they are checked, as they are attached."""
        path = f"/v1/archives/{archive_id}"

        async def checked() -> dict[str, Any]:
            view: dict[str, Any] = await until_it_works(self.browser.get, path)
            return view if view["state"] != "checking" else {}

        view = await eventually(checked, 90)
        assert (view["state"], view["rejected"], view["skipped"]) == ("checked", 0, 0), view
        entries = (await until_it_works(self.browser.get, f"{path}/entries?limit=200"))["items"]
        return [{name: each[name] for name in ("key", "document_id", "codes")} for each in entries]

    async def uploaded(self, keys: Sequence[str], codes: Sequence[str]) -> list[dict[str, Any]]:
        """One photo and one PDF for all of these keys, as they are attached."""
        files = []
        for name, content, fields in (
            ("face.jpg", papers.face_photo(), {"kind": "photo"}),
            ("evidence.pdf", papers.evidence(len(codes)), {"kind": "pdf", "codes": codes}),
        ):
            sent = ("/v1/documents", name, content, fields, str(uuid4()))
            document_id = (await until_it_works(self.browser.upload, *sent))["id"]
            files += [{"key": key, "document_id": document_id, "codes": fields.get("codes", [])} for key in keys]
        return files

    async def attach(self, import_id: str, files: Sequence[Mapping[str, Any]]) -> None:
        """Attach files to the rows, and have the rows checked until none lacks anything: the news of a file may come
        later than the file."""
        together = sorted(files, key=lambda file: str(file["key"]))
        for first in range(0, len(together), _FILES_AT_ONCE):
            part = together[first : first + _FILES_AT_ONCE]
            answer = await until_it_works(self.browser.post, f"/v1/imports/{import_id}/files", {"files": part})
            assert answer["attached"] == len(part), answer

        async def complete() -> bool:
            await until_it_works(self.browser.post, f"/v1/imports/{import_id}/check")
            view = await self.rested(import_id)
            return bool(view["counts"]["ready"] == view["rows"])

        await eventually(complete, 90)

    async def press(self, import_id: str) -> None:
        """File every row that is ready, with one press."""
        sent = (f"/v1/imports/{import_id}/submit", DECLARED, str(uuid4()))
        await until_it_works(self.browser.post, *sent)
