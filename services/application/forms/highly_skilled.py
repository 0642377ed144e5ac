"""The forms of highly skilled professionals (高度専門職): the form of the main activity, and the point table.

There is one for each main activity (主たる活動内容), made of the form of the status that the activity would have
otherwise, as it is asked for that status.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.application.forms.checks import activity_agrees
from services.application.forms.field import Condition, Field, Form, Item
from services.application.forms.form import Filled, FormVersion, put_value
from services.application.forms.loading import load_blocks, load_example
from shared.errors import FieldProblem, Text
from shared.reference.activities import ACTIVITIES, Activity
from shared.reference.codes import Procedure
from shared.reference.points import KIND_OF_STATUS, POINTS, RESEARCH, Score, points_needed, score

_STATUSES = (*KIND_OF_STATUS, "HSP2")
_RESEARCH = ("hsp.research.patent", "hsp.research.grants", "hsp.research.papers", "hsp.research.other")
# What is claimed is proven; by the codes of the conditions in the lists of documents.
_PROOFS = {
    "points_degree": Condition("hsp.edu", none_of=("00",)),
    "points_career": Condition("hsp.career", none_of=("00",)),
    "points_salary": Condition("hsp.salary", none_of=("00",)),
    "points_japanese": Condition("hsp.add4.japan", none_of=("00",)),
    "points_university": Condition("hsp.add6.university", one_of=("01",)),
}
# Of every 100 yen of sales more than so many are R&D costs.
_RD_SHARE = 3


def highly_skilled_forms(bases: Sequence[FormVersion]) -> tuple[FormVersion, ...]:
    """The forms for every main activity, made of the newest form of its section among `bases`."""
    found = []
    for base in bases:
        later = any(_replaces(other, base) for other in bases)
        if base.section and not later:
            table = load_blocks(base.procedure, base.valid_from or date.min, "points")
            found += [_form(base, activity, table) for activity in _activities(base)]
    return tuple(found)


def _replaces(other: FormVersion, base: FormVersion) -> bool:
    same = (other.procedure, other.section) == (base.procedure, base.section)
    return same and (other.valid_from or date.min) > (base.valid_from or date.min)


def _activities(base: FormVersion) -> Iterator[Activity]:
    """The main activities of the section, each once: they are the same for every kind."""
    rows = {row.code: row for row in ACTIVITIES.rows if row.status in _STATUSES and base.procedure in row.procedures}
    return (row for row in rows.values() if row.section == base.section and row.resembles in base.statuses)


def _form(base: FormVersion, activity: Activity, table: Sequence[Item]) -> FormVersion:
    items = (*base.items_for(activity.resembles), *table)
    statuses = tuple(
        status
        for status in _STATUSES
        if any(row.status == status and base.procedure in row.procedures for row in ACTIVITIES.rows)
    )
    form = replace(
        base,
        version=f"{base.version}-hsp-{activity.code.lower()}",
        statuses=statuses,
        activities=(activity.code,),
        items=items,
        # The activity of section U is that of the status it would be otherwise.
        checks=(
            *(check for check in base.checks if check is not activity_agrees),
            rd_costs_reach,
            points_reach,
            listed_university_named,
        ),
        advice=(*base.advice, points_so_far),
        documents={**base.documents, **_PROOFS},
    )
    given = Form({**base.example, **load_example("points")})
    special = {"requested_period": "Y5", **load_example("points-activities").get(activity.code, {})}
    if base.procedure == Procedure.EXTEND:
        special["current_status"] = statuses[0]
    return replace(form, example=_asked(form.items_for(statuses[0]), given, special))


def _asked(items: Sequence[Item], given: Form, special: Mapping[str, Any]) -> dict[str, Any]:
    """The values that these items ask for: the `special` ones by code, else those of `given`."""
    values: dict[str, Any] = {}
    for item in items:
        value = special.get(item.code, given[item.code])
        if value is not None:
            put_value(values, item.code, value)
    return values


def kind_of(filled: Filled) -> str | None:
    """The table by which the points count: that of the status, of the second stage the one that is named."""
    kind: str | None = KIND_OF_STATUS.get(filled.status) or filled.form["hsp.type"]
    return kind


def points_of(filled: Filled) -> Score | None:
    """The points of the answers so far; None where no points are counted (J-Skip) or it is not known how."""
    kind = kind_of(filled)
    if kind is None or filled.form["hsp.special"] is not False:
        return None
    items = {row.item for row in POINTS.on(filled.day) if row.kind == kind and row.item != RESEARCH}
    answers = {item: filled.form[f"hsp.{item}"] for item in items}
    research = sum(filled.form[code] is True for code in _RESEARCH)
    return score(kind, {item: option for item, option in answers.items() if option}, research, filled.day)


def points_reach(filled: Filled) -> Iterator[FieldProblem]:
    """The points that are needed are there, once the answers that count most are given."""
    counted, needed = points_of(filled), points_needed(filled.day)
    begun = filled.form["hsp.edu"] is not None and filled.form["hsp.salary"] is not None
    if counted is not None and begun and counted.total < needed:
        yield filled.problem(
            "hsp.special",
            "points-short",
            Text(
                "ポイントの合計は{total}点で、必要な{needed}点に足りません。{reasons}",
                "The points are {total}, and {needed} are needed. {reasons}",
            ).with_values(total=counted.total, needed=needed, reasons=_reasons(filled, counted)),
        )


def points_so_far(filled: Filled) -> Iterator[FieldProblem]:
    """The points with what they are made of, for the applicant to compare."""
    counted = points_of(filled)
    if counted is not None and counted.total:
        yield filled.problem(
            "hsp.special",
            "points",
            Text("ポイントの合計は{total}点です。{reasons}", "The points are {total}. {reasons}").with_values(
                total=counted.total, reasons=_reasons(filled, counted)
            ),
        )


def rd_costs_reach(filled: Filled) -> Iterator[FieldProblem]:
    """R&D costs are more than 3 % of the sales, where points are claimed for that."""
    cost, sales = filled.form["hsp.add2.rd_cost"], filled.form["hsp.add2.sales"]
    if cost is not None and sales is not None and cost * 100 <= sales * _RD_SHARE:
        yield filled.problem(
            "hsp.add2.rd_cost",
            "share-too-small",
            Text(
                "試験研究費等が売上高の{rd_share}%を超えていません。「該当しない」を選択するか、金額を確認してください",
                "The R&D costs are not above {rd_share} % of the sales: choose not applicable, or check the amounts",
            ).with_values(rd_share=_RD_SHARE),
        )


def listed_university_named(filled: Filled) -> Iterator[FieldProblem]:
    """Points for a listed university say why it is listed."""
    form = filled.form
    kinds = ("hsp.add6.ranked", "hsp.add6.sgu", "hsp.add6.partner")
    if form["hsp.add6.university"] == "01" and not any(form[kind] is True for kind in kinds):
        yield filled.problem(
            "hsp.add6.ranked",
            "required",
            Text(
                "告示で定める大学について、該当するものを一つ以上選択してください",
                "Choose at least one reason for which the university is listed",
            ),
        )


_RESEARCH_RESULTS = Text("研究実績", "Research")


def _reasons(filled: Filled, counted: Score) -> Text:
    labels = {item.code: item.label for item in filled.version.items if isinstance(item, Field)}
    named = [(labels.get(f"hsp.{item}"), points) for item, points in counted.parts]
    one = Text("{item} {points}点", "{item}: {points}")
    parts = [one.with_values(item=label or _RESEARCH_RESULTS, points=points) for label, points in named]
    return Text("（{parts}）", "({parts})").with_values(parts=parts) if named else Text("", "")
