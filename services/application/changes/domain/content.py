"""The content of an application in one version, and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.application.filing.domain.draft import Attachment
from services.application.forms.field import Field, Form, Kind, Rows, pointer_of
from services.application.forms.form import FormVersion
from shared.errors import Text
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.periods import period_name
from shared.reference.statuses import STATUSES

PHOTO, DOCUMENTS = "photo", "documents"
_NAMES = {PHOTO: Text("顔写真", "Face photo"), DOCUMENTS: Text("提出書類", "Documents")}
_YES_NO = {True: Text("有", "Yes"), False: Text("無", "No")}


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a correction can change."""

    form: Form
    photo_id: UUID | None
    attachments: tuple[Attachment, ...]

    @property
    def file_ids(self) -> list[UUID]:
        """All files, photo included."""
        return [*([self.photo_id] if self.photo_id else []), *(each.document_id for each in self.attachments)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its code, where it is, its name, and what people read before and after; None: empty."""

    code: str
    pointer: str
    label: Text
    before: Text | None
    after: Text | None


def changed_codes(version: FormVersion, before: Content, after: Content) -> tuple[str, ...]:
    """Codes of what differs: fields and tables in the order of the form, then photo and documents."""
    codes = [item.code for item in version.items if not _same(before.form[item.code], after.form[item.code])]
    if before.photo_id != after.photo_id:
        codes.append(PHOTO)
    if before.attachments != after.attachments:
        codes.append(DOCUMENTS)
    return tuple(codes)


def differences(version: FormVersion, before: Content, after: Content, day: date) -> Iterator[Difference]:
    """The differences, side by side; of a table each field of each row. Names are those of `day`."""
    for item in version.items:
        old, new = before.form[item.code], after.form[item.code]
        if _same(old, new):
            continue
        if isinstance(item, Rows):
            yield from _rows(item, old or [], new or [], day)
        else:
            yield Difference(item.code, item.pointer, item.label, shown(item, old, day), shown(item, new, day))
    if before.photo_id != after.photo_id:
        filed, replaced = Text("提出済みの写真", "The photo filed before"), Text("新しい写真", "A new photo")
        pair = (before.photo_id and filed, after.photo_id and replaced)
        yield Difference(PHOTO, "/photo_id", _NAMES[PHOTO], pair[0] or None, pair[1] or None)
    if before.attachments != after.attachments:
        pair = _documents(before, day), _documents(after, day)
        yield Difference(DOCUMENTS, "/documents", _NAMES[DOCUMENTS], *pair)


def shown(field: Field, value: Any, day: date) -> Text | None:
    """A value in normal form as people read it: names for codes; None where it is empty."""
    if value is None:
        return None
    if isinstance(value, str) and value in field.options:
        return field.options[value]
    if field.kind is Kind.YES_NO:
        return _YES_NO[bool(value)]
    if field.kind is Kind.STATUS and (row := STATUSES.find(day, value)) is not None:
        return row.name
    if field.kind is Kind.PERIOD:
        return period_name(value)
    if field.kind is Kind.NUMBER:
        return Text("{value}", "{value}").with_values(value=value)
    return Text(str(value), str(value))


def _same(old: Any, new: Any) -> bool:
    """Whether two values say the same: a table without rows is an empty one."""
    return old == new or (old in (None, []) and new in (None, []))


def _rows(rows: Rows, old: list[Any], new: list[Any], day: date) -> Iterator[Difference]:
    for number in range(max(len(old), len(new))):
        before = Form(old[number] if number < len(old) else {})
        after = Form(new[number] if number < len(new) else {})
        for column in rows.fields:
            if before[column.code] == after[column.code]:
                continue
            code = f"{rows.code}.{number}.{column.code}"
            label = Text("{table} {row}行目 {column}", "{table}, row {row}: {column}").with_values(
                table=rows.label, row=number + 1, column=column.label
            )
            pair = shown(column, before[column.code], day), shown(column, after[column.code], day)
            yield Difference(code, pointer_of(code), label, *pair)


def _documents(content: Content, day: date) -> Text | None:
    """Names of the documents that are attached; None for none."""
    codes = [code for attachment in content.attachments for code in attachment.codes]
    if not codes:
        return None
    known = (DOCUMENT_TYPES.find(day, code) for code in codes)
    names = [row.name if row else Text(code, code) for code, row in zip(codes, known, strict=True)]
    files = len(content.attachments)
    if files == 1:
        return Text("{names}（1ファイル）", "{names} (1 file)").with_values(names=names)
    return Text("{names}（{files}ファイル）", "{names} ({files} files)").with_values(names=names, files=files)
