"""Activities (活動): the second answer by which some statuses of residence find their form section.

高度専門職 is asked for its main activity (主たる活動内容), 研究 whether the person is transferred, and 特定活動 for
what is designated. Codes are those of the official bulk tools: purposes of entry (`N2`), and of section U (`71`).
"""

from dataclasses import dataclass

from shared.errors import Text
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table

COE, CHANGE, EXTEND = Procedure.COE, Procedure.CHANGE, Procedure.EXTEND
SECTIONED = (COE, CHANGE, EXTEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Dated):
    """One activity of a status, and the form section (区分) in which `procedures` are filed for it.

    `notices`: the numbers of the public notice on 特定活動 under which it falls. `resembles`: the status whose list of
    documents and periods of stay it shares.
    """

    status: str
    code: str
    name: Text
    section: str
    procedures: tuple[Procedure, ...] = SECTIONED
    notices: tuple[str, ...] = ()
    resembles: str = ""


_TOOL = "ISA bulk tools, COE and CHANGE 2026-04-01, EXTEND 2026-02-27"
_HSP = {
    "I1": ("I", Text("教授", "Professor")),
    "I2": ("I", Text("教育", "Instructor")),
    "J1": ("J", Text("芸術", "Artist")),
    "K1": ("K", Text("宗教", "Religious Activities")),
    "L1": ("L", Text("報道", "Journalist")),
    "L2": ("L", Text("企業内転勤", "Intra-company Transferee")),
    "L3": ("L", Text("研究（転勤）", "Researcher (transferee)")),
    "M1": ("M", Text("経営・管理", "Business Manager")),
    "N1": ("N", Text("研究", "Researcher")),
    "N2": ("N", Text("技術・人文知識・国際業務", "Engineer / Specialist in Humanities / International Services")),
    "N3": ("N", Text("介護", "Nursing Care")),
    "N4": ("N", Text("技能", "Skilled Labor")),
    "O1": ("O", Text("興行", "Entertainer")),
    "U1": ("U", Text("法律・会計業務", "Legal/Accounting Services")),
    "U2": ("U", Text("医療", "Medical Services")),
}
_RESEMBLES = {
    "I1": "PROFESSOR",
    "I2": "INSTRUCTOR",
    "J1": "ARTIST",
    "K1": "RELIGIOUS",
    "L1": "JOURNALIST",
    "L2": "ICT",
    "L3": "RESEARCHER",
    "M1": "BUS_MGR",
    "N1": "RESEARCHER",
    "N2": "ENG_HUM_INT",
    "N3": "NURSING",
    "N4": "SKILLED",
    "O1": "ENTERTAINER",
    "U1": "LEGAL_ACCT",
    "U2": "MEDICAL",
    "N5": "RESEARCHER",
    "N6": "ENG_HUM_INT",
    "R2": "DEPENDENT",
    "R3": "DEPENDENT",
    "EPA_FAMILY": "DEPENDENT",
}
_HSP_STATUSES = {"HSP1_A": SECTIONED, "HSP1_B": SECTIONED, "HSP1_C": SECTIONED, "HSP2": (CHANGE,)}
_RESEARCHER = {
    "N1": ("N", Text("研究", "Researcher")),
    "L3": ("L", Text("研究（転勤）", "Researcher (transferee)")),
}
# Activities of sections N and R, then those of section U in the order of the tools.
_DESIGNATED: dict[str, tuple[str, Text]] = {
    "N5": ("N", Text("特定研究等活動、特定情報処理活動（告示36号、37号）", "Designated researcher or IT engineer")),
    "N6": ("N", Text("本邦大学卒業者（告示46号）", "Graduate of a university in Japan")),
    "R2": (
        "R",
        Text("特定研究等活動・特定情報処理活動の家族（告示38号）", "Family of designated researchers or IT engineers"),
    ),
    "R3": ("R", Text("本邦大学卒業者の家族（告示47号）", "Family of a graduate of a university in Japan")),
    "EPA_FAMILY": ("R", Text("ＥＰＡ看護師・介護福祉士の家族", "Family of a nurse or careworker under an EPA")),
    "09": ("U", Text("家事使用人", "Housekeeper")),
    "63": ("U", Text("台湾日本関係協会職員", "Staff of the Taiwan-Japan Relations Association")),
    "64": ("U", Text("台湾日本関係協会職員の家族", "Family of staff of the Taiwan-Japan Relations Association")),
    "65": ("U", Text("駐日パレスチナ総代表部職員", "Staff of the Permanent General Mission of Palestine")),
    "66": (
        "U",
        Text("駐日パレスチナ総代表部職員の家族", "Family of staff of the Permanent General Mission of Palestine"),
    ),
    "11": ("U", Text("アマチュアスポーツ選手", "Amateur athlete")),
    "67": ("U", Text("アマチュアスポーツ選手の配偶者又は子", "Spouse or child of an amateur athlete")),
    "68": ("U", Text("国際仲裁代理", "Representation in international arbitration")),
    "13": ("U", Text("インターンシップ", "Internship")),
    "69": ("U", Text("英国人ボランティア", "British volunteer")),
    "47": ("U", Text("サマージョブ", "Summer job")),
    "48": ("U", Text("国際文化交流", "International cultural exchange")),
    "51": ("U", Text("ＥＰＡ看護師候補者", "Nurse candidate under an EPA")),
    "52": ("U", Text("ＥＰＡ介護福祉士候補者", "Careworker candidate under an EPA")),
    "53": ("U", Text("ＥＰＡ就学介護福祉士候補者", "Careworker candidate under an EPA who attends school")),
    "49": ("U", Text("ＥＰＡ看護師", "Nurse under an EPA")),
    "50": ("U", Text("ＥＰＡ介護福祉士", "Careworker under an EPA")),
    "70": ("U", Text("高度専門職外国人又はその配偶者の親", "Parent of a highly skilled professional or of the spouse")),
    "56": ("U", Text("製造業外国従業員", "Foreign employee in the programme for manufacturing")),
    "14": ("U", Text("日系四世", "Fourth-generation descendant of Japanese")),
    "71": ("U", Text("外国人起業家", "Foreign entrepreneur")),
    "72": ("U", Text("外国人起業家の配偶者又は子", "Spouse or child of a foreign entrepreneur")),
    "73": ("U", Text("スキーインストラクター", "Ski instructor")),
    "74": ("U", Text("未来創造人材", "Graduate of a leading university (J-Find)")),
    "75": ("U", Text("未来創造人材の配偶者又は子", "Spouse or child of a J-Find holder")),
    "57": ("U", Text("家事支援者（国家戦略特区）", "Domestic worker (National Strategic Special Zone)")),
    "58": ("U", Text("耕種農業支援者（国家戦略特区）", "Crop farming worker (National Strategic Special Zone)")),
    "59": ("U", Text("畜産農業支援者（国家戦略特区）", "Livestock farming worker (National Strategic Special Zone)")),
    "76": ("U", Text("「特定技能１号」への移行準備", "Preparation for Specified Skilled Worker (i)")),
    "77": (
        "U",
        Text("「家族滞在」から高等学校卒業後に就労を希望する者", "Dependent who will work after senior high school"),
    ),
    "78": ("U", Text("継続就職活動", "Search for work after graduation")),
    "79": ("U", Text("継続就職活動の配偶者又は子", "Spouse or child of somebody who searches for work")),
    "80": ("U", Text("内定から採用までの滞在", "Stay until the first day of a job that was offered")),
    "81": ("U", Text("内定から採用まで滞在する者の配偶者又は子", "Spouse or child of somebody with a job offer")),
    "82": ("U", Text("本邦の大学等を卒業して起業する者", "Graduate who starts a business")),
    "83": (
        "U",
        Text("本邦の大学等を卒業して起業する者の配偶者又は子", "Spouse or child of a graduate who starts a business"),
    ),
}
# Where the tools of the three procedures differ.
_NOT_COE = frozenset({"49", "50", "51", "52", "53", "76", "77", "78", "79"})
_CHANGE_ONLY = frozenset({"80", "81", "82", "83"})
_NOT_EXTEND = frozenset({"47", "48", "69"})
_NOTICES: dict[str, tuple[str, ...]] = {
    "N5": ("36", "37"),
    "N6": ("46",),
    "R2": ("38",),
    "R3": ("47",),
    "EPA_FAMILY": ("18", "19", "23", "24", "30", "31"),
    "09": ("1", "2", "2の2"),
    "63": ("3",),
    "64": ("3",),
    "65": ("4",),
    "66": ("4",),
    "11": ("6",),
    "67": ("7",),
    "68": ("8",),
    "13": ("9",),
    "69": ("10",),
    "47": ("12",),
    "48": ("15",),
    "70": ("34",),
    "56": ("42",),
    "14": ("43",),
    "71": ("44",),
    "72": ("45",),
    "73": ("50",),
    "74": ("51",),
    "75": ("52",),
}


