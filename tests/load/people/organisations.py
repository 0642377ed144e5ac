"""Organisations that file many with one workbook."""

import secrets
from typing import Any

from deploy.demo.form import EXTENSION
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from shared.clock import SystemClock, legal_date
from tests.load.people.applicants import DECLARED, asked_for, begun
from tests.load.people.person import Person

_WORK = ("reading", "checking", "filing")


class BulkOffice(Person):
    """An office: a workbook, a photo and a PDF for all rows, a look at the check, one press, the receipts."""

    abstract = True

    def on_start(self) -> None:
        """Sign in on the pages, as the office's clerk does."""
        self.at_first(self.sign_in)

    def errand(self) -> bool:
        """File one workbook."""
        self.open("/imports")
        self.pause()
        rows = int(self.own.get("rows", 20))
        sent = self.upload("/v1/imports", "renewals.xlsx", workbook(rows), {})
        path = f"/v1/imports/{sent['id']}"
        self.until("rows of a workbook checked", lambda: self._rested(path))
        self.open(f"/imports/{sent['id']}")
        self.pause()
        self.attach(path)
        self.until("rows of a workbook ready", lambda: self._ready(path, rows), every=1)
        self.pause()
        self.command(f"{path}/submit", DECLARED, 202)
        done = self.until("rows of a workbook filed", lambda: self._rested(path))
        if done["counts"]["filed"] != rows:
            self.disappointed(f"{path}/submit", f"of {rows} rows were filed: {done['counts']}")
        for row in self.rows(path):
            self.received(row["receipt_number"])
        return True

    def attach(self, path: str) -> None:
        """One photo and one PDF for all rows."""
        rows = self.rows(path)
        codes = asked_for(self.get(f"/v1/applications/{rows[0]['application_id']}/check"))
        photo = self.upload("/v1/documents", "face.jpg", self.file_of("face.jpg"), {"kind": "photo"})
        pdf = self.upload("/v1/documents", "papers.pdf", self.file_of("papers.pdf"), {"kind": "pdf", "codes": codes})
        for first in range(0, len(rows), 200):
            files: list[dict[str, Any]] = []
            for row in rows[first : first + 200]:
                files += [
                    {"key": row["key"], "document_id": photo["id"]},
                    {"key": row["key"], "document_id": pdf["id"], "codes": codes},
                ]
            self.command(f"{path}/files", {"files": files}, 200)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Every row of an import."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(f"{path}/rows?limit=200" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next"]
        return found

    def _rested(self, path: str) -> dict[str, Any] | None:
        found: dict[str, Any] = self.get(path)
        if found["state"] == "refused":
            self.disappointed(path, f"the workbook is refused: {found['problems']}")
        return None if found["state"] in _WORK else found

    def _ready(self, path: str, rows: int) -> bool | None:
        self.command(f"{path}/check", {}, 202)
        found = self.until("rows of a workbook checked", lambda: self._rested(path))
        if found["counts"]["wrong"]:
            self.disappointed(path, f"rows are wrong: {found['counts']}")
        return True if found["counts"]["ready"] == rows else None


def workbook(rows: int) -> bytes:
    """A workbook of so many complete renewals, each of a person of its own."""
    plan = plan_for(EXTENSION.procedure, EXTENSION.status, legal_date(SystemClock().now()))
    if plan is None:
        raise LookupError("extensions are not offered today")
    filled = []
    # An office does not use a key twice: a row with the key of one that was filed is that one.
    own = secrets.token_hex(4)
    for number in range(rows):
        filled.append(FilledRow(f"{own}-{number}", begun()["form"], notify_email=f"row-{number}@example.com"))
    return template_xlsx([SheetPlan(plan, filled)], "en")
