"""Imports over HTTP: the form of an upload, the answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from services.application.bulk.domain.rows import RowProblem, placed, row_read
from services.application.bulk.domain.states import ImportState, RowState
from services.application.filing.schemas import CodeText, Declarations
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.schemas import Body, words
from services.application.sheets.book import RowRead
from services.application.tables import Application, Import, ImportRow
from shared.errors import FieldProblem, Invalid, Text
from shared.http import Words, upload_body
from shared.http.uploads import file_of
from shared.reference.files import MOST_DOCUMENTS_IN_A_FILE
from shared.text import several_lines
from shared.text.characters import readable
from shared.text.typed import AsSent, Typed

UPLOAD_FORM = upload_body(
    "a workbook or CSV of our template, or a file of the official bulk tools",
    dry_run={
        "type": "boolean",
        "default": False,
        "description": "check only: no draft is begun, and nothing can be filed",
    },
)
_YES, _NO = frozenset({"true", "1", "on"}), frozenset({"", "false", "0", "off"})
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent."""

    name: str
    content: bytes
    dry_run: bool


async def sent(form: FormData) -> Sent:
    """The fields of the upload. Raises `Invalid` for a missing file and an unknown `dry_run`."""
    file = file_of(form)
    dry_run = form.get("dry_run", "")
    word = dry_run.strip().lower() if isinstance(dry_run, str) else None
    if word not in _YES | _NO:
        message = Text("true か false を指定してください", "Give true or false")
        raise Invalid(fields=[FieldProblem("/dry_run", "not-yes-or-no", message)])
    name = readable((file.filename or "").replace("\\", "/").rsplit("/", 1)[-1])[-_LONGEST_NAME:].strip()
    return Sent(name or "file", await file.read(), word in _YES)


class Counts(BaseModel):
    """Rows by state."""

    read: int = Field(0, description="not checked yet")
    wrong: int = Field(0, description="something has to be corrected")
    files_missing: int = Field(0, description="nothing but photo or documents is missing")
    ready: int = Field(0, description="can be filed")
    filed: int = Field(0, description="filed, with a receipt number")

    @classmethod
    def of(cls, counted: Mapping[str, int]) -> "Counts":
        return cls(**{state.replace("-", "_"): count for state, count in counted.items()})


class Notice(BaseModel):
    """Something about the file as a whole; `pointer` is `/sheets/NAME` or empty."""

    pointer: str = Field(examples=["/sheets/Sheet1"])
    code: str = Field(examples=["hidden-sheet"])
    message: Words


class ImportView(BaseModel):
    """An import, and how far it is: `done` of `rows` rows of the work in progress.

    `reading`, `checking` and `filing` are work in progress. `refused`: the file cannot be read, `problems` says why.
    `checked` and `finished` (after a filing) wait for the filer: what is ready can be filed.
    """

    id: UUID
    state: ImportState = Field(examples=["checked"])
    name: str = Field(examples=["renewals.xlsx"])
    kind: str | None = Field(description="template-xlsx, template-csv or official", examples=["template-xlsx"])
    size: int = Field(examples=[182044])
    dry_run: bool
    rows: int = Field(examples=[130])
    done: int = Field(examples=[130])
    counts: Counts
    problems: list[Notice]
    notices: list[Notice] = Field(description="what of the file was not read; the rest was")
    created_at: datetime
    changed_at: datetime
    filed_at: datetime | None = Field(description="when filing was pressed last: the moment that counts")

    @classmethod
    def of(cls, row: Import, counted: Mapping[str, int], far: tuple[int, datetime]) -> "ImportView":
        done, changed_at = far
        return cls(
            id=row.id,
            state=ImportState(row.state),
            name=row.name,
            kind=row.kind,
            size=row.size,
            dry_run=row.dry_run,
            rows=row.rows,
            done=done,
            counts=Counts.of(counted),
            problems=[_notice(each) for each in row.problems],
            notices=[_notice(each) for each in row.notices],
            created_at=row.created_at,
            changed_at=changed_at,
            filed_at=row.pressed_at,
        )


def _notice(stored: Mapping[str, Any]) -> Notice:
    message = words(Text.read(stored))
    return Notice(pointer=stored["pointer"], code=stored["code"], message=message)


class Begun(BaseModel):
    """An import that was accepted; the file is read in the background."""

    id: UUID
    state: ImportState = Field(examples=["reading"])


class NotRenewed(BaseModel):
    """A stay for which no renewal can be begun, by the application that says when it ends, and why."""

    application_id: UUID
    applicant_name: str | None = Field(examples=["NGUYEN VAN AN"])
    problems: list[Notice]


class RenewalsImport(Begun):
    """An import of renewals: the number of its rows, and the stays that are not among them."""

    begun: int = Field(examples=[130])
    refused: list[NotRenewed]
    more: bool = Field(description="stays are left: the same request with another key begins the next ones")


class Deleted(BaseModel):
    """An import that was deleted; its applications and drafts stay."""

    id: UUID


class CellProblem(BaseModel):
    """A problem of a row: `cell` is where it stands in the sheet, null where no cell has it.

    `unread`: the cell could not be read, but the draft may be right without it. It keeps the row from being filed until
    its value is entered in the draft, or the draft is confirmed as it is (`POST .../confirm`).
    """

    pointer: str = Field(examples=["/form/residence_card_no"])
    cell: str | None = Field(examples=["F7"])
    code: str = Field(examples=["bad-card-number"])
    message: Words
    unread: bool = False

    @classmethod
    def of(cls, each: RowProblem) -> "CellProblem":
        problem = each.problem
        return cls(
            pointer=problem.pointer,
            cell=each.cell,
            code=problem.code,
            message=words(problem.message),
            unread=each.can_be_confirmed(problem.pointer),
        )


