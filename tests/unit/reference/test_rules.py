"""Rules in force on a day: fees, periods, online, rights, documents, photo, offices, terms."""

import itertools
from datetime import date
from typing import Any

import pytest

from shared.auth import APPLICANT_ROLES, Role
from shared.reference import statuses
from shared.reference.codes import Procedure
from shared.reference.dated import NotInRules
from shared.reference.fees import fee
from shared.reference.files import file_limits, needs_photo, photo_rules
from shared.reference.forms import row_limit
from shared.reference.offices import office_for
from shared.reference.organisations import proven_category, registration_validity, treated_as
from shared.reference.permitted_periods import permitted_periods
from shared.reference.procedures import combination_allowed, parallel_allowed
from shared.reference.rights import RIGHTS, Circumstances, may_file, objection
from shared.reference.statuses import STATUSES, may_be_filed_online

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("procedure", "channel", "option", "before", "after"),
    [
        ("EXTEND", "online", "", 4000, 5500),
        ("EXTEND", "counter", "", 4000, 6000),
        ("CHANGE", "online", "", 4000, 5500),
        ("CHANGE", "counter", "", 4000, 6000),
        ("PR", "counter", "", 8000, 10000),
        ("REENTRY", "online", "single", 3000, 3500),
        ("REENTRY", "online", "", 3000, 3500),
        ("REENTRY", "counter", "multiple", 6000, 7000),
        ("REENTRY", "online", "multiple", 6000, 6500),
        ("WORKCERT", "online", "", 1200, 1600),
        ("WORKCERT", "counter", "", 1200, 2000),
        ("COE", "online", "", 0, 0),
        ("ACQUIRE", "online", "", 0, 0),
        ("EXTRA_ACT", "online", "", 0, 0),
    ],
)
def test_the_fee_follows_the_day_of_receipt(procedure: str, channel: str, option: str, before: int, after: int) -> None:
    assert fee(procedure, channel, date(2025, 3, 31), option=option) == before
    assert fee(procedure, channel, date(2025, 4, 1), option=option) == after
    assert fee(procedure, channel, TODAY, option=option) == after


def test_permanent_residence_has_no_online_fee() -> None:
    with pytest.raises(NotInRules, match="PR"):
        fee("PR", "online", TODAY)


def test_specified_skilled_workers_may_stay_longer_since_2025_09_30() -> None:
    before, since = date(2025, 9, 29), date(2025, 9, 30)
    assert not permitted_periods("SSW1", before).permits("Y3")
    assert permitted_periods("SSW1", since).permits("Y3")
    assert permitted_periods("SSW1", since, "EXTEND").permits("Y2M6")
    assert not permitted_periods("SSW1", since).permits("Y3D1")
    assert not permitted_periods("SSW1", since, "COE").permits("Y3")
    assert not permitted_periods("SSW2", before).permits("Y2")
    assert permitted_periods("SSW2", since).permits("Y2")


def test_only_listed_periods_are_permitted_unless_designated_per_person() -> None:
    assert permitted_periods("ENG_HUM_INT", TODAY).choices == ("Y5", "Y3", "Y1", "M3")
    assert not permitted_periods("ENG_HUM_INT", TODAY).permits("Y2")
    assert permitted_periods("STUDENT", TODAY).permits("Y4M3")
    assert not permitted_periods("STUDENT", TODAY).permits("Y4M4")
    assert permitted_periods("TEMP_VISITOR", TODAY).permits("D7")
    assert not permitted_periods("TEMP_VISITOR", TODAY).permits("D16")
    assert not permitted_periods("STUDENT", TODAY).permits("long")


@pytest.mark.parametrize(
    ("status", "number", "shortest", "longest"),
    [
        ("SSW1", 33, "M4", "Y3"),
        ("SSW2", 4, "M6", "Y3"),
        ("STUDENT", 51, "M1", "Y4M3"),
        ("DEPENDENT", 60, "M1", "Y5"),
        ("ENTERTAINER", 5, "D30", "Y3"),
        ("TITP1_B", 9, "M4", "Y1"),
        ("TITP2_A", 24, "M1", "Y2"),
        ("TITP3_B", 21, "M4", "Y2"),
        ("TRAINEE", 4, "M3", "Y2"),
        ("BUS_MGR", 6, "M3", "Y5"),
        ("LTR", 4, "M6", "Y5"),
        ("HSP1_C", 1, "Y5", "Y5"),
    ],
)
def test_the_periods_that_can_be_asked_for_are_those_of_the_bulk_tools(
    status: str, number: int, shortest: str, longest: str
) -> None:
    row = permitted_periods(status, TODAY, "EXTEND")
    assert (len(row.choices), row.choices[-1], row.choices[0]) == (number, shortest, longest)
    assert all(row.offers(code) and row.permits(code) for code in row.choices)
    assert not row.offers("D7")


