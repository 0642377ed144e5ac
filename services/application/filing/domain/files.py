"""Files that an application may carry."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from services.application.filing.domain.draft import Attachment, File
from shared.errors import FieldProblem, Text
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.files import MEGABYTE, file_limits


def file_problems(
    photo_id: UUID | None, attachments: Sequence[Attachment], files: Mapping[UUID, File], day: date
) -> list[FieldProblem]:
    """Everything that keeps these files from being filed, in the order in which they are listed.

    `files` holds what is known of the owner's own files: somebody else's file looks like an unknown one. Limits are
    those of `day`, photo included.
    """
    problems: list[FieldProblem] = []
    if photo_id is not None:
        problems += _of_file("/photo_id", files.get(photo_id), "photo")
    seen: set[UUID] = set()
    for number, attachment in enumerate(attachments):
        where = f"/documents/{number}"
        problems += _of_file(f"{where}/document_id", files.get(attachment.document_id), "pdf")
        if attachment.document_id in seen or attachment.document_id == photo_id:
            message = Text(
                "同じファイルが2回指定されています。書類コードを1件にまとめてください。",
                "The same file is listed twice: put its document codes together.",
            )
            problems.append(FieldProblem(f"{where}/document_id", "listed-twice", message))
        seen.add(attachment.document_id)
        if not attachment.codes:
            message = Text("何の書類か選択してください", "Say which documents this file holds")
            problems.append(FieldProblem(f"{where}/codes", "required", message))
        for place, code in enumerate(attachment.codes):
            if DOCUMENT_TYPES.find(day, code) is None:
                message = Text(
                    "「{code}」という書類コードはありません", "There is no document code {code}"
                ).with_values(code=code)
                problems.append(FieldProblem(f"{where}/codes/{place}", "not-in-list", message))
    return problems + _limits(photo_id, seen, files, day)


def _limits(photo_id: UUID | None, attached: set[UUID], files: Mapping[UUID, File], day: date) -> list[FieldProblem]:
    limits = file_limits(day)
    ids = attached | ({photo_id} if photo_id else set())
    problems = []
    if len(ids) > limits.files:
        message = Text(
            "ファイルは顔写真を含めて{files}個までです（現在{count}個）。PDFをまとめることができます。",
            "At most {files} files, photo included (now {count}). One PDF may hold several documents.",
        ).with_values(files=limits.files, count=len(ids))
        problems.append(FieldProblem("/documents", "too-many-files", message))
    total = sum(files[i].size for i in ids if i in files)
    if total > limits.total_bytes:
        most, now = limits.total_bytes // MEGABYTE, total / MEGABYTE
        message = Text(
            "ファイルの合計は顔写真を含めて{most}MBまでです（現在{now}MB）。",
            "At most {most} MB in all, photo included (now {now} MB).",
        ).with_values(most=most, now=round(now, 1))
        problems.append(FieldProblem("/documents", "too-many-bytes", message))
    return problems


def _of_file(pointer: str, file: File | None, kind: str) -> list[FieldProblem]:
    if file is None:
        message = Text(
            "まだ確認が終わっていないか、存在しないファイルです。少し待ってからもう一度お試しください。",
            "This file is not yet checked, or does not exist: try again in a moment.",
        )
        return [FieldProblem(pointer, "document-unknown", message)]
    if file.state == "rejected":
        why = ", ".join(file.problems)
        message = Text(
            "このファイルは使用できません（{why}）。別のファイルをアップロードしてください。",
            "This file cannot be used ({why}): upload another one.",
        ).with_values(why=why)
        return [FieldProblem(pointer, "document-rejected", message)]
    if file.state == "deleted":
        message = Text("このファイルは削除されています", "This file was deleted: upload it again")
        return [FieldProblem(pointer, "document-deleted", message)]
    if file.kind != kind:
        wanted = Text("顔写真を指定してください", "Give a face photo here")
        if kind == "pdf":
            wanted = Text("PDFを指定してください", "Give a PDF here")
        return [FieldProblem(pointer, f"not-a-{kind}", wanted)]
    return []
