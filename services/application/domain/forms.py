"""Reading a form: which one is meant, what its values are in normal form, and what cannot be read."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.application.domain.field import Field, Form, FormVersion, Rows
from services.application.domain.form_extend_n import EXTEND_N
from shared.errors import FieldProblem, Text
from shared.text import BadValue, is_blank

Needs = Callable[[Field | Rows, Form], bool]
# Newest last. A version stays here for as long as an application that was begun with it may be open.
FORMS: tuple[FormVersion, ...] = (EXTEND_N,)


def current_form(procedure: str, status: str) -> FormVersion | None:
    """The form in which `procedure` is filed for `status` today; None where this system has none yet."""
    fitting = [f for f in FORMS if f.procedure == procedure and status in f.statuses]
    return fitting[-1] if fitting else None


def form_of(version: str) -> FormVersion:
    """The form with this version. Raises LookupError: an application never outlives its form."""
    for form in FORMS:
        if form.version == version:
            return form
    raise LookupError(f"no form {version}: applications of that version are still stored, so keep it in FORMS")


def read_form(version: FormVersion, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The values of `raw` in normal form, nested as in `raw`, and the problems of those that cannot be read.

    An empty text (also one of invisible characters) or null counts as not entered. Problems come in the order of the
    form; unknown fields come last.
    """
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for item in version.items:
        given = _take(raw, item.code)
        if given is None:
            continue
        read = _read_rows(item, given, problems) if isinstance(item, Rows) else _read_field(item, given, problems)
        if read is not None:
            _put(values, item.code, read)
    problems.extend(_unknown(raw, {item.code for item in version.items}))
    return values, problems


def hints_of(version: FormVersion, raw: Mapping[str, Any]) -> list[FieldProblem]:
    """Hints: what people should compare about values of `raw`, which `read_form` takes; nothing is wrong with them."""
    hints = []
    for item in version.items:
        if isinstance(item, Field) and item.hint is not None and (given := _take(raw, item.code)) is not None:
            message = item.hint(given)
            if message is not None:
                hints.append(FieldProblem(item.pointer, "compare", message))
    return hints


def missing_fields(version: FormVersion, form: Form, needed: Needs) -> Iterator[Field | Rows]:
    """Every field that this application needs and that is empty, in the order of the form."""
    for item in version.items:
        if isinstance(item, Field):
            if form[item.code] is None and needed(item, form):
                yield item
            continue
        rows = form[item.code] or []
        if not rows and needed(item, form):
            yield item
        for number, row in enumerate(rows):
            inner = Form(row)
            for field in item.fields:
                if inner[field.code] is None and needed(field, inner):
                    yield item.field_at(number, field)


def _read_field(field: Field, given: Any, problems: list[FieldProblem]) -> Any:
    try:
        return field.read(given)
    except BadValue as error:
        named = Text(f"「{field.label.ja}」{error.message.ja}", f"{field.label.en}: {error.message.en}")
        problems.append(FieldProblem(field.pointer, error.code, named))
        return None


def _read_rows(rows: Rows, given: Any, problems: list[FieldProblem]) -> list[dict[str, Any]] | None:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        problems.append(
            FieldProblem(rows.pointer, "not-a-table", Text("行の一覧で送信してください", "Send a list of rows"))
        )
        return None
    if len(given) > rows.most:
        message = Text(f"{rows.most}行までです", f"At most {rows.most} rows")
        problems.append(FieldProblem(rows.pointer, "too-many-rows", message))
        return None
    result = []
    for number, row in enumerate(given):
        entered = {}
        for field in rows.fields:
            if (value := _take(row, field.code)) is not None:
                read = _read_field(rows.field_at(number, field), value, problems)
                if read is not None:
                    entered[field.code] = read
        problems.extend(_unknown(row, {f.code for f in rows.fields}, f"{rows.code}.{number}."))
        result.append(entered)
    return result


def _take(raw: Mapping[str, Any], code: str) -> Any:
    value: Any = raw
    for part in code.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return None if isinstance(value, str) and is_blank(value) else value


def _put(values: dict[str, Any], code: str, value: Any) -> None:
    *groups, last = code.split(".")
    for group in groups:
        values = values.setdefault(group, {})
    values[last] = value


def _unknown(raw: Mapping[str, Any], codes: set[str], prefix: str = "") -> Iterator[FieldProblem]:
    groups = {code.rsplit(".", 1)[0] for code in codes if "." in code}
    for name, value in raw.items():
        if name in groups and isinstance(value, Mapping):
            inner = {code.removeprefix(f"{name}.") for code in codes if code.startswith(f"{name}.")}
            yield from _unknown(value, inner, f"{prefix}{name}.")
        elif name in groups and value is not None:
            yield _problem(prefix + name, "not-a-group", Text("項目のまとまりで送信してください", "Send an object"))
        elif name not in codes and name not in groups:
            yield _problem(prefix + name, "unknown-field", Text("この様式にない項目です", "The form has no such field"))


def _problem(code: str, kind: str, message: Text) -> FieldProblem:
    escaped = code.replace("~", "~0").replace("/", "~1").replace(".", "/")
    return FieldProblem(f"/form/{escaped}", kind, message)
