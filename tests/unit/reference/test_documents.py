"""Required documents: the lists as data, their groups and conditions, and what holds on a day."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.activities import ACTIVITIES
from shared.reference.codes import Category, Procedure
from shared.reference.document_groups import DOCUMENT_GROUPS, document_group, list_status
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.documents import REQUIREMENTS, required_documents
from shared.reference.requirements import CONDITIONS, Need, Requirement, read_list
from shared.reference.statuses import STATUSES, activities, may_be_filed_online

TODAY = date(2026, 11, 29)
MAIN = ("COE", "CHANGE", "EXTEND", "ACQUIRE", "WORKCERT")


def _codes(
    procedure: str,
    status: str,
    group: str | None,
    day: date = TODAY,
    need: str = "required",
    activity: str | None = None,
) -> set[str]:
    asked = required_documents(procedure, status, group, day, activity=activity)
    return {document.code for document in asked if document.need == need}


def _own(procedure: str, status: str, activity: str | None) -> bool:
    """Whether a list names the procedure for this status, or for all."""
    listed = (status, list_status(status, activity, TODAY))
    general = {"APP_FORM", "PASSPORT_CARD"}
    return any(
        row.procedure == procedure
        and row.activity in ("", activity)
        and (row.status in listed if row.status else procedure not in ("COE", "CHANGE", "EXTEND"))
        and row.document not in general
        for row in REQUIREMENTS.on(TODAY)
    )


@pytest.mark.parametrize("procedure", MAIN)
def test_every_application_that_can_be_filed_online_has_a_list(procedure: str) -> None:
    for status in (row.code for row in STATUSES.on(TODAY)):
        if not may_be_filed_online(status, procedure, TODAY):
            continue
        choices: list[str | None] = [row.code for row in activities(status, procedure, TODAY)]
        for activity in choices or [None]:
            # An extension of 法律・会計業務 needs the general documents alone.
            if (procedure, list_status(status, activity, TODAY)) != ("EXTEND", "LEGAL_ACCT"):
                assert _own(procedure, status, activity), (procedure, status, activity)
            assert "APP_FORM" in _codes(procedure, status, None, activity=activity)


def test_no_kind_of_document_and_no_condition_is_unused_or_unknown() -> None:
    types = {row.code for row in DOCUMENT_TYPES.rows}
    # What people attach beside the lists.
    assert {row.document for row in REQUIREMENTS.rows} == types - {"OTHER"}
    assert {row.condition for row in REQUIREMENTS.rows} - {""} == set(CONDITIONS)


def test_every_document_and_condition_is_named_in_both_languages() -> None:
    for text in [*(row.name for row in DOCUMENT_TYPES.rows), *CONDITIONS.values()]:
        assert text.ja.strip()
        assert text.en.strip()
        assert text.en.isascii(), text.en
        assert not text.ja.isascii() or not text.ja.isalpha(), text.ja


def test_the_groups_of_the_rows_are_those_of_their_axis() -> None:
    axes = {row.code: row for row in DOCUMENT_GROUPS.rows}
    assert set(axes["category"].options) == set(Category)
    for axis in axes.values():
        assert axis.default in axis.options
    activity = {row.status: row.code for row in ACTIVITIES.rows}
    for row in REQUIREMENTS.rows:
        axis_of_row = document_group(row.procedure, row.status or "SSW1", activity.get(row.status), TODAY)
        if row.group:
            assert axis_of_row is not None
            assert row.group in axis_of_row.options, row


def test_activities_of_the_rows_are_offered_for_the_procedure() -> None:
    for row in REQUIREMENTS.rows:
        if row.activity:
            offered = {each.code for each in activities(row.status, row.procedure, TODAY)}
            family = {"79", "81", "83"}
            assert row.activity in offered or {each.procedures for each in ACTIVITIES.rows if each.code in family}, row


def test_a_listed_company_shows_little_and_an_unproven_one_everything() -> None:
    assert _codes("COE", "ENG_HUM_INT", "CAT1") == {"APP_FORM", "CAT_PROOF"}
    everything = {"APP_FORM", "ACTIVITY", "CAREER", "REGISTRY", "BUSINESS", "FINANCIAL", "REP_DECL", "NO_REPORT"}
    assert _codes("COE", "ENG_HUM_INT", "CAT4") == everything
    assert _codes("COE", "ENG_HUM_INT", None) == everything
    assert _codes("EXTEND", "ENG_HUM_INT", "CAT3") == {
        "APP_FORM",
        "PASSPORT_CARD",
        "CAT_PROOF",
        "ACTIVITY",
        "REP_DECL",
        "RES_TAX",
    }


# One line of a list each, as the office prints it.
LINES = [
    ("COE", "BUS_MGR", "CAT4", "BIZ_PLAN SCALE OFFICE JAPANESE CAREER NO_REPORT"),
    ("EXTEND", "BUS_MGR", "CAT3", "CAT_PROOF PUBLIC_DUES RES_TAX"),
    ("COE", "RESEARCHER", "CAT3", "RESUME DEGREE BUSINESS REP_DECL"),
    ("CHANGE", "ICT", "CAT3", "TRANSFER_ORDER OFFICES_REL ABROAD_1Y"),
    ("COE", "SKILLED", "CAT1", "WORK_CONTENT RESUME"),
    ("COE", "PROFESSOR", "PART_TIME", "ACTIVITY_PROOF"),
    ("EXTEND", "INSTRUCTOR", "SCHOOL_FULL_TIME", "RES_TAX"),
    ("CHANGE", "MEDICAL", "OTHER", "MED_LICENCE FACILITY"),
    ("COE", "NURSING", None, "CARE_REG WORK_COND ORG_OVERVIEW REP_DECL"),
    ("COE", "ENTERTAINER", "1_I", "CONTRACT_ORG_STAFF PAID_3Y VENUE"),
    ("COE", "RELIGIOUS", None, "DISPATCH_LETTER HOST_OVERVIEW CLERGY"),
    ("EXTEND", "CULTURAL", None, "ACTIVITY_PERIOD FUNDS"),
    ("COE", "OFFICIAL", None, "NOTE_VERBALE"),
    ("COE", "SSW1", None, "SSW_1_5 SSW_1_6 SSW_1_7 SSW_1_17 SSW_1_3"),
    ("EXTEND", "SSW1", None, "SSW_LIST SSW_1_5 SSW_1_6"),
    ("COE", "TITP1_B", None, "TIT_APPROVAL TIT_PASSPORT"),
    ("EXTEND", "TRAINEE", None, "TRAINING_PLAN TRAINING_RECORD"),
    ("COE", "STUDENT", "OTHER", "STU_LIST STU_ENROL STU_ASSET STU_BALANCE"),
    ("EXTEND", "STUDENT", None, "STU_LIST STU_ENROL STU_GRADES"),
    ("COE", "DEPENDENT", None, "REL_PROOF SUPPORTER_ID"),
    ("COE", "SPOUSE_JP", "SPOUSE", "KOSEKI MARRIAGE_ABROAD QUESTION SNAPS GUARANTEE"),
    ("COE", "SPOUSE_JP", "CHILD", "KOSEKI BIRTH_CERT GUARANTEE"),
    ("COE", "SPOUSE_PR", "SPOUSE", "MARRIAGE QUESTION SNAPS"),
    ("COE", "LTR", "DESCENDANT", "KOSEKI_GP IDENTITY CRIMINAL_CERT"),
    ("CHANGE", "LTR", None, "REASON GUARANTEE FUNDS"),
    ("ACQUIRE", "DEPENDENT", "BIRTH", "BIRTH_PROOF PARENTS_Q JUMINHYO"),
    ("ACQUIRE", "SPOUSE_JP", "NATIONALITY", "NATIONALITY ACTIVITY_BY_STATUS"),
    ("ACQUIRE", "LTR", "OTHER", "CAUSE_PROOF ACTIVITY_BY_STATUS"),
]


@pytest.mark.parametrize(("procedure", "status", "group", "required"), LINES)
def test_the_lists_ask_for_the_documents_of_each_status(
    procedure: str, status: str, group: str | None, required: str
) -> None:
    assert set(required.split()) <= _codes(procedure, status, group)


@pytest.mark.parametrize(
    ("procedure", "status", "group", "absent"),
    [
        ("COE", "PROFESSOR", "FULL_TIME", "ACTIVITY_PROOF"),
        ("CHANGE", "MEDICAL", "DOCTOR", "FACILITY"),
        ("COE", "ENTERTAINER", "3", "VENUE"),
        ("COE", "STUDENT", None, "STU_ASSET"),
        ("COE", "SPOUSE_JP", "CHILD", "SNAPS"),
        ("EXTEND", "SSW1", None, "SSW_1_3"),
        ("COE", "SSW2", None, "SSW_1_17"),
        ("ACQUIRE", "DEPENDENT", "NATIONALITY", "BIRTH_PROOF"),
    ],
)
def test_a_group_is_not_asked_for_the_documents_of_another(
    procedure: str, status: str, group: str | None, absent: str
) -> None:
    assert absent not in _codes(procedure, status, group)


def test_an_application_without_an_organisation_category_is_asked_for_its_own_documents() -> None:
    for status in ("DEPENDENT", "SPOUSE_JP", "LTR", "STUDENT", "NURSING", "ENTERTAINER"):
        assert _codes("EXTEND", status, None) > {"APP_FORM", "PASSPORT_CARD"}
        # A category that has nothing to do with the status changes nothing.
        assert _codes("EXTEND", status, "CAT1") == _codes("EXTEND", status, None)


def test_highly_skilled_professionals_show_points_and_the_documents_of_their_activity() -> None:
    points = {"HSP_TABLE", "HSP_EVIDENCE"}
    for activity, status in (("N2", "ENG_HUM_INT"), ("M1", "BUS_MGR"), ("I1", "PROFESSOR")):
        for group in ("CAT3", "CAT4", "PART_TIME", None):
            wanted = _codes("CHANGE", "HSP1_B", group, activity=activity)
            assert wanted == _codes("CHANGE", status, group) | points
    assert {"HSP2_NATIONAL_TAX", "HSP2_PENSION"} <= _codes("CHANGE", "HSP2", "CAT1", activity="N2")
    transferred = _codes("COE", "HSP1_A", "CAT3", activity="L3")
    assert "TRANSFER" in transferred
    assert "TRANSFER" not in _codes("COE", "RESEARCHER", "CAT3", activity="N1")


def test_designated_activities_have_their_own_documents() -> None:
    assert {"JP_DEGREE", "JP_N1", "CAREER"} <= _codes("CHANGE", "DESIGNATED", "CAT3", activity="N6")
    assert {"REL_PROOF", "SUPPORTER_DESIGNATION"} <= _codes("EXTEND", "DESIGNATED", None, activity="R3")
    assert {"JOB_HUNTING", "SCHOOL_RECOMMENDATION"} <= _codes("EXTEND", "DESIGNATED", None, activity="78")
    assert "JOB_HUNTING" not in _codes("EXTEND", "DESIGNATED", None, activity="71")


def test_conditional_documents_say_when() -> None:
    asked = _codes("CHANGE", "ENG_HUM_INT", "CAT2", need="conditional")
    assert {"SENMONSHI", "DISPATCH", "OMIT_EXPL"} <= asked
    assert "LANG_B2" not in asked
    for procedure, status in product(MAIN, ("ENG_HUM_INT", "SSW1", "STUDENT", "LTR")):
        for document in required_documents(procedure, status, "CAT3", TODAY):
            assert (document.need == "conditional") == (document.condition is not None)
    dispatch = next(d for d in required_documents("COE", "ENG_HUM_INT", "CAT1", TODAY) if d.code == "DISPATCH")
    assert dispatch.condition_code == "dispatched"
    assert dispatch.condition == CONDITIONS["dispatched"]


def test_new_documents_are_asked_from_their_day_on() -> None:
    before, since = date(2026, 4, 14), date(2026, 4, 15)
    for status in ("ENG_HUM_INT", "ICT"):
        added = _codes("EXTEND", status, "CAT3", since) - _codes("EXTEND", status, "CAT3", before)
        assert added == {"REP_DECL"}
    assert "OMIT_EXPL" not in _codes("CHANGE", "ENG_HUM_INT", "CAT2", date(2025, 11, 30), "conditional")


def test_where_sources_disagree_the_row_asks_to_be_verified() -> None:
    documents = {d.code: d for d in required_documents("EXTEND", "ENG_HUM_INT", "CAT3", TODAY)}
    assert documents["REGISTRY"].verify
    assert not documents["ACTIVITY"].verify
    assert "FINANCIAL" not in documents


def test_an_envelope_is_asked_only_on_paper() -> None:
    online = {d.code for d in required_documents("COE", "ENG_HUM_INT", "CAT1", TODAY)}
    paper = {d.code for d in required_documents("COE", "ENG_HUM_INT", "CAT1", TODAY, channel="counter")}
    assert paper - online == {"RETURN_ENV", "INTERMED_ID"}


@given(
    procedure=st.sampled_from(["COE", "CHANGE", "EXTEND"]),
    status=st.sampled_from(["ENG_HUM_INT", "RESEARCHER", "ICT", "SKILLED"]),
    day=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_a_better_category_is_never_asked_for_more(procedure: str, status: str, day: date) -> None:
    asked = [_codes(procedure, status, category, day) - {"CAT_PROOF"} for category in Category]
    assert asked[0] <= asked[1] <= asked[2] <= asked[3]


@given(
    procedure=st.sampled_from(list(Procedure)),
    status=st.sampled_from([row.code for row in STATUSES.rows]),
    group=st.none() | st.sampled_from([option for row in DOCUMENT_GROUPS.rows for option in row.options]),
    activity=st.none() | st.sampled_from([row.code for row in ACTIVITIES.rows]),
    day=st.dates(date(2019, 7, 25), date(2035, 1, 1)),
)
def test_no_document_is_named_twice(
    procedure: str, status: str, group: str | None, activity: str | None, day: date
) -> None:
    codes = [document.code for document in required_documents(procedure, status, group, day, activity=activity)]
    assert len(codes) == len(set(codes))


LIST = {"source": "sample", "statuses": ["ENG_HUM_INT"], "columns": ["COE", "EXTEND"]}


def _read(*rows: list[object]) -> list[Requirement]:
    return list(read_list(LIST | {"rows": list(rows)}))


def test_a_cell_stands_for_all_groups_or_for_each() -> None:
    whole, each = _read(["RESUME", "R", "-"]), _read(["RESUME", "--Rc", "-", "dispatched"])
    assert [(row.group, row.need) for row in whole] == [("", Need.REQUIRED)]
    assert [(row.group, row.need, row.condition) for row in each] == [
        ("CAT3", Need.REQUIRED, ""),
        ("CAT4", Need.CONDITIONAL, "dispatched"),
    ]


def test_a_document_ends_from_a_day_on_with_one_row() -> None:
    ended = _read(["RESUME", "x", "-", {"from": date(2030, 1, 1)}])
    assert [(row.need, row.valid_from) for row in ended] == [(Need.NOT_ASKED, date(2030, 1, 1))]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["RESUME", "RR", "-"], "RESUME: 'RR' has not one cell for each of CAT1, CAT2, CAT3, CAT4"),
        (["RESUME", "c", "-"], "RESUME: a conditional document has a condition"),
        (["RESUME", "R", "-", "dispatched"], "RESUME: a conditional document has a condition"),
        (["RESUME", "?", "-"], "is not a valid Need"),
        (["RESUME", "R"], "zip"),
    ],
)
def test_a_row_that_does_not_fit_its_list_is_refused(row: list[object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _read(row)
