"""Statuses of residence (在留資格), their periods of stay, and which of them can be handled online."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from shared.errors import Text
from shared.reference.activities import ACTIVITIES, SECTIONED, Activity
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, NotInRules, Table
from shared.reference.exclusions import exclusion
from shared.reference.procedures import is_online

START = date(2019, 7, 25)
FAMILY_START = date(2022, 3, 16)
ESD_START = date(2027, 4, 1)
WORK_ANNEXES = frozenset({"1-1", "1-2", "1-5", "2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Dated):
    """A status of residence. `annex` is the table of the Act.

    `section` is its form section (区分), empty where there is none, or where the activity decides it (`section_of`).
    `online_from` is the first day on which it can be handled online; None for never.
    """

    code: str
    name: Text
    annex: str
    section: str
    online_from: date | None


def _status(
    code: str, name: Text, annex: str, section: str, online_from: date | None = START, verify: bool = False
) -> Status:
    return Status(
        code=code,
        name=name,
        annex=annex,
        section=section,
        online_from=online_from,
        verify=verify,
        valid_from=ESD_START if online_from == ESD_START else None,
        source="Form section not published; taken as that of the status it resembles"
        if verify
        else "Immigration Control Act, annexed tables; form sections of the ISA bulk tools",
    )


STATUSES = Table(
    "statuses",
    lambda row: row.code,
    [
        _status("DIPLOMAT", Text("外交", "Diplomat"), "1-1", "", None),
        _status("OFFICIAL", Text("公用", "Official"), "1-1", "U"),
        _status("PROFESSOR", Text("教授", "Professor"), "1-1", "I"),
        _status("ARTIST", Text("芸術", "Artist"), "1-1", "J"),
        _status("RELIGIOUS", Text("宗教", "Religious Activities"), "1-1", "K"),
        _status("JOURNALIST", Text("報道", "Journalist"), "1-1", "L"),
        _status("HSP1_A", Text("高度専門職１号イ", "Highly Skilled Professional (i)(a)"), "1-2", ""),
        _status("HSP1_B", Text("高度専門職１号ロ", "Highly Skilled Professional (i)(b)"), "1-2", ""),
        _status("HSP1_C", Text("高度専門職１号ハ", "Highly Skilled Professional (i)(c)"), "1-2", ""),
        _status("HSP2", Text("高度専門職２号", "Highly Skilled Professional (ii)"), "1-2", ""),
        _status("BUS_MGR", Text("経営・管理", "Business Manager"), "1-2", "M"),
        _status("LEGAL_ACCT", Text("法律・会計業務", "Legal/Accounting Services"), "1-2", "U"),
        _status("MEDICAL", Text("医療", "Medical Services"), "1-2", "U"),
        _status("RESEARCHER", Text("研究", "Researcher"), "1-2", ""),
        _status("INSTRUCTOR", Text("教育", "Instructor"), "1-2", "I"),
        _status(
            "ENG_HUM_INT",
            Text("技術・人文知識・国際業務", "Engineer / Specialist in Humanities / International Services"),
            "1-2",
            "N",
        ),
        _status("ICT", Text("企業内転勤", "Intra-company Transferee"), "1-2", "L"),
        _status("NURSING", Text("介護", "Nursing Care"), "1-2", "N"),
        _status("ENTERTAINER", Text("興行", "Entertainer"), "1-2", "O"),
        _status("SKILLED", Text("技能", "Skilled Labor"), "1-2", "N"),
        _status("SSW1", Text("特定技能１号", "Specified Skilled Worker (i)"), "1-2", "V"),
        _status("SSW2", Text("特定技能２号", "Specified Skilled Worker (ii)"), "1-2", "V"),
        _status("TITP1_A", Text("技能実習１号イ", "Technical Intern Training (i)(a)"), "1-2", "Y"),
        _status("TITP1_B", Text("技能実習１号ロ", "Technical Intern Training (i)(b)"), "1-2", "Y"),
        _status("TITP2_A", Text("技能実習２号イ", "Technical Intern Training (ii)(a)"), "1-2", "Y"),
        _status("TITP2_B", Text("技能実習２号ロ", "Technical Intern Training (ii)(b)"), "1-2", "Y"),
        _status("TITP3_A", Text("技能実習３号イ", "Technical Intern Training (iii)(a)"), "1-2", "Y"),
        _status("TITP3_B", Text("技能実習３号ロ", "Technical Intern Training (iii)(b)"), "1-2", "Y"),
        _status("ESD", Text("育成就労", "Employment for Skill Development"), "1-2", "Y", ESD_START, verify=True),
        _status("ICT2", Text("企業内転勤２号", "Intra-company Transferee (ii)"), "1-2", "L", ESD_START, verify=True),
        _status("CULTURAL", Text("文化活動", "Cultural Activities"), "1-3", "J"),
        _status("TEMP_VISITOR", Text("短期滞在", "Temporary Visitor"), "1-3", "", None),
        _status("STUDENT", Text("留学", "Student"), "1-4", "P"),
        _status("TRAINEE", Text("研修", "Trainee"), "1-4", "Q"),
        _status("DEPENDENT", Text("家族滞在", "Dependent"), "1-4", "R"),
        _status("DESIGNATED", Text("特定活動", "Designated Activities"), "1-5", ""),
        _status("PR", Text("永住者", "Permanent Resident"), "2", "", None),
        _status("SPOUSE_JP", Text("日本人の配偶者等", "Spouse or Child of Japanese National"), "2", "T", FAMILY_START),
        _status("SPOUSE_PR", Text("永住者の配偶者等", "Spouse or Child of Permanent Resident"), "2", "T", FAMILY_START),
        _status("LTR", Text("定住者", "Long-Term Resident"), "2", "T", FAMILY_START),
    ],
)


def status(code: str, day: date) -> Status:
    """The status of residence as of `day`; raises `NotInRules`."""
    return STATUSES.get(day, code)


@lru_cache(maxsize=1024)
def activities(status: str, procedure: str, day: date) -> tuple[Activity, ...]:
    """The activities of which one has to be named with this status; empty where the status alone decides the form."""
    rows = ACTIVITIES.on(day)
    return tuple(row for row in rows if row.status == status and procedure in row.procedures)


def section_of(procedure: str, code: str, activity: str | None, day: date) -> str:
    """The form section (区分) in which `procedure` is filed for the status `code`; "" for procedures without sections.

    Raises `NotInRules` where the procedure is not offered for the status, or where the activity is missing or unknown.
    """
    row = status(code, day)
    if procedure not in SECTIONED:
        return ""
    choices = {each.code: each for each in activities(code, procedure, day)}
    if activity in choices:
        return choices[activity].section
    if choices:
        raise NotInRules(f"{code} needs one of the activities {', '.join(choices)}, not {activity}")
    if not row.section or exclusion(code, procedure, day) is not None:
        raise NotInRules(f"{procedure} has no form for {code} on {day}")
    return row.section


@lru_cache(maxsize=4096)
def may_be_filed_online(
    code: str,
    procedure: str,
    day: date,
    *,
    activity: str | None = None,
    present_status: str | None = None,
    designation: str | None = None,
    together_with: str | None = None,
) -> bool:
    """Whether `procedure` for the (wanted) status `code` and `activity` can be filed online on `day`.

    `present_status` and `designation` are what the person holds now. REENTRY and EXTRA_ACT only `together_with` a main
    procedure. What `exclusions` name is never online. Unknown codes raise `NotInRules`.
    """
    row = status(code, day)
    if not is_online(procedure, day, together_with=together_with):
        return False
    if row.online_from is None or day < row.online_from:
        return False
    if exclusion(code, procedure, day, activity=activity, present_status=present_status, present_activity=designation):
        return False
    if procedure == Procedure.WORKCERT:
        return row.annex in WORK_ANNEXES
    offered = {each.code for each in activities(code, procedure, day)}
    return activity is None or not offered or activity in offered


def filed_online(procedure: str, day: date) -> tuple[str, ...]:
    """The statuses for which `procedure` can be filed online on `day`, in the order of the table."""
    return tuple(row.code for row in STATUSES.on(day) if may_be_filed_online(row.code, procedure, day))