def test_a_length_per_person_can_be_granted_and_only_for_designated_activities_asked_for() -> None:
    assert permitted_periods("STUDENT", TODAY).permits("D100")
    assert not permitted_periods("STUDENT", TODAY).offers("D100")
    designated = permitted_periods("DESIGNATED", TODAY, "EXTEND", "78")
    assert designated.offers("D100")
    assert not designated.offers("Y5D1")
    assert (
        permitted_periods("DESIGNATED", TODAY, "EXTEND", "R2").choices == permitted_periods("DEPENDENT", TODAY).choices
    )
    assert permitted_periods("DESIGNATED", TODAY, "EXTEND", "N6").choices == ("Y5", "Y3", "Y1", "M3")


def test_the_periods_that_can_be_asked_for_are_named_in_words() -> None:
    assert permitted_periods("ENG_HUM_INT", TODAY).offered.ja == "5年、3年、1年、3月"
    assert permitted_periods("SSW1", TODAY).offered.en == "4 months to 3 years, in whole months"
    assert permitted_periods("DESIGNATED", TODAY).offered.ja == "5年までの期間"


def test_statuses_of_the_future_are_not_there_yet() -> None:
    with pytest.raises(NotInRules):
        statuses.status("ESD", TODAY)
    assert statuses.status("ESD", date(2027, 4, 1)).name.ja == "育成就労"


@pytest.mark.parametrize(
    ("status", "procedure", "expected"),
    [
        ("ENG_HUM_INT", "EXTEND", True),
        ("DIPLOMAT", "EXTEND", False),
        ("TEMP_VISITOR", "EXTEND", False),
        ("PR", "CHANGE", False),
        ("ENG_HUM_INT", "PR", False),
        ("HSP2", "CHANGE", True),
        ("HSP2", "COE", False),
        ("HSP2", "EXTEND", False),
        ("STUDENT", "WORKCERT", False),
        ("ENG_HUM_INT", "WORKCERT", True),
        ("ENG_HUM_INT", "REENTRY", False),
    ],
)
def test_what_can_be_filed_online(status: str, procedure: str, expected: bool) -> None:
    assert may_be_filed_online(status, procedure, TODAY) is expected


def test_re_entry_is_online_only_beside_a_main_procedure() -> None:
    assert may_be_filed_online("ENG_HUM_INT", "REENTRY", TODAY, together_with="EXTEND")
    assert not may_be_filed_online("ENG_HUM_INT", "REENTRY", TODAY, together_with="COE")


def test_holders_of_excluded_statuses_cannot_change_online() -> None:
    assert may_be_filed_online("ENG_HUM_INT", "CHANGE", TODAY, present_status="STUDENT")
    assert not may_be_filed_online("ENG_HUM_INT", "CHANGE", TODAY, present_status="TEMP_VISITOR")
    assert not may_be_filed_online("DESIGNATED", "CHANGE", TODAY, present_status="DESIGNATED", designation="DEPARTURE")


def test_family_statuses_came_online_on_2022_03_16() -> None:
    assert not may_be_filed_online("SPOUSE_JP", "EXTEND", date(2022, 3, 15))
    assert may_be_filed_online("SPOUSE_JP", "EXTEND", date(2022, 3, 16))


@pytest.mark.parametrize("main", list(Procedure))
@pytest.mark.parametrize("added", list(Procedure))
def test_what_may_be_filed_together_with_a_main_procedure(main: Procedure, added: Procedure) -> None:
    expected = main in ("CHANGE", "EXTEND", "ACQUIRE") and added in ("REENTRY", "EXTRA_ACT")
    certificate = main in ("CHANGE", "EXTEND") and added == "WORKCERT"
    assert combination_allowed(main, added, TODAY) is (expected or certificate)
    assert combination_allowed(main, added, date(2025, 12, 31)) is expected


def test_a_second_application_of_the_same_kind_is_refused() -> None:
    for procedure in Procedure:
        assert not parallel_allowed(procedure, procedure, TODAY)
    assert parallel_allowed("PR", "EXTEND", TODAY)
    assert parallel_allowed("CHANGE", "EXTEND", TODAY)


