"""Filing: files, declarations, keys of persons, special periods, reminders, selections, and what refuses a draft."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.application.filing.domain import newer_form, permission, receipt, selection
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.declared import Declared, undeclared, word_for_word
from services.application.filing.domain.declared import is_outdated as declared_before
from services.application.filing.domain.draft import Attachment, Draft, File, Standing
from services.application.filing.domain.files import file_problems
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.domain.reminders import Pauses, stay_reminder
from services.application.filing.domain.rights import filing_role
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Form
from shared.errors import FieldProblem
from shared.reference.declarations import declarations
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.files import file_limits
from tests.services.application.people import complete_form

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)
DAY = timedelta(days=1)
PHOTO, PDF, OTHER = (UUID(int=number) for number in (1, 2, 3))
CODE = DOCUMENT_TYPES.rows[0].code


def _draft(**changes: Any) -> Draft:
    whole: dict[str, Any] = {
        "version": EXTEND_N,
        "procedure": "EXTEND",
        "combined_with": (),
        "status_of_residence": "ENG_HUM_INT",
        "activity": None,
        "role": "lawyer_scrivener",
        "form": Form(complete_form(TODAY)),
        "notify_email": "a@example.jp",
        "photo_id": None,
        "attachments": (),
        "files": {},
        "known_category": "CAT3",
        "standing": Standing("active"),
        "other_open": False,
    }
    return Draft(**(whole | changes))


def _codes(problems: Any) -> list[tuple[str, str]]:
    found: list[FieldProblem] = list(problems)
    return [(problem.pointer, problem.code) for problem in found]


def _file(file_id: UUID, kind: str = "pdf", state: str = "accepted", size: int = 1000) -> File:
    return File(file_id, kind, size, state, ("pdf-encrypted",))


@pytest.mark.parametrize(
    ("photo", "attached", "files", "expected"),
    [
        (PHOTO, [(PDF, (CODE,))], [_file(PHOTO, "photo"), _file(PDF)], []),
        (PHOTO, [], [], [("/photo_id", "document-unknown")]),
        (PHOTO, [], [_file(PHOTO, "photo", "rejected")], [("/photo_id", "document-rejected")]),
        (PHOTO, [], [_file(PHOTO, "photo", "deleted")], [("/photo_id", "document-deleted")]),
        (PHOTO, [], [_file(PHOTO)], [("/photo_id", "not-a-photo")]),
        (None, [(PDF, (CODE,))], [_file(PDF, "photo")], [("/documents/0/document_id", "not-a-pdf")]),
        (None, [(PDF, ())], [_file(PDF)], [("/documents/0/codes", "required")]),
        (None, [(PDF, (CODE, "NONE"))], [_file(PDF)], [("/documents/0/codes/1", "not-in-list")]),
        (
            None,
            [(PDF, (CODE,)), (PDF, (CODE,))],
            [_file(PDF)],
            [("/documents/1/document_id", "listed-twice")],
        ),
        (
            PHOTO,
            [(PHOTO, (CODE,))],
            [_file(PHOTO, "photo")],
            [("/documents/0/document_id", "not-a-pdf"), ("/documents/0/document_id", "listed-twice")],
        ),
    ],
)
def test_files_that_keep_an_application_from_being_filed_are_named(
    photo: UUID | None, attached: list[tuple[UUID, tuple[str, ...]]], files: list[File], expected: list[tuple[str, str]]
) -> None:
    attachments = [Attachment(*each) for each in attached]
    assert _codes(file_problems(photo, attachments, {file.id: file for file in files}, TODAY)) == expected


def test_files_are_so_many_and_so_large_together_photo_included() -> None:
    limits = file_limits(TODAY)
    ids = [UUID(int=number) for number in range(10, 10 + limits.files)]
    attachments = [Attachment(each, (CODE,)) for each in ids]

    def found(photo: UUID | None, size: int) -> list[tuple[str, str]]:
        files = {each: _file(each, size=1) for each in ids} | {PHOTO: _file(PHOTO, "photo", size=size)}
        return _codes(file_problems(photo, attachments, files, TODAY))

    assert found(None, 1) == []
    assert found(PHOTO, 1) == [("/documents", "too-many-files")]
    attachments = attachments[1:]
    assert found(PHOTO, limits.total_bytes - len(attachments)) == []
    assert found(PHOTO, limits.total_bytes - len(attachments) + 1) == [("/documents", "too-many-bytes")]


def test_declarations_are_made_one_by_one_and_kept_word_for_word() -> None:
    asked = declarations(TODAY)
    first = next(iter(asked))
    assert _codes(undeclared(Declared(dict.fromkeys(asked, True)), TODAY)) == []
    assert _codes(undeclared(Declared(dict.fromkeys(asked, True) | {first: False}), TODAY)) == [
        (f"/declarations/{first}", "declaration-needed")
    ]
    kept = word_for_word(Declared({}, "en"), TODAY)
    assert [each["code"] for each in kept["texts"]] == list(asked)
    assert kept["texts"][0]["text"] == asked[first].text.en
    assert not declared_before(Declared({}), TODAY)
    assert not declared_before(Declared({}, version=kept["version"]), TODAY)
    assert declared_before(Declared({}, version="before"), TODAY)


def test_a_person_is_found_by_card_and_by_identity() -> None:
    keys = PersonKeys.of("root")
    form = complete_form(TODAY)
    card = keys.card_key(EXTEND_N, form)
    assert card is not None
    assert keys.card_key(EXTEND_N, {}) is None
    by_card, by_identity = keys.shared_keys(EXTEND_N, Form(form))
    assert by_card == card.hex()
    person = keys.person(EXTEND_N, Form(form))
    assert person == UUID(hex=by_identity[:32])
    renewed = form | {"residence_card_no": "ZZ99999999ZZ", "name_roman": form["name_roman"].lower().replace(" ", "-")}
    assert keys.person(EXTEND_N, Form(renewed)) == person, "another card, and the same letters"
    assert keys.person(EXTEND_N, Form(form | {"birth_date": "1991-01-01"})) != person
    assert keys.shared_keys(EXTEND_N, Form(form | {"birth_date": None})) == (by_card,)
    assert keys.person(EXTEND_N, Form({})) is None
    assert PersonKeys.of("other").person(EXTEND_N, Form(form)) != person


@pytest.mark.parametrize(
    ("procedure", "expiry", "period", "filed", "end"),
    [
        ("EXTEND", TODAY, "Y1", TODAY, "2027-01-29"),
        ("CHANGE", TODAY, "Y1", TODAY, "2027-01-29"),
        ("COE", TODAY, "Y1", TODAY, None),
        ("EXTEND", None, "Y1", TODAY, None),
        ("EXTEND", TODAY, None, TODAY, None),
        ("EXTEND", TODAY, "INF", TODAY, None),
        ("EXTEND", TODAY, "D30", TODAY, None),
        ("EXTEND", TODAY - DAY, "Y1", TODAY, None),
    ],
)
def test_an_old_stay_goes_on_while_a_timely_application_is_examined(
    procedure: str, expiry: date | None, period: str | None, filed: date, end: str | None
) -> None:
    found = receipt.special_period(procedure, expiry, period, filed)
    assert (found and (found + timedelta(hours=9)).date().isoformat()) == end


def test_a_stay_began_its_length_before_its_end() -> None:
    assert receipt.stay_began_on(date(2026, 11, 29), "Y1M3") == date(2025, 8, 29)
    assert receipt.stay_began_on(date(2026, 11, 29), "D90") == date(2026, 8, 31)
    assert receipt.stay_began_on(date(2026, 11, 29), "INF") is None
    assert receipt.standard_period("EXTEND", TODAY)
    assert receipt.standard_period("NOTHING", TODAY) is None
    assert receipt.office_name("TYO", TODAY).en
    assert all(row.yen for row in receipt.fees_of(["EXTEND", "REENTRY"], TODAY))
    assert receipt.fees_of(["COE"], TODAY) == ()


@pytest.mark.parametrize(
    ("left", "reminder"), [(None, None), (-1, None), (0, 7), (7, 7), (8, 30), (30, 30), (31, 90), (90, 90), (91, None)]
)
def test_the_end_of_a_stay_is_reminded_of(left: int | None, reminder: int | None) -> None:
    assert stay_reminder(None if left is None else TODAY + left * DAY, TODAY) == reminder


@pytest.mark.parametrize(
    ("revision", "begun", "reminded", "expected"),
    [
        (2, NOW - 90 * DAY, None, None),
        (1, NOW, None, TODAY + 40 * DAY),
        (1, NOW - 35 * DAY, None, TODAY + 10 * DAY),
        (1, NOW - 35 * DAY, NOW - 5 * DAY, TODAY + 5 * DAY),
    ],
)
def test_a_draft_that_nobody_edits_is_deleted_after_its_reminder(
    revision: int, begun: datetime, reminded: datetime | None, expected: date | None
) -> None:
    assert Pauses.in_days(30, 40).deleted_on(revision, begun, reminded, NOW) == expected
    assert Pauses.in_days(30, 30).grace == DAY


def test_a_person_files_in_the_first_role_that_may() -> None:
    assert filing_role(["nobody", "lawyer_scrivener", "self"], "EXTEND", "ENG_HUM_INT", TODAY) == "lawyer_scrivener"
    assert filing_role([], "EXTEND", "ENG_HUM_INT", TODAY) is None


@pytest.mark.parametrize(
    ("procedure", "status", "activity", "code"),
    [
        ("EXTEND", "ENG_HUM_INT", None, None),
        ("EXTEND", "ENG_HUM_INT", "X", "not-asked"),
        ("EXTEND", "DESIGNATED", None, "required"),
        ("EXTEND", "DESIGNATED", "X", "not-a-choice"),
    ],
)
def test_an_activity_is_chosen_where_a_status_has_several(
    procedure: str, status: str, activity: str | None, code: str | None
) -> None:
    found = _codes(selection.activity_problems(procedure, status, activity, TODAY))
    assert found == ([] if code is None else [("/activity", code)])


def test_procedures_that_do_not_go_together_are_refused_with_those_that_do() -> None:
    assert list(selection.combination_problems("EXTEND", "ENG_HUM_INT", ["REENTRY"], TODAY)) == []
    [problem] = selection.combination_problems("EXTEND", "ENG_HUM_INT", ["REENTRY", "COE"], TODAY)
    assert (problem.pointer, problem.code) == ("/combined_with/1", "combination-not-allowed")
    assert "REENTRY" in problem.message.en
    [alone] = selection.combination_problems("WORKCERT", "ENG_HUM_INT", ["COE"], TODAY)
    assert "nothing" in alone.message.en


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"standing": Standing(None)}, ["account-unknown"]),
        ({"standing": Standing("suspended")}, ["account-suspended"]),
        ({"standing": Standing("active", TODAY - DAY)}, ["account-expired"]),
        ({"standing": Standing("active", TODAY)}, []),
        ({"other_open": True}, ["second-open-application"]),
        ({"role": "nobody"}, ["role-may-not-file"]),
        ({"combined_with": ("COE",)}, ["combination-not-allowed"]),
        ({"form": Form(complete_form(TODAY) | {"stay_expiry": "2026-11-28"})}, ["stay-expired"]),
        ({"form": Form(complete_form(TODAY) | {"stay_expiry": "2027-11-28"})}, ["too-early"]),
        ({"form": Form(complete_form(TODAY) | {"stay_expiry": "0001-01-01"})}, []),
    ],
)
def test_rules_refuse_a_draft_whatever_is_filled_in(changes: dict[str, Any], expected: list[str]) -> None:
    found = [problem.code for problem in permission.refusals(_draft(**changes), TODAY)]
    assert found == expected
    assert set(found) <= permission.FINAL


def test_a_lapsed_registration_and_the_same_person_are_said() -> None:
    assert permission.lapsed().code == "account-expired"
    assert permission.same_person(EXTEND_N, "東オンＥＮ26000001").code == "same-person-open"


def test_an_assessment_names_everything_at_once_in_the_order_of_the_form() -> None:
    address = EXTEND_N.fact_pointer("address")
    form = Form(complete_form(TODAY) | {EXTEND_N.facts.address: "Minato-ku", EXTEND_N.facts.name: None})
    outdated = replace(EXTEND_N, accepted_until=TODAY - DAY)
    found = assess(_draft(form=form, notify_email=None, version=outdated, other_open=True), TODAY)
    codes = _codes(found.problems)
    assert found.office is None
    assert found.stay_expiry == TODAY + 60 * DAY
    wanted = [
        (EXTEND_N.fact_pointer("name"), "required"),
        (address, "prefecture-unknown"),
        ("/notify/email", "required"),
        ("/form_version", "form-outdated"),
        (EXTEND_N.fact_pointer("card_number"), "second-open-application"),
    ]
    assert [code for code in codes if code in wanted] == wanted
    assert assess(_draft(), TODAY).office == "TYO"
    nowhere = assess(_draft(form=Form(complete_form(TODAY) | {EXTEND_N.facts.address: None})), TODAY)
    assert nowhere.office is None
    assert (address, "prefecture-unknown") not in _codes(nowhere.problems)


def test_a_form_is_outdated_after_the_last_day_on_which_it_is_accepted() -> None:
    assert not newer_form.is_outdated(EXTEND_N, TODAY)
    assert not newer_form.is_outdated(replace(EXTEND_N, accepted_until=TODAY), TODAY)
    assert newer_form.is_outdated(replace(EXTEND_N, accepted_until=TODAY - DAY), TODAY)
