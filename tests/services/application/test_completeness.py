"""The rules of completeness: each missing field is named, alone, always in the same order."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.application.filing.domain.assessment import assess
from services.application.filing.domain.documents import age_on
from services.application.filing.domain.draft import Attachment, Draft, File, Standing
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Field, Form, Rows
from services.application.forms.form import read_form
from services.application.progress.domain import Progress, ProgressStep, after_grant
from shared.reference.case_states import APPLICANTS, applicants_state
from tests.services.application.people import CAT3_DOCUMENTS, complete_form

TODAY = date(2026, 11, 20)
PHOTO, PDF = UUID(int=1), UUID(int=2)


def full_form() -> dict[str, Any]:
    """Every conditional branch open, so that every field that can be needed is needed."""
    form = complete_form(TODAY, criminal={"has": True, "detail": "交通違反"})
    form["org"] |= {"contract": "OTHER", "contract_other": "顧問契約"}
    form["job"] |= {"term": "LIMITED", "term_years": 3, "term_months": 0, "has_title": True, "title": "主任"}
    form["job"] |= {"changed": True, "change_detail": "設計を担当"}
    form["dispatch"] = {
        "used": True,
        "name": "派遣先",
        "industry": "IND14",
        "address": "東京都港区１",
        "tel": "0311112222",
        "capital": 1,
        "sales": 1,
        "months": 12,
    }
    return form


def draft(form: dict[str, Any], **changes: Any) -> Draft:
    values, problems = read_form(EXTEND_N, form)
    assert problems == []
    whole: dict[str, Any] = {
        "version": EXTEND_N,
        "procedure": "EXTEND",
        "combined_with": (),
        "status_of_residence": "ENG_HUM_INT",
        "activity": None,
        "role": "org_staff",
        "form": Form(values),
        "notify_email": "an@example.com",
        "photo_id": PHOTO,
        "attachments": (Attachment(PDF, (*CAT3_DOCUMENTS, "DISPATCH")),),
        "files": {PHOTO: File(PHOTO, "photo", 1, "accepted"), PDF: File(PDF, "pdf", 1, "accepted")},
        "known_category": None,
        "standing": Standing("active"),
        "other_open": False,
    }
    return Draft(**(whole | changes))


def without(form: dict[str, Any], code: str) -> dict[str, Any]:
    copy: Any = json.loads(json.dumps(form))
    *path, last = code.split(".")
    inner = copy
    for step in path:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    del inner[last]
    return dict(copy)


def required_codes() -> list[str]:
    """Every field that the full form must have, in the order of the form."""
    whole = draft(full_form())
    codes = []
    for item in EXTEND_N.items:
        if not item.needed(whole.form, whole.filing):
            continue
        codes.append(item.code)
        if isinstance(item, Rows):
            row = Form(whole.form[item.code][0])
            codes += [f"{item.code}.0.{f.code}" for f in item.fields if f.needed(row, whole.filing)]
    return codes


REQUIRED = required_codes()
# Without an answer to these, others are not asked.
GATES = {"has_family", "has_jobs", "has_card"}


def test_the_full_form_is_complete() -> None:
    assert assess(draft(full_form()), TODAY).problems == ()
    assert len(REQUIRED) > 60


@pytest.mark.parametrize("code", REQUIRED)
def test_a_complete_form_without_one_required_field_names_exactly_that_field(code: str) -> None:
    problems = assess(draft(without(full_form(), code)), TODAY).problems
    assert [(p.pointer, p.code) for p in problems] == [("/form/" + code.replace(".", "/"), "required")]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from([code for code in REQUIRED if "." not in code and code not in GATES]), min_size=1))
def test_several_missing_fields_come_in_the_order_of_the_form(missing: set[str]) -> None:
    form = full_form()
    for code in missing:
        form = without(form, code)
    required = [p.pointer for p in assess(draft(form), TODAY).problems if p.code == "required"]
    assert required == [f"/form/{code}" for code in REQUIRED if code in missing]


@settings(max_examples=40, deadline=None)
@given(st.permutations(list(full_form())))
def test_the_order_of_typing_changes_neither_values_nor_problems(order: list[str]) -> None:
    form = {name: full_form()[name] for name in order}
    form["stay_expiry"] = "2020-01-01"
    form["nationality"] = ""
    problems = assess(draft(form), TODAY).problems
    assert [p.code for p in problems] == ["required", "stay-expired"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([i.code.split(".")[0] for i in EXTEND_N.items] + ["x"]), _JSON))
def test_whatever_is_sent_is_read_or_refused_and_never_breaks(raw: dict[str, Any]) -> None:
    values, problems = read_form(EXTEND_N, raw)
    assert all(p.pointer.startswith("/form/") and p.message.ja and p.message.en for p in problems)
    again, none = read_form(EXTEND_N, values)
    assert (again, none) == (values, [])


def test_every_field_has_its_label_in_both_languages_and_a_place_of_its_own() -> None:
    codes = [item.code for item in EXTEND_N.items]
    assert len(codes) == len(set(codes))
    for item in EXTEND_N.items:
        assert item.label.ja
        assert item.label.en
        for field in item.fields if isinstance(item, Rows) else ():
            assert isinstance(field, Field)
            assert field.label.ja


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"birth_date": "2026-11-21"}, "/form/birth_date", "in-the-future"),
        ({"current_status": "STUDENT"}, "/form/current_status", "status-differs"),
        ({"requested_period": "Y2"}, "/form/requested_period", "period-not-permitted"),
        ({"jp_address": "霞が関１－１"}, "/form/jp_address", "prefecture-unknown"),
    ],
)
def test_entries_that_cannot_be_true_are_named(changes: dict[str, Any], pointer: str, code: str) -> None:
    problems = assess(draft(full_form() | changes), TODAY).problems
    assert [(p.pointer, p.code) for p in problems] == [(pointer, code)]


def test_more_foreign_employees_than_employees_are_named() -> None:
    form = full_form()
    form["org"] |= {"staff": 3, "foreign": 4, "titp": 5}
    problems = assess(draft(form), TODAY).problems
    assert [p.code for p in problems] == ["more-than-staff", "more-than-foreign"]


def test_a_person_who_files_alone_names_no_agent_and_no_photo_is_asked_of_a_small_child() -> None:
    form = full_form() | {"birth_date": "2026-01-15", "has_jobs": False, "jobs": []}
    form["edu"] |= {"graduated": "2026-06-30"}
    del form["intermediary"]
    alone = draft(form, role="legal_rep", photo_id=None)
    assert assess(alone, TODAY).problems == ()
    assert [p.pointer for p in assess(draft(full_form(), photo_id=None), TODAY).problems] == ["/photo_id"]


@pytest.mark.parametrize(
    ("born", "age"), [("2010-11-20", 16), ("2010-11-21", 15), ("2010-11", 16), ("2010", 16), (None, None)]
)
def test_an_unknown_part_of_a_birth_date_counts_for_the_greater_age(born: str | None, age: int | None) -> None:
    assert age_on(born, TODAY) == age


def test_every_place_where_an_application_stands_has_words() -> None:
    assert set(APPLICANTS) == set(Progress)
    assert all(text.ja and text.en for text in [*APPLICANTS.values(), *(step.wording for step in ProgressStep)])


@given(st.sampled_from(["EXTEND", "ACQUIRE"]), st.sampled_from([0, 5500]), *[st.booleans()] * 3)
def test_a_card_is_made_when_fee_and_old_card_are_both_there(
    procedure: str, due: int, fee: bool, received: bool, sent: bool
) -> None:
    progress = after_grant(procedure, due, fee, received, sent)
    assert (progress == Progress.CARD_PRODUCTION) == ((fee or not due) and received)


@pytest.mark.parametrize(
    ("procedure", "fee_yen", "paid", "expected"),
    [
        ("COE", 0, False, Progress.DECIDED_GRANT),
        ("EXTRA_ACT", 0, False, Progress.DECIDED_GRANT),
        ("WORKCERT", 1600, False, Progress.AWAITING_FEE),
        ("WORKCERT", 1600, True, Progress.DECIDED_GRANT),
    ],
)
def test_a_certificate_waits_for_its_fee_alone(procedure: str, fee_yen: int, paid: bool, expected: Progress) -> None:
    assert after_grant(procedure, fee_yen, paid, False, False) == expected


@pytest.mark.parametrize(
    ("progress", "procedure", "ja", "en"),
    [
        ("awaiting_fee", "EXTEND", "手数料・旧カード待ち", "Waiting for the fee and the old card"),
        ("awaiting_fee", "WORKCERT", "手数料待ち", "Waiting for the fee"),
        ("awaiting_fee", "ACQUIRE", "返信用封筒待ち", "Waiting for the return envelope"),
        ("decided_grant", "CHANGE", "許可（交付手続待ち）", "Granted, card not issued yet"),
        ("decided_grant", "COE", "交付決定（証明書交付待ち）", "Granted, certificate not issued yet"),
        ("decided_grant", "EXTRA_ACT", "許可（許可書交付待ち）", "Granted, permit not issued yet"),
        ("certificate_issued", "WORKCERT", "証明書交付済", "Certificate issued"),
        ("decided_refuse", "COE", "不交付", "Refused"),
    ],
)
def test_progress_is_named_by_procedure(progress: str, procedure: str, ja: str, en: str) -> None:
    name = applicants_state(progress, procedure)
    assert (name.ja, name.en) == (ja, en)
