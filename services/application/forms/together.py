"""Parts of a form that another procedure adds where both are filed in one application (同時申請).

A form is the sum of its parts: to add one, or to leave it out again, changes nothing in the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from services.application.forms.field import Condition, Item
from services.application.forms.form import Check, Filled, FormVersion
from services.application.forms.loading import load_blocks, load_example
from shared.errors import FieldProblem, Text

_TOOL = date(2026, 4, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The fields, checks, conditional documents and example that `procedure` adds to a main form."""

    procedure: str
    items: tuple[Item, ...]
    checks: tuple[Check, ...] = ()
    documents: Mapping[str, Condition] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)


def with_parts(form: FormVersion, added: Sequence[str]) -> FormVersion:
    """`form` with the parts of the procedures `added` after its own; a procedure without a part adds nothing."""
    return _assembled(form, tuple(part.procedure for part in PARTS if part.procedure in added))


@cache
def _assembled(form: FormVersion, added: tuple[str, ...]) -> FormVersion:
    for part in PARTS:
        if part.procedure in added:
            items = form.items + part.items
            asked = {item.code.split(".")[0] for item in items}
            form = replace(
                form,
                items=items,
                checks=form.checks + part.checks,
                documents={**form.documents, **part.documents},
                example={**form.example, **{code: value for code, value in part.example.items() if code in asked}},
            )
    return form


def card_at_counter(filled: Filled) -> Iterator[FieldProblem]:
    """A re-entry permit is put into the passport, so that the card is received at the counter as well."""
    if filled.form["card_receipt"] not in (None, "COUNTER"):
        yield filled.problem(
            "card_receipt",
            "counter-needed",
            Text(
                "再入国許可を同時に申請するときは、在留カードの受領方法で「窓口」を選択してください",
                "With a re-entry permit the residence card is received at the counter: choose the counter",
            ),
        )


def returns_after_departure(filled: Filled) -> Iterator[FieldProblem]:
    """A person returns after leaving, and leaves after today."""
    leaves, returns = filled.form["reentry.depart_date"], filled.form["reentry.return_date"]
    if leaves and leaves < filled.day.isoformat():
        yield filled.problem(
            "reentry.depart_date",
            "in-the-past",
            Text("出国予定年月日が過ぎています", "The date of departure has passed"),
        )
    if leaves and returns and returns < leaves:
        yield filled.problem(
            "reentry.return_date",
            "before-departure",
            Text("再入国予定年月日が出国予定年月日より前です", "The date of re-entry lies before the departure"),
        )


def extra_work_has_length(filled: Filled) -> Iterator[FieldProblem]:
    """A contract lasts at least a month."""
    form = filled.form
    if form["extra.new.term_years"] == 0 and form["extra.new.term_months"] == 0:
        yield filled.problem(
            "extra.new.term_months",
            "no-length",
            Text("雇用契約期間が0です", "The period of the contract has no length"),
        )


def certified_work_has_length(filled: Filled) -> Iterator[FieldProblem]:
    """Work that is to be certified ends after it begins."""
    begins, ends = filled.form["workcert.from"], filled.form["workcert.to"]
    if begins and ends and ends < begins:
        yield filled.problem(
            "workcert.to",
            "ends-before-it-begins",
            Text("就労する期間の終わりが始まりより前です", "The work ends before it begins"),
        )


PARTS = (
    Part(
        procedure="REENTRY",
        items=load_blocks("REENTRY", _TOOL, "reentry"),
        checks=(card_at_counter, returns_after_departure),
        documents={"no_passport": Condition("reentry.no_passport_reason", empty=False)},
        example=load_example("with-reentry"),
    ),
    Part(
        procedure="EXTRA_ACT",
        items=load_blocks("EXTRA_ACT", _TOOL, "extra_act"),
        checks=(extra_work_has_length,),
        documents={"individual_permission": Condition("extra.workplace.decided", one_of=("DECIDED",))},
        example=load_example("with-extra-act"),
    ),
    Part(
        procedure="WORKCERT",
        items=load_blocks("WORKCERT", _TOOL, "workcert"),
        checks=(certified_work_has_length,),
        example=load_example("with-workcert"),
    ),
)