class RowView(BaseModel):
    """A row, and what became of it. `application_id` is its draft, later its application.

    Form, status of residence and name are those of the draft as it is now; before there is one, as the row has them.
    `edited_since`: somebody changed the draft after this row was checked; `POST .../check` checks it again.
    """

    sheet: str = Field(examples=["extend-n"])
    number: int = Field(description="the row's number in the sheet", examples=[7])
    key: str = Field(examples=["E-1001"])
    state: RowState = Field(examples=["wrong"])
    procedure: str | None = Field(description="null where the row does not say it", examples=["EXTEND"])
    form_version: str | None = Field(examples=["extend-n-2026-02-27"])
    status_of_residence: str | None = Field(examples=["ENG_HUM_INT"])
    activity: str | None = Field(examples=[None])
    combined_with: list[str]
    applicant_name: str | None = Field(examples=["NGUYEN VAN AN"])
    problems: list[CellProblem]
    notices: list[CellProblem] = Field(description="what of the row is not kept; it hinders nothing")
    application_id: UUID | None
    receipt_number: str | None
    edited_since: bool

    @classmethod
    def of(cls, row: ImportRow, application: Application | None) -> "RowView":
        read = row_read(row.content)
        applied_for = _of_draft(application) if application is not None else _of_row(read)
        revision = application.revision if application is not None else None
        filed = row.state == RowState.FILED
        return cls(
            **applied_for,
            sheet=row.sheet,
            number=row.number,
            key=row.key,
            state=RowState(row.state),
            problems=[CellProblem.of(RowProblem.of(each)) for each in row.problems],
            notices=[CellProblem.of(each) for each in placed(read, read.notices)],
            application_id=row.application_id,
            receipt_number=row.receipt_number,
            edited_since=not filed and row.revision is not None and revision != row.revision,
        )


def _of_draft(application: Application) -> dict[str, Any]:
    return {
        "procedure": application.procedure,
        "form_version": application.form_version,
        "status_of_residence": application.status_of_residence,
        "activity": application.activity,
        "combined_with": list(application.combined_with),
        "applicant_name": form_of(application.form_version).fact("name", Form(json.loads(application.form))),
    }


def _of_row(read: RowRead) -> dict[str, Any]:
    return {
        "procedure": read.procedure,
        "form_version": read.version,
        "status_of_residence": read.status_of_residence,
        "activity": read.activity,
        "combined_with": list(read.combined_with),
        "applicant_name": form_of(read.version).fact("name", Form(read.form)) if read.version else None,
    }


class ConfirmRow(Body):
    """A place of a row's draft that is right as it is, though the cell for it could not be read."""

    application_id: UUID
    pointer: Annotated[str, AsSent("a place of the form, as an answer of ours names it")] = Field(
        min_length=1, max_length=300, examples=["/form/tel"]
    )


class ConfirmedRow(BaseModel):
    """The state of a row after its draft was confirmed."""

    state: RowState = Field(examples=["ready"])


class SubmitRows(Body):
    """The press of the filing button, for every row that is ready."""

    declarations: Declarations


class KeyedFile(Body):
    """A file for the row with that key: a PDF with the documents it holds, or with `codes` empty the face photo."""

    key: Annotated[str, AsSent("the key as it stands in the row")] = Field(
        min_length=1, max_length=200, examples=["E-1001"]
    )
    document_id: UUID
    codes: tuple[CodeText, ...] = Field((), max_length=MOST_DOCUMENTS_IN_A_FILE, examples=[["RES_TAX"]])


class KeyedFiles(Body):
    """Files for rows of an import, by the keys of the rows."""

    files: tuple[KeyedFile, ...] = Field(min_length=1, max_length=1000)


class FileOutcome(BaseModel):
    """The outcome of a file: attached, or why not."""

    key: str
    document_id: UUID
    outcome: Literal["attached", "no-such-row", "no-draft", "refused"]
    problems: list[Notice] = Field(default_factory=list)


class FilesAttached(BaseModel):
    """The outcome of every file, in the order in which they were sent."""

    attached: int
    files: list[FileOutcome]


class Selected(Body):
    """Applications of the caller."""

    application_ids: tuple[UUID, ...] = Field(min_length=1, max_length=500)


class WithdrawSelected(Selected):
    """Filed applications to take back, for the same reason."""

    action: Literal["withdraw"]
    reason: Annotated[str, Typed(several_lines, most=500)] = Field(examples=["退職のため"])


class DeleteSelected(Selected):
    """Drafts to delete."""

    action: Literal["delete"]


class AttachToSelected(Selected):
    """Drafts to which the same document is attached."""

    action: Literal["attach"]
    document_id: UUID
    codes: tuple[CodeText, ...] = Field(min_length=1, max_length=MOST_DOCUMENTS_IN_A_FILE, examples=[["CAT_PROOF"]])


class HandOverSelected(Selected):
    """Applications of which a colleague is put in charge."""

    action: Literal["hand-over"]
    account_id: UUID


Selection = Annotated[
    WithdrawSelected | DeleteSelected | AttachToSelected | HandOverSelected, Field(discriminator="action")
]


class Outcome(BaseModel):
    """The outcome for one application: done, or refused with the reason."""

    id: UUID
    done: bool
    code: str | None = Field(None, examples=["cannot-be-withdrawn"])
    message: Words | None = None


class Outcomes(BaseModel):
    """The outcome for each application of a selection, in the order of the request."""

    done: int = Field(examples=[129])
    items: list[Outcome]


def notices_of(problems: Sequence[FieldProblem]) -> list[Notice]:
    """Problems for an answer."""
    return [Notice(pointer=p.pointer, code=p.code, message=words(p.message)) for p in problems]
