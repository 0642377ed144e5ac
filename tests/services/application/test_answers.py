"""Answers of a draft: a merge patch names them, the form asks some of them, and none is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.filing.domain.answers import divide, flat, nested, patched, read_patch
from services.application.filing.domain.changes import collisions
from services.application.filing.domain.newer_form import is_outdated, newer_form
from services.application.filing.domain.selection import Selection
from services.application.filing.domain.topics import topic_of
from services.application.forms.catalogue import FORMS
from services.application.forms.extend.n import EXTEND_N, EXTEND_N_JANUARY
from services.application.forms.field import Filing, Form
from services.application.forms.form import missing_fields
from services.application.forms.sections import section_form
from services.application.progress.domain import Change, Changes
from shared.errors import FieldProblem, Text
from shared.ids import new_id

STATUS = "ENG_HUM_INT"
FAMILY = [{"relationship": "REL03", "name": "ＮＧＵＹＥＮ"}]


def read(patch: dict[str, Any]) -> dict[str, Any]:
    entered, problems = read_patch(EXTEND_N, STATUS, patch)
    assert problems == []
    return entered


def test_a_patch_names_what_it_has_and_null_takes_out() -> None:
    assert read({"sex": "f", "org": {"branch": None, "tel": "03-1234-5678"}, "free": "  "}) == {
        "sex": "F",
        "org.branch": None,
        "org.tel": "0312345678",
        "free": None,
    }


def test_null_for_a_group_takes_all_of_it_out() -> None:
    entered = read({"criminal": None})
    assert entered == {"criminal.has": None, "criminal.detail": None}
    assert patched({"criminal.has": False, "sex": "F"}, entered) == {"sex": "F"}


def test_an_empty_group_names_nothing() -> None:
    assert read({"org": {}}) == {}


def test_what_cannot_be_read_and_what_is_not_in_the_form_is_a_problem_with_its_place() -> None:
    _, problems = read_patch(EXTEND_N, STATUS, {"stay_expiry": "tomorrow", "org": {"colour": "red"}, "family": "none"})
    assert [problem.pointer for problem in problems] == ["/form/stay_expiry", "/form/family", "/form/org/colour"]


def test_an_answer_that_another_one_denies_is_set_aside_and_comes_back() -> None:
    known = {"has_family": True, "family": FAMILY}
    with_family = divide(EXTEND_N, STATUS, known, {})
    assert (with_family.asked, with_family.aside) == (known, {})
    without = divide(EXTEND_N, STATUS, {**known, "has_family": False}, {})
    assert (without.asked, without.aside) == ({"has_family": False}, {"family": FAMILY})
    again = divide(EXTEND_N, STATUS, {"has_family": True}, without.aside)
    assert (again.asked, again.aside) == (known, {})


def test_an_answer_that_is_not_given_yet_hides_nothing() -> None:
    assert divide(EXTEND_N, STATUS, {"family": FAMILY}, {}).aside == {}


def test_what_hangs_on_a_hidden_answer_is_hidden_with_it() -> None:
    known = {"edu.level": "HIGH_SCHOOL", "major.university": "MAJ_U13", "major.other": "x"}
    assert divide(EXTEND_N, STATUS, known, {}).asked == {"edu.level": "HIGH_SCHOOL"}


def test_an_answer_beside_the_one_it_may_replace_stays() -> None:
    known = {"tel": "0312345678", "mobile": "09012345678"}
    assert divide(EXTEND_N, STATUS, known, {}).asked == known


def test_another_form_keeps_what_both_ask_and_sets_the_rest_aside() -> None:
    # The names of a family are full width in one of the forms.
    answers = {code: answer for code, answer in flat(EXTEND_N.example).items() if code != "family"}
    there = divide(section_form("EXTEND", "R"), "DEPENDENT", {}, answers)
    assert there.asked["name_roman"] == answers["name_roman"]
    assert there.aside["job.detail"] == answers["job.detail"]
    back = divide(EXTEND_N, STATUS, {}, there.all)
    assert (back.asked, back.aside) == (answers, {})


def test_what_the_other_form_cannot_read_stays_aside() -> None:
    assert divide(EXTEND_N, STATUS, {}, {"sex": "OTHER", "family": [{"relationship": "NONE"}]}).aside == {
        "sex": "OTHER",
        "family": [{"relationship": "NONE"}],
    }


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
def test_the_example_of_every_form_lacks_nothing_that_is_asked(form: Any) -> None:
    status, example = form.statuses[0], flat(form.example)
    divided = divide(form, status, example, {})
    assert divided.all == example
    asked, filing = Form(nested(divided.asked)), Filing(by_agent=True, category_known=False)
    needed = {item.code for item in missing_fields(form, Form(form.example), filing, status)}
    assert {item.code for item in missing_fields(form, asked, filing, status)} == needed


CODES = sorted(item.code for item in EXTEND_N.items)


@given(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([True, False, "M", "OTHER", "LIMITED"])),
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([True, "F", "1", "x"])),
)
def test_dividing_loses_nothing_and_twice_is_once(known: dict[str, Any], others: dict[str, Any]) -> None:
    divided = divide(EXTEND_N, STATUS, known, others)
    assert divided.all.keys() == {**others, **known}.keys()
    assert not divided.asked.keys() & divided.aside.keys()
    again = divide(EXTEND_N, STATUS, divided.asked, divided.aside)
    assert (again.asked, again.aside) == (divided.asked, divided.aside)


NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_a_value_that_changed_since_collides_unless_it_is_the_same() -> None:
    colleague = Change(6, new_id(), NOW)
    changes = Changes({}).with_changed(["/form/sex", "/form/free"], colleague)
    present = {"/form/sex": "F", "/form/free": "x", "/form/tel": "0312345678"}
    wanted = {"/form/sex": "M", "/form/free": "x", "/form/tel": "0399999999"}
    (collision,) = collisions(changes, 5, wanted, present)
    assert (collision.pointer, collision.yours, collision.theirs) == ("/form/sex", "M", "F")
    assert collision.change == colleague
    assert collisions(changes, 6, wanted, present) == ()
    assert Changes.parse(changes.text()) == changes


@pytest.mark.parametrize(
    ("pointer", "code", "topic"),
    [
        ("/photo_id", "required", "photo"),
        ("/documents/0/codes", "required", "documents"),
        ("/notify/email", "required", "notify"),
        ("", "account-unknown", "rules"),
        ("/combined_with/0", "combination-not-allowed", "rules"),
        ("/form/stay_expiry", "stay-expired", "rules"),
    ],
)
def test_what_is_not_solved_in_the_form_has_a_page_besides(pointer: str, code: str, topic: str) -> None:
    assert topic_of(FieldProblem(pointer, code, Text("", "")), EXTEND_N) == topic


def test_every_field_of_a_form_is_on_one_of_its_pages() -> None:
    for item in EXTEND_N.items:
        problem = FieldProblem(f"{item.pointer}/0/name", "required", Text("", ""))
        assert topic_of(problem, EXTEND_N) not in ("rules", "documents", "photo", "notify")


def test_a_form_that_is_accepted_no_longer_has_to_be_taken_over() -> None:
    january, selection = EXTEND_N_JANUARY, Selection("EXTEND", STATUS)
    until = replace(january, accepted_until=date(2026, 3, 31))
    for day, must in ((date(2026, 3, 31), False), (date(2026, 4, 1), True)):
        newer = newer_form(until, selection, day)
        assert newer is not None
        assert (newer.version.version, newer.must, is_outdated(until, day)) == (EXTEND_N.version, must, must)
        assert not {item.code for item in newer.added} & {item.code for item in january.items}
    assert newer_form(january, selection, date(2026, 2, 26)) is None
    assert newer_form(EXTEND_N, selection, date(2026, 4, 1)) is None