def _procedures(code: str) -> tuple[Procedure, ...]:
    if code in _CHANGE_ONLY:
        return (CHANGE,)
    if code in _NOT_COE:
        return (CHANGE, EXTEND)
    return (COE, CHANGE) if code in _NOT_EXTEND else SECTIONED


ACTIVITIES = Table(
    "activities",
    lambda row: (row.status, row.code),
    [
        *(
            Activity(
                status=status,
                code=code,
                name=name,
                section=section,
                procedures=offered,
                resembles=_RESEMBLES[code],
                source=_TOOL,
            )
            for status, offered in _HSP_STATUSES.items()
            for code, (section, name) in _HSP.items()
        ),
        *(
            Activity(status="RESEARCHER", code=code, name=name, section=section, source=_TOOL)
            for code, (section, name) in _RESEARCHER.items()
        ),
        *(
            Activity(
                status="DESIGNATED",
                code=code,
                name=name,
                section=section,
                procedures=_procedures(code),
                notices=_NOTICES.get(code, ()),
                resembles=_RESEMBLES.get(code, ""),
                source=f"{_TOOL}; number of the notice generally known" if code in _NOTICES else _TOOL,
                verify=code in _NOTICES,
            )
            for code, (section, name) in _DESIGNATED.items()
        ),
    ],
)
