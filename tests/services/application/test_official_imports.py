"""The official bulk file from end to end: made, sent, checked, filed, and what is exported is read as the same."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from services.application.forms.catalogue import current_form, form_of
from services.application.forms.form import FormVersion, read_form
from services.application.sheets.confined import BookReader
from services.application.sheets.official_file import OfficialFile, OfficialRow, write_official
from services.application.tables import Application
from tests.services.application.sheet import Office
from tests.support.service import RunningService
from tests.unit.sheets.books import read
from tests.unit.sheets.made_up import Complete
from tests.unit.sheets.test_official_files import UNWRITTEN, emptied

ROWS = 100


@pytest.fixture
async def office(service: RunningService) -> Office:
    found = Office(service)
    service.app.state.imports.books = BookReader()
    await found.activate()
    await found.category("CAT3")
    return found


@dataclass(frozen=True)
class Kind:
    """A kind of application, and how the office saves the file of the tools: as it is, or again from Excel."""

    procedure: str
    status: str
    encoding: str
    separator: str

    def saved(self, file: OfficialFile) -> bytes:
        """The file in this encoding, with this separator."""
        if (self.encoding, self.separator) == ("utf-16-le", "\t"):
            return file.content
        lines = [line.split("\t") for line in file.content.decode("utf-16").split("\r\n")]
        written = io.StringIO()
        csv.writer(written, delimiter=self.separator).writerows(lines)
        return written.getvalue().encode(self.encoding)


KINDS = [
    Kind("EXTEND", "ENG_HUM_INT", "utf-16-le", "\t"),
    Kind("CHANGE", "SSW1", "cp932", ","),
    Kind("COE", "DEPENDENT", "utf-8", ","),
]


def people(office: Office, kind: Kind, rows: int, first: int = 0) -> list[OfficialRow]:
    """Complete applications of people of their own, the same ones each time."""
    form = current_form(kind.procedure, kind.status, office.today)
    assert form is not None
    make = Complete(form, kind.status, office.today, Random(kind.procedure))
    letters = "ABCDEFGHIJ"
    found = []
    for number in range(first, first + rows):
        facts = {"name": f"NGUYEN VAN {''.join(letters[int(digit)] for digit in f'{number:04}')}"}
        if form.facts.card_number:
            facts["card_number"] = f"{kind.procedure[:2]}{number:08}CD"
        if form.facts.stay_expiry:
            facts["stay_expiry"] = (office.today + timedelta(days=60)).isoformat()
        found.append(OfficialRow(form.version, kind.status, make.somebody(**facts), notify_email="an@example.com"))
    return found


def one_file(rows: list[OfficialRow]) -> OfficialFile:
    (file,), left = write_official(rows)
    assert left == ()
    return file


async def sent(office: Office, kind: Kind, file: OfficialFile) -> Any:
    """The import of a file, read and checked."""
    answer = await office.send(kind.saved(file), name=file.name)
    await office.work()
    seen = await office.look(answer.json()["id"])
    assert (seen["state"], seen["kind"], seen["problems"]) == ("checked", "official", []), seen
    return seen


async def filed(office: Office, import_id: str, codes: list[str]) -> list[Any]:
    """The rows after one photo and one PDF were attached to each of them, and the good ones were filed."""
    photo, pdf = await office.file("photo"), await office.file()
    files = [
        {"key": row["key"], "document_id": document_id, "codes": of}
        for row in await office.rows(import_id)
        for document_id, of in ((photo, []), (pdf, codes))
    ]
    answer = await office.imports("POST", f"/{import_id}/files", {"files": files})
    assert answer.json()["attached"] == len(files), answer.text
    await office.file_rows(import_id)
    return await office.rows(import_id)


async def test_files_of_the_official_tools_are_filed_and_exported_as_they_were(office: Office) -> None:
    """Renewals as the tool writes them, changes and certificates as Excel saves them; each row with its number."""
    numbers: set[str] = set()
    for kind in KINDS:
        rows = people(office, kind, ROWS)
        seen = await sent(office, kind, one_file(rows))
        first = (await office.rows(seen["id"]))[0]
        assert seen["counts"]["files_missing"] == ROWS, first["problems"]
        wanted = (await office.get(f"/{first['application_id']}/check"))["required_documents"]
        documents = [each["code"] for each in wanted if each["code"] != "PHOTO"]
        found = await filed(office, seen["id"], documents)
        wrong = [each for row in found for each in row["problems"]]
        assert {row["state"] for row in found} == {"filed"}, wrong[:3]
        numbers |= {row["receipt_number"] for row in found}
        assert [row["key"] for row in found] == [str(number) for number in range(1, ROWS + 1)]
        await _is_exported_as_it_was(office, [row["application_id"] for row in found], rows)
    assert len(numbers) == ROWS * len(KINDS)


async def _is_exported_as_it_was(office: Office, ids: list[str], sent_rows: list[OfficialRow]) -> None:
    """The file had what is kept, and the file of what is kept has it again."""
    async with office.service.db.read() as session:
        found = (await session.scalars(select(Application).where(Application.id.in_(ids)))).all()
    kept = {str(application.id): application for application in found}
    again = [
        OfficialRow(
            application.form_version,
            application.status_of_residence,
            json.loads(application.form),
            application.activity,
            tuple(application.combined_with),
            application.notify_email,
        )
        for application in (kept[each] for each in ids)
    ]
    form = form_of(sent_rows[0].version)
    _, rows = read(one_file(again).content, "again.csv", office.today)
    for before, row, after in zip(sent_rows, rows, again, strict=True):
        assert (row.version, row.status_of_residence, row.problems) == (before.version, before.status, ())
        exported, kept_form = _values(form, row.form, before.status), emptied(dict(after.form))
        assert _differing(kept_form, _written(before)) == {}
        assert _differing(exported, kept_form) == {}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {code: (one.get(code), other.get(code)) for code in one | other if one.get(code) != other.get(code)}


def _values(form: FormVersion, raw: Any, status: str) -> Any:
    values, problems = read_form(form, raw, status)
    assert problems == []
    return emptied(values)


def _written(row: OfficialRow) -> Any:
    """The values for which the official file has a column."""
    form = json.loads(json.dumps(row.form))
    for code in UNWRITTEN:
        group, _, name = code.rpartition(".")
        (form.get(group, {}) if group else form).pop(name or code, None)
    return emptied(form)
