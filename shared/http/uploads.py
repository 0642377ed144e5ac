"""The file of an upload. Its route reads the form itself (`upload_body`)."""

from starlette.datastructures import FormData, UploadFile

from shared.errors import FieldProblem, Invalid, Text


def file_of(form: FormData) -> UploadFile:
    """The file in the field `file`. Raises `Invalid` where there is none."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid(fields=[no_file()])
    return file


def no_file() -> FieldProblem:
    """The refusal of an upload without its file."""
    message = Text("ファイルを選択してください（項目名 file）", "Choose a file (field `file`)")
    return FieldProblem("/file", "required", message)
