"""The note of a heading: help, whether the column is required, how much can be written, a value that is taken."""

from services.application.forms.field import Kind
from services.application.sheets.columns import Column
from shared.errors import Text
from shared.languages import OfficialLang

_REQUIRED = Text("必須", "Required")
_SOMETIMES = Text("他の項目の入力により必須", "Required with some answers")
_TEXTS = frozenset({Kind.TEXT, Kind.LINES, Kind.WIDE, Kind.HALF})


def note_of(column: Column, language: OfficialLang) -> str:
    """The note, a line for each of these; empty where there is nothing to say."""
    field = column.field
    said = [column.help] if column.help else []
    if field is not None:
        if field.required:
            said.append(_REQUIRED if column.always_required else _SOMETIMES)
        if field.most and field.kind in _TEXTS:
            said.append(Text("{most}文字以内", "At most {most} characters").with_values(most=field.most))
        if field.most and field.kind is Kind.NUMBER:
            said.append(Text("0から{most}まで", "0 to {most}").with_values(most=field.most))
        if field.sample:
            said.append(Text("例：{sample}", "Example: {sample}").with_values(sample=field.sample))
    return "\n".join(getattr(text, language) for text in said)
