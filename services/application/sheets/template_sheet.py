"""Recognises a sheet as a template: which form it is for, and what its columns are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from services.application.forms.catalogue import current_form
from services.application.forms.field import Field, Item
from services.application.sheets import columns as at
from services.application.sheets.columns import Column, Plan, columns_of, form_for
from services.application.sheets.grid import Grid, cell_name, problem
from services.application.sheets.marker import is_marked, plan_at
from services.application.sheets.spelling import unquoted
from shared.errors import FieldProblem, Text
from shared.reference.procedures import combination_allowed

# Rows in which the row of codes is looked for.
_HEAD = 30


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """A sheet whose form and columns are known. `codes` is the number of its row of codes, from 0."""

    grid: Grid
    plan: Plan
    procedure: str
    codes: int
    columns: tuple[Column | None, ...]
    notices: tuple[FieldProblem, ...] = ()


def recognised(grid: Grid, today: date) -> TemplateSheet | FieldProblem | None:
    """The sheet as a template, or why it cannot be read as one; None where it is none."""
    head = list(islice(grid.rows(), _HEAD))
    marked = next((cell for row in head for cell in row[:1] if is_marked(cell)), None)
    if marked is None:
        return None
    plan = plan_at(marked)
    form = None
    if plan is not None:
        try:
            form = form_for(plan)
        except LookupError:
            form = None
    if plan is None or form is None or plan.status not in form.statuses:
        return problem(
            "template-unknown",
            Text(
                "シート「{grid}」の様式を判別できません。様式をもう一度ダウンロードし、内容を貼り付けてください。",
                "The form of the sheet “{grid}” is not known. Download the template again.",
            ).with_values(grid=grid.name),
            grid.name,
        )
    place = next((number for number, row in enumerate(head) if at.KEY in row), None)
    if place is None:
        return problem(
            "no-codes",
            Text(
                "シート「{grid}」に項目コードの行（「{key}」で始まる行）がありません。様式をも"
                "う一度ダウンロードしてください。",
                "The sheet “{grid}” lacks the row of codes, which begins with {key}. Download the template again.",
            ).with_values(grid=grid.name, key=at.KEY),
            grid.name,
        )
    combined = tuple(added for added in plan.combined_with if not combination_allowed(form.procedure, added, today))
    if combined:
        return problem(
            "combination-not-allowed",
            Text(
                "シート「{grid}」の同時申請（{procedures}）は受け付けていません。様式をもう一度ダウンロードしてください。",
                "The sheet “{grid}” files {procedures} together, which is not offered. Download it again.",
            ).with_values(grid=grid.name, procedures=combined),
            grid.name,
        )
    current = current_form(form.procedure, plan.status, today, plan.activity)
    newest = plan if current is None else Plan(current.version, plan.status, plan.activity, plan.combined_with)
    if current is None or (newest != plan and not _same_questions(plan, newest)):
        return problem(
            "template-old",
            Text(
                "シート「{grid}」は古い様式（{version}）です。新しい様式をダウンロードし、内容を貼り付けてください。",
                "The sheet “{grid}” is an old template ({version}). Download the new one.",
            ).with_values(grid=grid.name, version=plan.version),
            grid.name,
        )
    return _with_columns(grid, newest, form.procedure, place, head[place])


def _same_questions(old: Plan, new: Plan) -> bool:
    """Whether two forms ask the same in the same way, so that the answers to one are those to the other."""
    return _asked(old) == _asked(new)


def _asked(plan: Plan) -> dict[str, object]:
    def looks(item: Item) -> object:
        if isinstance(item, Field):
            return item.kind, item.most, tuple(item.options)
        return item.most, tuple((field.code, looks(field)) for field in item.fields)

    return {item.code: looks(item) for item in form_for(plan).items_for(plan.status)}


def _with_columns(
    grid: Grid, plan: Plan, procedure: str, place: int, codes: Sequence[str]
) -> TemplateSheet | FieldProblem:
    known = {column.code: column for column in columns_of(plan)}
    names = [unquoted(code).strip() for code in codes]
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if twice:
        return problem(
            "column-twice",
            Text(
                "シート「{grid}」に同じ項目の列が2つあります：{columns}。一方を削除してください。",
                "The sheet “{grid}” has two columns of {columns}. Delete one of them.",
            ).with_values(grid=grid.name, columns=twice[:5]),
            grid.name,
        )
    unknown = [f"{cell_name(place, number)} {name}" for number, name in enumerate(names) if name and name not in known]
    notices: tuple[FieldProblem, ...] = ()
    if unknown:
        notices = (
            problem(
                "unknown-column",
                Text(
                    "シート「{grid}」の次の列は様式にないため読み込みません：{columns}",
                    "The form has no such columns, and they are not read: {columns} (sheet “{grid}”)",
                ).with_values(grid=grid.name, columns=unknown[:5]),
                grid.name,
            ),
        )
    return TemplateSheet(grid, plan, procedure, place, tuple(known.get(name) for name in names), notices)
