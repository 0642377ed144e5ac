"""Statuses of residence: activities, form sections, and what is excluded."""

from datetime import date

import pytest

from shared.reference.activities import ACTIVITIES
from shared.reference.codes import Procedure
from shared.reference.dated import NotInRules
from shared.reference.exclusions import EXCLUSIONS, exclusion
from shared.reference.statuses import STATUSES, activities, may_be_filed_online, section_of

TODAY = date(2026, 11, 29)
SECTIONED = ("COE", "CHANGE", "EXTEND")
# The table of application types of the bulk tools (EXTEND); statuses with an activity are below.
SECTIONS = {
    "I": "PROFESSOR INSTRUCTOR",
    "J": "ARTIST CULTURAL",
    "K": "RELIGIOUS",
    "L": "JOURNALIST ICT",
    "M": "BUS_MGR",
    "N": "ENG_HUM_INT SKILLED NURSING",
    "O": "ENTERTAINER",
    "P": "STUDENT",
    "Q": "TRAINEE",
    "R": "DEPENDENT",
    "T": "SPOUSE_JP SPOUSE_PR LTR",
    "U": "MEDICAL OFFICIAL LEGAL_ACCT",
    "V": "SSW1 SSW2",
    "Y": "TITP1_A TITP1_B TITP2_A TITP2_B TITP3_A TITP3_B",
}
WITH_ACTIVITY = {"HSP1_A", "HSP1_B", "HSP1_C", "HSP2", "RESEARCHER", "DESIGNATED"}


@pytest.mark.parametrize(("section", "codes"), SECTIONS.items())
def test_a_status_has_its_section_in_every_procedure_with_sections(section: str, codes: str) -> None:
    for code in codes.split():
        for procedure in SECTIONED:
            if (code, procedure) != ("TRAINEE", "CHANGE"):
                assert section_of(procedure, code, None, TODAY) == section
        for procedure in ("ACQUIRE", "WORKCERT", "REENTRY", "EXTRA_ACT"):
            assert section_of(procedure, code, None, TODAY) == ""


def test_every_status_that_is_online_has_a_section_or_activities() -> None:
    listed = {code for codes in SECTIONS.values() for code in codes.split()} | WITH_ACTIVITY
    online = {row.code for row in STATUSES.on(TODAY) if row.online_from is not None}
    assert listed == online
    for code in online:
        for procedure in SECTIONED:
            offered = may_be_filed_online(code, procedure, TODAY)
            choices: list[str | None] = [row.code for row in activities(code, procedure, TODAY)]
            if code in WITH_ACTIVITY:
                assert bool(choices) is offered, (code, procedure)
            for choice in choices or ([None] if offered else []):
                assert section_of(procedure, code, choice, TODAY)


@pytest.mark.parametrize(
    ("procedure", "status", "activity", "section"),
    [
        ("COE", "HSP1_A", "I1", "I"),
        ("CHANGE", "HSP1_B", "N2", "N"),
        ("EXTEND", "HSP1_C", "M1", "M"),
        ("EXTEND", "HSP1_C", "U1", "U"),
        ("CHANGE", "HSP2", "L2", "L"),
        ("COE", "RESEARCHER", "N1", "N"),
        ("COE", "RESEARCHER", "L3", "L"),
        ("EXTEND", "DESIGNATED", "N6", "N"),
        ("EXTEND", "DESIGNATED", "R2", "R"),
        ("CHANGE", "DESIGNATED", "EPA_FAMILY", "R"),
        ("EXTEND", "DESIGNATED", "78", "U"),
        ("WORKCERT", "HSP1_A", None, ""),
    ],
)
def test_the_activity_decides_the_section(procedure: str, status: str, activity: str | None, section: str) -> None:
    assert section_of(procedure, status, activity, TODAY) == section


@pytest.mark.parametrize(
    ("procedure", "status", "activity"),
    [
        ("COE", "HSP1_A", None),
        ("COE", "HSP1_A", "X9"),
        ("EXTEND", "HSP2", "N2"),
        ("COE", "DESIGNATED", "78"),
        ("EXTEND", "DESIGNATED", "80"),
        ("EXTEND", "DESIGNATED", "DEPARTURE"),
        ("CHANGE", "TRAINEE", None),
        ("EXTEND", "DIPLOMAT", None),
        ("EXTEND", "TEMP_VISITOR", None),
    ],
)
def test_where_there_is_no_form_none_is_found(procedure: str, status: str, activity: str | None) -> None:
    with pytest.raises(NotInRules):
        section_of(procedure, status, activity, TODAY)


def test_an_activity_is_named_by_its_choices() -> None:
    with pytest.raises(NotInRules, match="RESEARCHER needs one of the activities N1, L3, not None"):
        section_of("EXTEND", "RESEARCHER", None, TODAY)


def test_designated_activities_are_those_of_each_tool() -> None:
    offered = {procedure: {row.code for row in activities("DESIGNATED", procedure, TODAY)} for procedure in SECTIONED}
    assert len(offered["CHANGE"]) == 41
    assert offered["CHANGE"] - offered["EXTEND"] == {"47", "48", "69", "80", "81", "82", "83"}
    assert offered["CHANGE"] - offered["COE"] == {str(code) for code in (*range(49, 54), *range(76, 84))}
    assert not may_be_filed_online("DESIGNATED", "COE", TODAY, activity="78")
    assert may_be_filed_online("DESIGNATED", "COE", TODAY, activity="71")


def test_every_activity_belongs_to_a_status_without_a_section_of_its_own() -> None:
    own = {row.code: row.section for row in STATUSES.rows}
    assert {row.status for row in ACTIVITIES.rows} == WITH_ACTIVITY
    assert {own[row.status] for row in ACTIVITIES.rows} == {""}
    for row in ACTIVITIES.rows:
        assert row.procedures
        assert row.name.ja
        assert row.name.en


@pytest.mark.parametrize("procedure", [p for p in Procedure if p not in ("PR", "REENTRY", "EXTRA_ACT")])
def test_nobody_who_holds_or_wants_an_excluded_status_files_online(procedure: Procedure) -> None:
    for excluded in ("DIPLOMAT", "TEMP_VISITOR"):
        assert not may_be_filed_online(excluded, procedure, TODAY)
        assert not may_be_filed_online("ENG_HUM_INT", procedure, TODAY, present_status=excluded)
    assert not may_be_filed_online("DESIGNATED", procedure, TODAY, activity="DEPARTURE")
    held = {"present_status": "DESIGNATED", "designation": "DEPARTURE"}
    assert not may_be_filed_online("ENG_HUM_INT", procedure, TODAY, **held)
    assert may_be_filed_online("ENG_HUM_INT", procedure, TODAY, present_status="DESIGNATED")


def test_an_exclusion_says_why_and_what_to_do() -> None:
    found = exclusion("ENG_HUM_INT", "CHANGE", TODAY, present_status="TEMP_VISITOR")
    assert found is not None
    assert "短期滞在" in found.reason.ja
    assert exclusion("TRAINEE", "EXTEND", TODAY) is None
    assert exclusion("HSP2", "WORKCERT", TODAY) is None
    for row in EXCLUSIONS.rows:
        assert row.reason.ja.endswith("。")
        assert row.reason.en.endswith(".")