RIGHTS_TABLE = """
self                  ○ ○ ○ ○ ○ ○ ○
legal_rep             ○ ○ ○ ○ ○ ○ ○
relative              △ △ △ △ × × △
lawyer_scrivener      ○ ○ ○ ○ ○ ○ ○
org_staff             ○ ○ ○ ○ ○ ○ ○
public_interest_staff ○ ○ ○ ○ ○ ○ ○
supervising_org_staff △ △ △ △ △ △ △
rso_staff             △ △ △ △ △ △ △
"""
COLUMNS = ("COE", "CHANGE", "EXTEND", "ACQUIRE", "WORKCERT", "EXTRA_ACT", "REENTRY")
CELLS = [
    (role, procedure, mark)
    for role, *marks in (line.split() for line in RIGHTS_TABLE.split("\n") if line)
    for procedure, mark in zip(COLUMNS, marks, strict=True)
]


@pytest.mark.parametrize(("role", "procedure", "mark"), CELLS)
def test_the_rights_matrix_cell_by_cell(role: str, procedure: str, mark: str) -> None:
    status = "ENG_HUM_INT"
    assert may_file(role, procedure, TODAY, status=status, age=30) is (mark == "○")
    special = {"supervising_org_staff": "TITP2_B", "rso_staff": "SSW1", "relative": "DEPENDENT"}
    if mark == "△":
        assert may_file(role, procedure, TODAY, status=special[role], age=8)


def test_a_relative_files_for_the_ill_and_for_those_under_16() -> None:
    assert not may_file("relative", "EXTEND", TODAY, age=16)
    assert may_file("relative", "EXTEND", TODAY, age=15)
    assert may_file("relative", "EXTEND", TODAY, age=50, unable=True)


def _objection(role: str, procedure: str, **circumstances: Any) -> str | None:
    reason = objection(role, procedure, TODAY, Circumstances(**circumstances))
    return reason.en if reason else None


def test_the_reason_says_what_keeps_somebody_from_filing_and_who_may() -> None:
    assert "under 15" in (_objection("self", "EXTEND", age=14) or "")
    assert "under 16" in (_objection("relative", "EXTEND", age=30) or "")
    assert "the applicant, or a lawyer" in (_objection("relative", "WORKCERT") or "")
    assert "for this status" in (_objection("rso_staff", "EXTEND", status="ENG_HUM_INT") or "")
    for role, procedure in itertools.product({row.role for row in RIGHTS.rows}, Procedure):
        reason = objection(role, procedure, TODAY, Circumstances(status="OFFICIAL", age=3, stay="M3", entrusted=False))
        assert reason is None or (reason.ja.endswith("。") and reason.en.endswith("."))


@pytest.mark.parametrize(
    ("stay", "allowed"), [("D90", False), ("M3", False), ("M4", True), ("Y5", True), ("INF", True)]
)
def test_a_person_with_a_short_stay_has_no_card_to_sign_in_with(stay: str, allowed: bool) -> None:
    assert (_objection("self", "EXTEND", stay=stay, age=30) is None) is allowed
    assert _objection("lawyer_scrivener", "EXTEND", stay=stay, age=30) is None


def test_a_support_organisation_files_for_specified_skilled_workers_whose_support_is_entrusted() -> None:
    for procedure in COLUMNS:
        assert _objection("rso_staff", procedure, status="SSW1", entrusted=True) is None
        assert _objection("rso_staff", procedure, status="SSW1") is None
        assert "entrusted" in (_objection("rso_staff", procedure, status="SSW1", entrusted=False) or "")
        assert _objection("org_staff", procedure, status="SSW1", entrusted=False) is None


@pytest.mark.parametrize(
    ("status", "activity", "allowed"),
    [
        ("STUDENT", None, True),
        ("CULTURAL", None, True),
        ("ENG_HUM_INT", None, False),
        ("DESIGNATED", "R2", True),
        ("DESIGNATED", "R3", True),
        ("DESIGNATED", "67", True),
        ("DESIGNATED", "70", True),
        ("DESIGNATED", "75", True),
        ("DESIGNATED", "71", False),
        ("DESIGNATED", "N6", False),
    ],
)
def test_a_relative_asks_for_the_certificates_that_are_listed(status: str, activity: str | None, allowed: bool) -> None:
    assert (_objection("relative", "COE", status=status, activity=activity, age=40) is None) is allowed


def test_who_is_under_15_does_not_file_alone() -> None:
    assert not may_file("self", "EXTEND", TODAY, age=14)
    assert may_file("self", "EXTEND", TODAY, age=15)
    assert not may_file("self", "EXTEND", TODAY, status="OFFICIAL", age=40)


