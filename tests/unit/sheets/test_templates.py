"""Templates of every form, and the same rows read from them again."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from services.application.forms.catalogue import FORMS, current_form, form_of, offered_forms
from services.application.forms.form import FormVersion, read_form
from services.application.sheets.columns import Plan
from services.application.sheets.templates import (
    FilledRow,
    SheetPlan,
    plan_for,
    sheet_names,
    template_csv,
    template_xlsx,
)
from services.application.sheets.typed_cells import misread
from tests.unit.sheets.books import EXAMPLE, EXTEND_N, TODAY, codes_of, read


def plan_of(form: FormVersion) -> Plan:
    return Plan(form.version, form.statuses[0], next(iter(form.activities), None))


@pytest.mark.parametrize("form", offered_forms(TODAY), ids=lambda form: form.version)
def test_the_example_of_every_form_comes_back_as_it_was_from_a_csv(form: FormVersion) -> None:
    """In each language, with every column of the form; the example row itself is not read."""
    plan = plan_of(form)
    current = current_form(form.procedure, plan.status, TODAY, plan.activity)
    if current is not form:  # a later version of it is offered, or the activity decides
        return
    normal, problems = read_form(form, form.example, plan.status)
    assert len(set(codes_of(plan))) == len(codes_of(plan))
    for language in ("ja", "en"):
        rows = [FilledRow("A-1", normal, True, "a@example.jp", "en"), FilledRow("A-2", normal)]
        book, (first, second) = read(template_csv(SheetPlan(plan, rows), language), "rows.csv")
        assert (book.problems, book.notices, first.problems) == ((), (), ())
        assert (first.key, first.number, first.same_as_last, first.notify_email, first.notify_language) == (
            "A-1", 6, True, "a@example.jp", "en",
        )  # fmt: skip
        assert (second.key, second.same_as_last, second.notify_email) == ("A-2", False, None)
        assert (first.version, first.procedure, first.status_of_residence) == (
            form.version,
            form.procedure,
            plan.status,
        )
        assert read_form(form, first.form, plan.status) == (normal, problems)


def test_one_workbook_has_several_procedures_and_keeps_every_value() -> None:
    ssw = plan_for("CHANGE", "SSW1", TODAY)
    assert ssw is not None
    together = Plan(EXTEND_N.version, EXTEND_N.status, None, ("REENTRY",))
    long = {**EXAMPLE, "extension_reason": "理" * 200, "tel": "0312345678", "home_address": "=1+1　ベトナム"}
    sheets = [
        SheetPlan(EXTEND_N, [FilledRow("007", long)]),
        SheetPlan(ssw, [FilledRow("008", form_of(ssw.version).example)]),
        SheetPlan(together, [FilledRow("009", EXAMPLE)]),
    ]
    content = template_xlsx(sheets, "ja")
    assert content == template_xlsx(sheets, "ja"), "the same rows give the same bytes"
    book, rows = read(content)
    assert book.sheets == tuple(sheet_names([sheet.plan for sheet in sheets], "ja"))
    assert (book.problems, book.notices) == ((), ())
    assert [(row.key, row.procedure, row.combined_with) for row in rows] == [
        ("007", "EXTEND", ()), ("008", "CHANGE", ()), ("009", "EXTEND", ("REENTRY",)),
    ]  # fmt: skip
    assert rows[0].form["extension_reason"] == "理" * 200
    assert rows[0].form["home_address"] == "=1+1　ベトナム"
    assert rows[0].form["jp_postal"] == "1000013"
    assert rows[0].cells["/form/family/0/name"].rstrip("6").isalpha()


def test_lists_of_options_stand_on_a_sheet_that_nobody_sees() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template_xlsx([SheetPlan(EXTEND_N)], "en")))
    assert [(sheet.name, str(sheet.visible)) for sheet in book.sheets_metadata][1:] == [
        ("_lists", "SheetVisibleEnum.VeryHidden")
    ]
    options = {cell for row in book.get_sheet_by_name("_lists").iter_rows() for cell in row}
    assert {"Viet Nam", "Male", "yes", "Mailing", "5 years"} <= options
    assert max(len(sheet.name) for sheet in book.sheets_metadata) <= 31


def test_every_form_that_is_kept_has_a_template() -> None:
    for form in FORMS:
        assert template_csv(SheetPlan(plan_of(form)), "ja").startswith("\ufeffzairyu-template 1 form=".encode())


def test_a_plan_is_that_of_the_form_which_is_offered_on_the_day() -> None:
    assert plan_for("EXTEND", "ENG_HUM_INT", date(2026, 1, 31)) == Plan("extend-n-2026-01-05", "ENG_HUM_INT")
    assert plan_for("EXTEND", "ENG_HUM_INT", TODAY) == EXTEND_N
    assert plan_for("EXTEND", "DIPLOMAT", TODAY) is None
    assert plan_for("EXTEND", "HSP1_B", TODAY) is None, "its form depends on the activity"


def test_a_cell_is_refused_for_what_no_database_keeps() -> None:
    assert misread("東京") is None
    assert misread("a\x00b") == misread("\ud800")
    assert (misread("x" * 32_768) or ("",))[0] == "cell-too-long"
