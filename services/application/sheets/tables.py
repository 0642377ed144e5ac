"""Values in the tables of a form that is being read."""

from typing import Any

from services.application.forms.form import put_value


def put_in_row(form: dict[str, Any], table: str, row: int, code: str, value: str) -> None:
    """Put a value at a code of row number `row` (from 0) of a table, with empty rows before it where there are none."""
    *groups, last = table.split(".")
    for group in groups:
        form = form.setdefault(group, {})
    rows = form.setdefault(last, [])
    while len(rows) <= row:
        rows.append({})
    put_value(rows[row], code, value)