def test_unknown_roles_and_officers_file_nothing() -> None:
    for role in ("nobody", *(set(Role) - APPLICANT_ROLES)):
        assert not any(may_file(role, procedure, TODAY) for procedure in Procedure)


def test_the_matrix_names_every_user_class_that_exists() -> None:
    assert {row.role for row in RIGHTS.rows} == {str(role) for role in APPLICANT_ROLES}


def test_the_category_that_can_be_proven() -> None:
    assert proven_category(listed_or_public=True, withholding_yen=None) == "CAT1"
    assert proven_category(listed_or_public=False, withholding_yen=10_000_000) == "CAT2"
    assert proven_category(listed_or_public=False, withholding_yen=9_999_999) == "CAT3"
    assert proven_category(listed_or_public=False, withholding_yen=None) == "CAT4"


@pytest.mark.parametrize(
    ("category", "registration", "report", "expected"),
    [
        ("CAT1", True, True, "CAT1"),
        ("CAT2", False, False, "CAT2"),
        ("CAT3", False, False, "CAT3"),
        ("CAT3", True, False, "CAT2"),
        ("CAT4", True, False, "CAT4"),
        ("CAT4", True, True, "CAT2"),
        ("CAT4", False, False, "CAT4"),
    ],
)
def test_approval_lifts_category_3_and_an_approved_report_category_4(
    category: str, registration: bool, report: bool, expected: str
) -> None:
    assert treated_as(category, registration_approved=registration, report_approved=report) == expected


def test_children_need_a_photo_by_procedure_and_day() -> None:
    before, since = date(2026, 6, 13), date(2026, 6, 14)
    assert not needs_photo("EXTEND", "DEPENDENT", 15, before)
    assert needs_photo("EXTEND", "DEPENDENT", 16, before)
    assert needs_photo("EXTEND", "DEPENDENT", 1, since)
    assert not needs_photo("EXTEND", "DEPENDENT", 0, since)
    assert needs_photo("COE", "SPOUSE_JP", 0, since)
    assert not needs_photo("COE", "STUDENT", 15, since)
    assert not needs_photo("WORKCERT", "ENG_HUM_INT", 40, since)


def test_a_photo_is_recent_for_six_months() -> None:
    photo = photo_rules(TODAY)
    assert photo.recent_enough(date(2026, 1, 31), date(2026, 7, 31))
    assert not photo.recent_enough(date(2026, 1, 30), date(2026, 7, 31))
    assert not photo.recent_enough(date(2026, 8, 1), date(2026, 7, 31))


def test_the_limits_of_attachments_changed_with_the_second_system() -> None:
    assert (file_limits(TODAY).files, file_limits(TODAY).total_bytes) == (20, 25 * 1024 * 1024)
    assert file_limits(date(2026, 1, 4)).files == 1
    assert {"password", "no_print", "no_copy"} <= set(file_limits(TODAY).forbidden_in_pdf)


def test_a_seventh_relative_is_accepted() -> None:
    assert row_limit("family", TODAY).official == 6
    assert row_limit("family", TODAY).accepted >= 7


def test_registrations_last_three_years_from_2026_and_one_before() -> None:
    now, before = date(2026, 1, 5), date(2025, 12, 31)
    assert registration_validity(now).valid_until == date(2029, 1, 5)
    assert registration_validity(before, date(2026, 1, 10)).valid_until == date(2027, 1, 10)
    term = registration_validity(now, date(2026, 1, 31))
    assert (term.valid_until, term.remind_on, term.report_due_on) == (
        date(2029, 1, 31),
        date(2028, 11, 30),
        date(2028, 12, 31),
    )


@pytest.mark.parametrize(
    ("address", "office"),
    [
        ("東京都江東区青海２－７－１１", "TYO"),
        ("〒135-0064 東京都江東区", "TYO"),
        ("京都府京都市", "OSA"),
        ("京都市中京区", "OSA"),
        ("横浜市西区", "YOK"),
        ("神奈川", "YOK"),
        ("Hyogo", "KOB"),
        ("kyoto", "OSA"),
        ("Tokyo-to", "TYO"),
        ("JP-47", "NAH"),
        ("1", "SPK"),
        ("香川県高松市", "TAK"),
    ],
)
def test_an_address_finds_its_office(address: str, office: str) -> None:
    assert office_for(address, TODAY).code == office


def test_an_address_without_prefecture_is_refused_without_repeating_it() -> None:
    with pytest.raises(NotInRules) as refused:
        office_for("中央1-1 山田方", TODAY)
    assert "山田" not in str(refused.value)


def test_a_row_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        STATUSES.rows[0].code = "WIZARD"  # type: ignore[misc]
