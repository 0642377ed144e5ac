"""Questions about the designated activities (特定活動), and the main activities of highly skilled professionals.

Their choices are the activities of the reference data, with the same codes.
"""

from shared.errors import Text
from shared.reference.activities import ACTIVITIES
from shared.reference.guide.question import Choice, Question


def _activity(status: str, code: str) -> Choice:
    name = next(row.name for row in ACTIVITIES.rows if (row.status, row.code) == (status, code))
    return Choice(
        code, name, activity=code, why=Text("活動は「{name}」です。", "The activity: {name}.").with_values(name=name)
    )


def _designated(codes: str) -> tuple[Choice, ...]:
    return tuple(_activity("DESIGNATED", code) for code in codes.split())


_WHICH = Text("どの活動ですか。", "Which activity is it?")
DESIGNATED = (
    Question(
        "designated",
        Text("どのような活動ですか。", "What kind of activity is it?"),
        (
            Choice("work", Text("仕事", "Work"), "designated_work"),
            Choice(
                "care",
                Text("ＥＰＡの看護師、介護福祉士とその候補者", "Nurse or care worker under an EPA"),
                "designated_care",
            ),
            Choice(
                "young",
                Text("インターンシップ、交流、ボランティア", "Internship, exchange, volunteering"),
                "designated_young",
            ),
            Choice(
                "start",
                Text("就職活動、起業、次の在留資格の準備", "Job search, start of a business, preparation"),
                "designated_start",
            ),
            Choice("family", Text("家族として暮らす", "Live as family"), "designated_family"),
        ),
        about_activity=True,
    ),
    Question("designated_work", _WHICH, _designated("N6 N5 09 63 65 11 68 73 56 57 58 59"), about_activity=True),
    Question("designated_care", _WHICH, _designated("49 50 51 52 53"), about_activity=True),
    Question("designated_young", _WHICH, _designated("13 47 48 69 14"), about_activity=True),
    Question("designated_start", _WHICH, _designated("78 80 74 71 82 76 77"), about_activity=True),
    Question(
        "designated_family", _WHICH, _designated("R2 R3 EPA_FAMILY 70 64 66 67 72 75 79 81 83"), about_activity=True
    ),
    Question(
        "points_activity",
        Text(
            "主な活動は、どの在留資格の仕事に当たりますか。",
            "Which status of residence would the main activity belong to otherwise?",
        ),
        tuple(_activity("HSP1_A", row.code) for row in ACTIVITIES.rows if row.status == "HSP1_A"),
        about_activity=True,
    ),
)
